//! [`PageLanguage`]: the language of one answer.
//!
//! `?lang=` first, then what the donation was given in, then `Accept-Language`.
//! No cookie remembers it: a language that is not the browser's own travels in
//! the links of the page.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Query};
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Uri};
use serde::Deserialize;

use crate::language::{Catalog, Language};

/// The language of one answer, and whether links have to carry it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct PageLanguage {
    language: Language,
    /// What the browser asks for by itself.
    accepted: Language,
    chosen: bool,
}

#[derive(Deserialize)]
struct Asked {
    lang: String,
}

impl PageLanguage {
    /// Reads the address and `Accept-Language`.
    pub(super) fn of(uri: &Uri, accept: Option<&HeaderValue>) -> Self {
        let accepted = accept
            .and_then(|value| value.to_str().ok())
            .map_or(Language::default(), Language::accepted);
        let asked = Query::<Asked>::try_from_uri(uri).ok();
        let chosen = asked.and_then(|Query(asked)| Language::from_code(&asked.lang));
        Self {
            language: chosen.unwrap_or(accepted),
            accepted,
            chosen: chosen.is_some(),
        }
    }

    /// Of a browser that asks for `language`, and no other wish.
    pub(super) fn in_browser(language: Language) -> Self {
        Self {
            language,
            accepted: language,
            chosen: false,
        }
    }

    /// The language something was said in before, unless another is chosen now.
    pub(super) fn remembering(self, language: Option<Language>) -> Self {
        match language {
            Some(language) if !self.chosen => Self { language, ..self },
            _ => self,
        }
    }

    pub(super) fn language(self) -> Language {
        self.language
    }

    pub(super) fn words(self) -> &'static Catalog {
        self.language.catalog()
    }

    /// Whether the browser asks for it by itself, so that links need not.
    pub(super) fn is_accepted(self) -> bool {
        self.language == self.accepted
    }

    /// What links add to stay in the language: `"?lang=ja"`, or nothing.
    pub(super) fn query(self) -> String {
        if self.is_accepted() {
            String::new()
        } else {
            format!("?lang={}", self.language.code())
        }
    }

    /// [`PageLanguage::query`] with one thing more in it.
    pub(super) fn query_and(self, more: &str) -> String {
        let query = self.query();
        let joint = if query.is_empty() { '?' } else { '&' };
        format!("{query}{joint}{more}")
    }
}

impl<S: Sync> FromRequestParts<S> for PageLanguage {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let read = || Self::of(&parts.uri, parts.headers.get(ACCEPT_LANGUAGE));
        let language = parts.extensions.get().copied().unwrap_or_else(read);
        // A layer and the handler read it once.
        parts.extensions.insert(language);
        Ok(language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(uri: &'static str, accepted: &'static str) -> PageLanguage {
        let accepted = HeaderValue::from_static(accepted);
        PageLanguage::of(&Uri::from_static(uri), Some(&accepted))
    }

    #[test]
    fn the_address_speaks_first_then_the_browser() {
        assert_eq!(asked("/", "de").language(), Language::German);
        assert_eq!(asked("/?lang=ja", "de").language(), Language::Japanese);
        assert_eq!(asked("/?lang=tlh", "de").language(), Language::German);
        assert_eq!(asked("/?lang=", "").language(), Language::English);
    }

    #[test]
    fn what_a_donation_was_given_in_comes_between() {
        let german = Some(Language::German);
        let remembered = |uri| asked(uri, "fr").remembering(german).language();
        assert_eq!(remembered("/"), Language::German);
        assert_eq!(remembered("/?lang=ja"), Language::Japanese);
        assert_eq!(
            asked("/", "fr").remembering(None).language(),
            Language::French
        );
    }

    #[test]
    fn links_carry_only_what_the_browser_would_not_ask_for() {
        assert_eq!(asked("/?lang=ja", "de").query(), "?lang=ja");
        assert_eq!(asked("/?lang=de", "de-AT").query(), "");
        assert_eq!(asked("/", "de").query(), "");
        assert_eq!(asked("/?lang=ja", "de").query_and("a=1"), "?lang=ja&a=1");
        assert_eq!(asked("/", "de").query_and("a=1"), "?a=1");
    }
}
