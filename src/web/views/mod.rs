//! The pages as data: what each template needs, and nothing else.
//!
//! These structs are plain strings and numbers, already formatted by their caller; askama turns
//! them into HTML and escapes all of it. This module must never read the ledger, the
//! configuration or a request, and no template may switch escaping off.
//! Addresses in here come from the operator or a checked provider, never from a visitor.

mod page;
mod thanks;

use askama::Template;

use crate::language::{Catalog, Language};
use crate::supporter::Visibility;

pub(crate) use self::page::{Page, Preset, Problem, ProviderChoice, Typed};
pub(crate) use self::thanks::Thanks;

/// What surrounds every page: head, notice and foot.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chrome {
    /// What the page says, in its language.
    pub(crate) words: &'static Catalog,
    /// Where the form is, in the same language.
    pub(crate) home: String,
    /// What the menu of languages leads to: this address, without a query.
    pub(crate) here: String,
    /// Path before every link: `""` or such as `"/tips"`, without a final slash.
    pub(crate) prefix: String,
    /// What links add to stay in the language: `"?lang=ja"`, or nothing.
    pub(crate) query: String,
    /// Address of the style sheet, from [`super::assets::Assets::url`]; likewise the next three.
    pub(crate) css: String,
    pub(crate) js: String,
    pub(crate) icon: String,
    pub(crate) touch_icon: String,
    /// Absolute address of a picture for link previews; needs a public address.
    pub(crate) preview: Option<String>,
    /// `auto`, `light` or `dark`.
    pub(crate) theme: String,
    /// Who gets the bagel.
    pub(crate) creator: String,
    /// Such as "Buy Ada a bagel".
    pub(crate) site_name: String,
    /// A banner above everything, such as "Demo: no real money moves."
    pub(crate) notice: Option<String>,
    /// The page's own public address.
    pub(crate) canonical: Option<String>,
    /// The creator's profiles and site.
    pub(crate) links: Vec<Link>,
    /// Who handles the payments, such as "Allscale (USD → USDT)".
    pub(crate) providers: Vec<Link>,
    /// Where the program comes from.
    pub(crate) fork_url: String,
}

impl Chrome {
    /// The languages to choose from, the page's own among them.
    #[expect(clippy::unused_self, reason = "templates call methods on self")]
    fn languages(&self) -> impl Iterator<Item = Language> + use<> {
        Language::ALL.iter().copied()
    }

    /// The value of `<meta name="color-scheme">`.
    fn color_scheme(&self) -> &str {
        match self.theme.as_str() {
            "light" | "dark" => &self.theme,
            _ => "light dark",
        }
    }
}

/// A box to tick; `name` is what the form sends, with a `1`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tick {
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) checked: bool,
}

impl Tick {
    /// The three boxes, ticked where something may be shown.
    pub(crate) fn boxes(words: &Catalog, shown: Visibility) -> [Self; 3] {
        let tick = |name, key, checked| Self {
            name,
            label: words.say(key),
            checked,
        };
        [
            tick("show_name", "show-name", shown.name),
            tick("show_message", "show-message", shown.message),
            tick("show_amount", "show-amount", shown.amount),
        ]
    }
}

/// A label and where it leads.
#[derive(Clone, Debug, Default)]
pub(crate) struct Link {
    pub(crate) label: String,
    pub(crate) url: String,
}

/// A page that is not there, a limit reached, or our own failure.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "error.html")]
pub(crate) struct ErrorPage {
    pub(crate) chrome: Chrome,
    pub(crate) title: String,
    pub(crate) sentence: String,
    /// For 5xx.
    pub(crate) request_id: Option<String>,
    /// Such as "You can try again in 12 seconds."
    pub(crate) wait: Option<String>,
    /// The picture: a name that `scene.html` knows, else the lost bagel.
    pub(crate) scene: &'static str,
    /// Whether to offer the way back to the form.
    pub(crate) back: bool,
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;

    /// Breaks out of any attribute or element that is not escaped.
    pub(super) const HOSTILE: &str = "\"><script>alert(1)</script><b onmouseover='x'>";

    pub(super) fn chrome() -> Chrome {
        Chrome {
            prefix: "/tips".into(),
            theme: "auto".into(),
            site_name: "Buy Ada a bagel".into(),
            ..Chrome::default()
        }
    }

    #[test]
    fn the_notice_is_words_and_absent_when_money_moves() {
        let with = |notice: Option<&str>| {
            let chrome = Chrome {
                notice: notice.map(str::to_owned),
                ..chrome()
            };
            ErrorPage {
                chrome,
                ..ErrorPage::default()
            }
            .render()
            .unwrap()
        };
        assert!(with(Some("Demo: no real money moves.")).contains("Demo: no real money moves."));
        assert!(!with(None).contains("notice"));
    }

    /// Every file under a folder.
    fn files_in(folder: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        let inside = |path: PathBuf| {
            if path.is_dir() {
                files_in(&path)
            } else {
                vec![path]
            }
        };
        paths.flat_map(inside).collect()
    }

    #[test]
    fn no_template_switches_escaping_off_or_holds_code() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        for path in files_in(&folder) {
            let template = std::fs::read_to_string(&path).unwrap();
            for forbidden in [
                "|safe",
                "| safe",
                "escape=",
                " style=",
                "<style",
                "<script>",
                "javascript:",
                " onclick",
                " onload",
            ] {
                assert!(!template.contains(forbidden), "{forbidden}: {path:?}");
            }
        }
    }
}
