//! [`Catalog`]: the sentences of one language, from `locales/*.ftl`, and
//! [`Sentence`]: one of them with its facts, before a language is chosen.
//!
//! Read once, by Project Fluent's own crate. A test compares the files, so a
//! sentence missing in one cannot be released; the fallback is English.

use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::{Language, numbers};
use crate::money::Money;

/// Stands for a value until a sentence is cut around it; never in a file.
const CUT: &str = "\u{e000}";

/// The sentences of one language.
pub struct Catalog {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

static ALL: LazyLock<Vec<Catalog>> =
    LazyLock::new(|| Language::ALL.iter().copied().map(Catalog::read).collect());

pub(super) fn of(language: Language) -> &'static Catalog {
    &ALL[language as usize]
}

impl Catalog {
    fn read(language: Language) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![language.identifier()]);
        // Where the text runs from the right, a value from the left is set apart.
        bundle.set_use_isolating(language.is_right_to_left());
        // What can be read of a file with a mistake is used; the tests find the mistake.
        let resource = FluentResource::try_new(language.row().file.to_owned());
        bundle.add_resource_overriding(resource.unwrap_or_else(|(readable, _)| readable));
        Self { language, bundle }
    }

    /// The language of its sentences.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The sentence called `key`.
    pub fn say(&self, key: &str) -> String {
        self.fill(key, &FluentArgs::new())
    }

    /// The sentence called `key` with `value` for its `$name`.
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

impl fmt::Debug for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Catalog({})", self.language.code())
    }
}

/// English, for tests and as the plainest start.
impl Default for &Catalog {
    fn default() -> Self {
        of(Language::English)
    }
}

/// A sentence by its key in `locales/*.ftl`, and what is filled in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sentence {
    key: &'static str,
    facts: Vec<(&'static str, Fact)>,
}

/// What fills a place in a sentence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fact {
    /// Counts in the language's own plural.
    Count(u64),
    Money(Money),
    /// Shown as it is: a code or a name.
    Text(String),
}

impl Sentence {
    pub fn new(key: &'static str) -> Self {
        Self {
            key,
            facts: Vec::new(),
        }
    }

    /// Fills the place `$name`.
    pub fn with(mut self, name: &'static str, fact: Fact) -> Self {
        self.facts.push((name, fact));
        self
    }

    /// The sentence in the language of `catalog`.
    pub fn say(&self, catalog: &Catalog) -> String {
        let mut args = FluentArgs::new();
        for (name, fact) in &self.facts {
            args.set(*name, value(fact, catalog));
        }
        catalog.fill(self.key, &args)
    }
}

fn value(fact: &Fact, catalog: &Catalog) -> FluentValue<'static> {
    match fact {
        Fact::Count(number) => FluentValue::from(*number),
        Fact::Money(money) => numbers::money(catalog.language(), *money).into(),
        Fact::Text(text) => text.clone().into(),
    }
}

#[cfg(test)]
mod tests;
