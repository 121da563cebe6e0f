//! [`Words`]: the sentences of one language, from `locales/*.ftl`.
//!
//! Read once, by Project Fluent's own crate. A test holds the eight files
//! together, so that a sentence missing in one cannot be released; should one
//! be missing all the same, the English one is shown.

use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

use super::Language;

/// Stands for a value until a sentence is cut around it; never in a file.
const CUT: &str = "\u{e000}";

/// The sentences of one language.
pub struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

static ALL: LazyLock<[Words; 8]> = LazyLock::new(|| Language::ALL.map(Words::read));

pub(super) fn of(language: Language) -> &'static Words {
    &ALL[language as usize]
}

/// What a translator wrote.
fn file(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("../../../locales/en.ftl"),
        Language::German => include_str!("../../../locales/de.ftl"),
        Language::Spanish => include_str!("../../../locales/es.ftl"),
        Language::French => include_str!("../../../locales/fr.ftl"),
        Language::Portuguese => include_str!("../../../locales/pt.ftl"),
        Language::Japanese => include_str!("../../../locales/ja.ftl"),
        Language::Chinese => include_str!("../../../locales/zh.ftl"),
        Language::Arabic => include_str!("../../../locales/ar.ftl"),
    }
}

impl Words {
    fn read(language: Language) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![language.identifier()]);
        // Where the text runs from the right, a value from the left is set apart.
        bundle.set_use_isolating(language.is_right_to_left());
        // What can be read of a file with a mistake is used; the tests find the mistake.
        let resource = FluentResource::try_new(file(language).to_owned());
        bundle.add_resource_overriding(resource.unwrap_or_else(|(readable, _)| readable));
        Self { language, bundle }
    }

    /// The language they are in.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The sentence called `key`.
    pub fn say(&self, key: &str) -> String {
        self.fill(key, &FluentArgs::new())
    }

    /// The sentence called `key` with `value` in the place of its `$name`.
    pub fn say_with(&self, key: &str, name: &str, value: &str) -> String {
        let mut args = FluentArgs::new();
        args.set(name, value);
        self.fill(key, &args)
    }

    /// What stands before and after `$name` in the sentence called `key`, for
    /// a template that puts an element there.
    pub fn around(&self, key: &str, name: &str) -> (String, String) {
        let sentence = self.say_with(key, name, CUT);
        match sentence.split_once(CUT) {
            Some((before, after)) => (before.to_owned(), after.to_owned()),
            None => (sentence, String::new()),
        }
    }

    pub(super) fn fill(&self, key: &str, args: &FluentArgs<'_>) -> String {
        self.find(key, args)
            .or_else(|| of(Language::English).find(key, args))
            .unwrap_or_else(|| key.to_owned())
    }

    fn find(&self, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let sentence = self
            .bundle
            .format_pattern(pattern, Some(args), &mut errors)
            .into_owned();
        errors.is_empty().then_some(sentence)
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({})", self.language.code())
    }
}

/// English, for tests and as the plainest start.
impl Default for &Words {
    fn default() -> Self {
        of(Language::English)
    }
}

#[cfg(test)]
mod tests;
