//! [`SecretUrl`]: an address that is a password too, such as that of a chat's
//! incoming webhook.

use std::fmt;

use url::Url;

use super::base_url::{self, BaseUrlError};

/// Whoever has it may write there. https, or http on loopback; shows itself to
/// nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretUrl(Url);

impl SecretUrl {
    /// Reads an address; it may have a path and a query.
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let url = base_url::parse(text)?;
        if url.fragment().is_some() {
            return Err(BaseUrlError::QueryOrFragment);
        }
        Ok(Self(url))
    }

    /// Whether it points to this machine.
    pub fn is_loopback(&self) -> bool {
        base_url::is_loopback(&self.0)
    }

    /// The address above, and the last part of the path.
    pub(crate) fn split(&self) -> Option<(Self, String)> {
        let path = self.0.path().trim_end_matches('/');
        let (above, last) = path.rsplit_once('/')?;
        let mut url = self.0.clone();
        url.set_path(&format!("{above}/"));
        Some((Self(url), last.to_owned()))
    }

    /// For the call itself, and nothing else.
    pub(crate) fn expose(&self) -> &Url {
        &self.0
    }
}

impl fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretUrl")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_address_shows_nothing_of_itself() {
        let url = SecretUrl::parse("https://CANARY.example/CANARY?CANARY").unwrap();
        assert!(!format!("{url:?}").contains("CANARY"));
    }

    #[test]
    fn a_secret_travels_over_https_or_within_this_machine() {
        for (text, problem) in [
            ("http://chat.example/hook", BaseUrlError::NotHttps),
            ("http://localhost.example/hook", BaseUrlError::NotHttps),
            ("chat.example/hook", BaseUrlError::NotAUrl),
            ("https://ada:key@chat.example/hook", BaseUrlError::UserInfo),
            ("https://chat.example/#hook", BaseUrlError::QueryOrFragment),
        ] {
            assert_eq!(SecretUrl::parse(text), Err(problem), "{text}");
        }
        assert!(
            SecretUrl::parse("http://127.0.0.1:1/hook")
                .unwrap()
                .is_loopback()
        );
    }
}
