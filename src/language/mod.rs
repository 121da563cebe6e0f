//! [`Language`]: the languages a supporter can read the page in.
//!
//! Owns which there are and which one a browser's wishes lead to ([`Words`] are
//! its sentences, [`numbers`] its amounts). What a creator or a program reads
//! (logs, commands, notifications) is English and never comes from here.

pub mod numbers;
mod sentence;
mod words;

use std::cmp::Reverse;

use fluent_langneg::{NegotiationStrategy, negotiate_languages};
use unic_langid::LanguageIdentifier;

pub use self::sentence::{Fact, Sentence};
pub use self::words::Words;

/// No browser asks for more; a stranger's header is not read any further.
const MOST_WISHES: usize = 20;

/// A language of the page.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Language {
    #[default]
    English,
    German,
    Spanish,
    French,
    Portuguese,
    Japanese,
    Chinese,
    Arabic,
}

impl Language {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 8] = [
        Self::English,
        Self::German,
        Self::Spanish,
        Self::French,
        Self::Portuguese,
        Self::Japanese,
        Self::Chinese,
        Self::Arabic,
    ];

    /// The language of a [`Language::code`], exactly as written.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|language| language.code() == code)
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
        let ours = Self::ALL.map(Self::identifier);
        let found = negotiate_languages(&wishes, &ours, None, NegotiationStrategy::Lookup);
        let place = found
            .first()
            .and_then(|one| ours.iter().position(|it| it == *one));
        place.map_or(Self::default(), |place| Self::ALL[place])
    }

    /// What `?lang=` and the ledger call it (ISO 639-1).
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Spanish => "es",
            Self::French => "fr",
            Self::Portuguese => "pt",
            Self::Japanese => "ja",
            Self::Chinese => "zh",
            Self::Arabic => "ar",
        }
    }

    /// The `lang` of the HTML (BCP 47); Chinese says which script it is.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-Hans",
            other => other.code(),
        }
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
        self == Self::Arabic
    }

    /// Its own name for itself, for the menu.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
            Self::Spanish => "Español",
            Self::French => "Français",
            Self::Portuguese => "Português",
            Self::Japanese => "日本語",
            Self::Chinese => "简体中文",
            Self::Arabic => "العربية",
        }
    }

    /// Its sentences.
    pub fn words(self) -> &'static Words {
        words::of(self)
    }

    fn identifier(self) -> LanguageIdentifier {
        self.code().parse().unwrap_or_default()
    }
}

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
        for language in Language::ALL {
            assert_eq!(Language::from_code(language.code()), Some(language));
            assert_eq!(Language::accepted(language.tag()), language);
        }
        assert_eq!(Language::from_code("EN"), None);
    }
}
