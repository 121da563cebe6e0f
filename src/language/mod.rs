//! [`Language`]: the languages a supporter can read the page in.
//!
//! Owns which there are and which one a browser's wishes lead to ([`Catalog`]
//! holds its sentences, [`numbers`] writes its amounts). A new language is a
//! file in `locales` and a row in the table below. What a creator or a program
//! reads (logs, commands, notifications) is English; of that only figures are
//! written here.

mod catalog;
pub mod numbers;

use std::cmp::Reverse;
use std::sync::LazyLock;

use fluent_langneg::{NegotiationStrategy, negotiate_languages};
use unic_langid::LanguageIdentifier;

pub use self::catalog::{Catalog, Fact, Sentence};

/// Upper bound on the languages read from one header; browsers send fewer.
const MOST_WISHES: usize = 20;

/// Makes [`Language`] and what is known of each from one table.
macro_rules! languages {
    ($($(#[$default:meta])? $name:ident $code:literal $tag:literal $direction:ident $money:literal
        $own_name:literal)*) => {
        /// A language of the page.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
        pub enum Language {
            $($(#[$default])? $name,)*
        }

        impl Language {
            /// All of them, in the order of the menu.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its row of the table.
            fn row(self) -> Row {
                match self {
                    $(Self::$name => Row {
                        code: $code,
                        tag: $tag,
                        direction: Direction::$direction,
                        money: $money,
                        own_name: $own_name,
                        file: include_str!(concat!("../../locales/", $code, ".ftl")),
                    },)*
                }
            }
        }
    };
}

struct Row {
    code: &'static str,
    tag: &'static str,
    direction: Direction,
    /// Currency pattern: the number at `{n}`, the symbol at `¤`.
    money: &'static str,
    own_name: &'static str,
    /// What a translator wrote.
    file: &'static str,
}

#[derive(PartialEq, Eq)]
enum Direction {
    Ltr,
    Rtl,
}

languages! {
    #[default]
    English "en" "en" Ltr "¤{n}" "English"
    German "de" "de" Ltr "{n}\u{a0}¤" "Deutsch"
    Spanish "es" "es" Ltr "{n}\u{a0}¤" "Español"
    French "fr" "fr" Ltr "{n}\u{a0}¤" "Français"
    Portuguese "pt" "pt" Ltr "¤\u{a0}{n}" "Português"
    Japanese "ja" "ja" Ltr "¤{n}" "日本語"
    Chinese "zh" "zh-Hans" Ltr "¤{n}" "简体中文"
    // The mark makes what follows it run from the right.
    Arabic "ar" "ar" Rtl "\u{200f}{n}\u{a0}¤" "العربية"
}

impl Language {
    /// The language of a [`Language::code`], exactly as written.
    pub fn from_code(code: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|language| language.code() == code)
    }

    /// The first of the languages a browser asks for that we have.
    ///
    /// Takes the value of an `Accept-Language` header (RFC 9110, 12.5.4);
    /// whatever cannot be read of it is ignored, and nothing is English.
    pub fn accepted(header: &str) -> Self {
        let items = header.split(',').take(MOST_WISHES);
        let mut wishes: Vec<_> = items.filter_map(wish).collect();
        wishes.sort_by_key(|(weight, _)| Reverse(*weight));
        let wishes: Vec<_> = wishes.into_iter().map(|(_, language)| language).collect();
        let ours = &*OURS;
        let found = negotiate_languages(&wishes, ours, None, NegotiationStrategy::Lookup);
        let place = found
            .first()
            .and_then(|one| ours.iter().position(|it| it == *one));
        place.map_or(Self::default(), |place| Self::ALL[place])
    }

    /// What `?lang=` and the ledger call it (ISO 639-1).
    pub fn code(self) -> &'static str {
        self.row().code
    }

    /// The `lang` of the HTML (BCP 47); Chinese says which script it is.
    pub fn tag(self) -> &'static str {
        self.row().tag
    }

    /// The `dir` of the HTML.
    pub fn direction(self) -> &'static str {
        if self.is_right_to_left() {
            "rtl"
        } else {
            "ltr"
        }
    }

    fn is_right_to_left(self) -> bool {
        self.row().direction == Direction::Rtl
    }

    /// Its own name for itself, for the menu.
    pub fn own_name(self) -> &'static str {
        self.row().own_name
    }

    /// Its sentences.
    pub fn catalog(self) -> &'static Catalog {
        catalog::of(self)
    }

    fn identifier(self) -> LanguageIdentifier {
        self.code().parse().unwrap_or_default()
    }
}

/// The languages of [`Language::ALL`], parsed once.
static OURS: LazyLock<Vec<LanguageIdentifier>> =
    LazyLock::new(|| Language::ALL.iter().map(|it| it.identifier()).collect());

/// One of the languages asked for, `de-AT;q=0.8`, with its weight in
/// thousandths; `None` for what is unwanted or cannot be read.
fn wish(item: &str) -> Option<(u16, LanguageIdentifier)> {
    let (tag, weight) = item.split_once(';').unwrap_or((item, "q=1"));
    let weight = thousandths(weight.trim().strip_prefix("q=")?)?;
    let language = tag.trim().parse().ok()?;
    (weight > 0).then_some((weight, language))
}

fn thousandths(weight: &str) -> Option<u16> {
    let (units, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    match units {
        "1" => Some(1000),
        "0" => format!("{fraction:0<3}").get(..3)?.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_the_first_language_it_asks_for_that_is_here() {
        for (header, language) in [
            ("de-AT,de;q=0.9,en;q=0.5", Language::German),
            ("en;q=0.1, de", Language::German),
            ("fr-CH, fr;q=0.9, en;q=0.8, *;q=0.5", Language::French),
            ("nl, pt-PT;q=0.7", Language::Portuguese),
            ("zh-TW", Language::Chinese),
            ("zh-Hans-CN", Language::Chinese),
            ("ar-EG", Language::Arabic),
            ("ja", Language::Japanese),
            ("es-419", Language::Spanish),
            ("EN-us", Language::English),
            ("*", Language::English),
            ("xx", Language::English),
            ("", Language::English),
            ("q=;;;,,=,\u{7f}", Language::English),
            ("de;q=0", Language::English),
            ("de;q=NaN, fr;q=2, es;q=-1, ja;q=0.001", Language::Japanese),
            ("de;q=0.1234, fr;q=0.5x, es;q=.9", Language::German),
        ] {
            assert_eq!(Language::accepted(header), language, "{header}");
        }
    }

    #[test]
    fn a_long_header_is_read_no_further_than_browsers_write() {
        let header = "xx;q=0.9,".repeat(5_000) + "de";
        assert_eq!(Language::accepted(&header), Language::English);
        let weights = ["NaN", "1", "0", "inf", "-1"];
        let header: Vec<_> = (0..1_000)
            .map(|n| format!("de;q={}", weights[n % 5]))
            .collect();
        assert_eq!(Language::accepted(&header.join(",")), Language::German);
    }

    #[test]
    fn every_language_is_found_by_its_code_and_its_tag() {
        for language in Language::ALL.iter().copied() {
            assert_eq!(Language::from_code(language.code()), Some(language));
            assert_eq!(Language::accepted(language.tag()), language);
        }
        assert_eq!(Language::from_code("EN"), None);
    }
}
