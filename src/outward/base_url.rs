//! [`BaseUrl`]: where an API lives, and where its word may send a visitor.
//!
//! Owns the rule that secrets and visitors travel over https alone, or to this
//! machine itself. Its errors never repeat the value.

use url::{Host, Url};

/// The start of every address of one API: https, or http on loopback.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BaseUrl(Url);

/// Why a text is not a base URL.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BaseUrlError {
    #[error("not a URL such as https://openapi.example.com")]
    NotAUrl,
    #[error("must start with https:// (http:// only on localhost)")]
    NotHttps,
    #[error("must not carry a user name or password")]
    UserInfo,
    #[error("must end before any ? or #")]
    QueryOrFragment,
}

impl BaseUrl {
    /// Reads a base URL; a path in it becomes the prefix of every call, and
    /// slashes at its end are dropped.
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let mut url = parse(text)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(BaseUrlError::QueryOrFragment);
        }
        let prefix = url.path().trim_end_matches('/').to_owned();
        url.set_path(&prefix);
        Ok(Self(url))
    }

    /// Whether it points to this machine.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// As text, without a slash at its end.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// The address of `path`, which starts with a slash.
    pub(crate) fn join(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        let prefix = self.0.path().trim_end_matches('/');
        url.set_path(&format!("{prefix}{path}"));
        url
    }

    /// Reads an address a visitor may be sent to on the provider's word:
    /// https, or http on loopback when the provider is there too.
    pub(crate) fn safe_link(&self, text: &str) -> Option<Url> {
        let url = Url::parse(text).ok()?;
        let allowed = url.scheme() == "https" || self.is_loopback();
        (allowed && is_secure(&url) && !has_user_info(&url)).then_some(url)
    }
}

/// An address that a secret may be sent to.
pub(super) fn parse(text: &str) -> Result<Url, BaseUrlError> {
    let url = Url::parse(text).map_err(|_| BaseUrlError::NotAUrl)?;
    if !is_secure(&url) {
        return Err(BaseUrlError::NotHttps);
    }
    if has_user_info(&url) {
        return Err(BaseUrlError::UserInfo);
    }
    Ok(url)
}

fn is_secure(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))
}

fn has_user_info(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::BaseUrlError::{NotAUrl, NotHttps, QueryOrFragment, UserInfo};
    use super::*;

    #[test]
    fn a_base_is_https_or_on_loopback() {
        for text in [
            "https://openapi.allscale.io",
            "http://localhost:8081",
            "http://127.8.9.1:1",
            "http://[::1]:8081",
        ] {
            let base = BaseUrl::parse(text).unwrap();
            assert_eq!(base.is_loopback(), text.starts_with("http:"), "{text}");
            assert_eq!(base.as_str(), text);
        }
    }

    #[test]
    fn everything_else_is_named() {
        for (text, problem) in [
            ("", NotAUrl),
            ("openapi.allscale.io", NotAUrl),
            ("https://", NotAUrl),
            ("http://openapi.allscale.io", NotHttps),
            ("http://localhost.evil.example", NotHttps),
            ("http://10.0.0.1", NotHttps),
            ("ftp://localhost", NotHttps),
            ("https://key:secret@openapi.allscale.io", UserInfo),
            ("https://key@openapi.allscale.io", UserInfo),
            ("https://openapi.allscale.io/?a", QueryOrFragment),
            ("https://openapi.allscale.io/#a", QueryOrFragment),
        ] {
            assert_eq!(BaseUrl::parse(text), Err(problem), "{text}");
        }
    }

    #[test]
    fn a_path_of_the_base_becomes_a_prefix() {
        for (base, address) in [
            ("https://a.example", "https://a.example/v1/x/"),
            ("https://a.example//", "https://a.example/v1/x/"),
            ("https://a.example/pay/", "https://a.example/pay/v1/x/"),
        ] {
            let joined = BaseUrl::parse(base).unwrap().join("/v1/x/");
            assert_eq!(joined.as_str(), address);
        }
    }

    #[test]
    fn a_visitor_is_sent_to_safe_places_only() {
        let live = BaseUrl::parse("https://openapi.allscale.io").unwrap();
        let here = BaseUrl::parse("http://localhost:8081").unwrap();
        for text in [
            "",
            "//x",
            "/pay",
            "javascript:alert(1)",
            "data:text/html,x",
            "http://evil.example/pay",
            "https://good.example@evil.example/pay",
            "https://",
        ] {
            assert_eq!(live.safe_link(text), None, "{text}");
            assert_eq!(here.safe_link(text), None, "{text}");
        }
        assert!(live.safe_link("https://checkout.allscale.io/abc").is_some());
        assert!(live.safe_link("http://localhost:8081/pay").is_none());
        assert!(here.safe_link("http://localhost:8081/pay").is_some());
    }
}
