//! Where supporters reach the page: an origin, and perhaps a prefix.
//!
//! Never taken from a request: whoever sends one chooses its `Host`.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

/// Why a text is no public URL; never repeats it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PublicUrlError {
    #[error("must be a URL such as https://bagel.example.com")]
    NotAUrl,
    #[error("must start with https:// (http:// works on localhost only)")]
    NotHttps,
    #[error("must be scheme, host and perhaps a path: no user name, no ?, no #")]
    TooMuch,
    #[error("must have a path of letters, digits and - . _ ~ between single slashes")]
    OddPath,
}

/// An https URL, or http on this machine, for pages and webhooks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicUrl {
    origin: String,
    prefix: String,
}

impl PublicUrl {
    /// Reads a public URL; slashes at its end are dropped.
    pub fn parse(text: &str) -> Result<Self, PublicUrlError> {
        let url = Url::parse(text).map_err(|_| PublicUrlError::NotAUrl)?;
        if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
            return Err(PublicUrlError::NotHttps);
        }
        let plain = url.username().is_empty() && url.password().is_none();
        if !plain || url.query().is_some() || url.fragment().is_some() {
            return Err(PublicUrlError::TooMuch);
        }
        let prefix = url.path().trim_end_matches('/');
        if !prefix.is_empty() && !prefix.split('/').skip(1).all(is_plain_segment) {
            return Err(PublicUrlError::OddPath);
        }
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            prefix: prefix.to_owned(),
        })
    }

    /// Scheme, host and port: `https://bagel.example.com`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// What stands before every path: empty, or such as `/tips`.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    pub fn is_https(&self) -> bool {
        self.origin.starts_with("https:")
    }

    /// The address of `path`, which starts with a slash and lacks the prefix.
    pub fn join(&self, path: &str) -> String {
        format!("{self}{path}")
    }
}

/// Without a slash at the end.
impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.prefix)
    }
}

fn is_plain_segment(segment: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    !segment.is_empty() && segment.chars().all(is_plain)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_origin_and_prefix() {
        for (text, origin, prefix) in [
            ("https://a.example", "https://a.example", ""),
            ("https://A.example:443/", "https://a.example", ""),
            (
                "https://a.example:8443/tips/",
                "https://a.example:8443",
                "/tips",
            ),
            (
                "https://a.example/~ada/v1.0_x-y",
                "https://a.example",
                "/~ada/v1.0_x-y",
            ),
            ("http://localhost:8080", "http://localhost:8080", ""),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080", ""),
            ("http://[::1]:8080", "http://[::1]:8080", ""),
        ] {
            let url = PublicUrl::parse(text).unwrap();
            assert_eq!((url.origin(), url.prefix()), (origin, prefix), "{text}");
            assert_eq!(url.is_https(), text.starts_with("https"));
            assert_eq!(url.join("/thanks/1"), format!("{origin}{prefix}/thanks/1"));
        }
    }

    #[test]
    fn refuses_what_cannot_be_served_safely() {
        use PublicUrlError::{NotAUrl, NotHttps, OddPath, TooMuch};
        for (text, error) in [
            ("bagel.example.com", NotAUrl),
            ("https://", NotAUrl),
            ("http://bagel.example.com", NotHttps),
            ("http://10.0.0.1:8080", NotHttps),
            ("http://localhost.example.com", NotHttps),
            ("ftp://localhost", NotHttps),
            ("https://ada@a.example", TooMuch),
            ("https://ada:CANARY@a.example", TooMuch),
            ("https://a.example/?x", TooMuch),
            ("https://a.example/#x", TooMuch),
            ("https://a.example//x", OddPath),
            ("https://a.example/a//b", OddPath),
            ("https://a.example/a b", OddPath),
            ("https://a.example/{a}", OddPath),
            ("https://a.example/a%2fb", OddPath),
        ] {
            assert_eq!(PublicUrl::parse(text), Err(error), "{text}");
        }
    }
}
