//! Addresses: of an API, of a secret hook, and of this page itself.
//!
//! Owns the rule that secrets and visitors travel over https alone, or within
//! this machine. No error repeats the address.

#[cfg(test)]
mod tests;

use std::fmt;
use std::net::IpAddr;

use url::Url;

/// Why a text is not an address that may be used; never repeats it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AddressError {
    #[error("not a URL such as https://openapi.example.com")]
    NotAUrl,
    #[error("must start with https:// (http:// only on localhost)")]
    NotHttps,
    #[error("must not carry a user name or password")]
    UserInfo,
    #[error("must end before any ? or #")]
    QueryOrFragment,
    #[error("must be a URL such as https://bagel.example.com")]
    NotAPage,
    #[error("must start with https:// (http:// works on localhost only)")]
    PageNotHttps,
    #[error("must be scheme, host and perhaps a path: no user name, no ?, no #")]
    TooMuch,
    #[error("must have a path of letters, digits and - . _ ~ between single slashes")]
    OddPath,
}

/// The start of every address of one API: https, or http on loopback.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// Reads a base URL; a path in it becomes the prefix of every call, and
    /// slashes at its end are dropped.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let mut url = parse(text)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(AddressError::QueryOrFragment);
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

/// An address that is a password too, such as that of a chat's incoming
/// webhook: https, or http on loopback. `Debug` output does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretUrl(Url);

impl SecretUrl {
    /// Reads an address; it may have a path and a query.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let url = parse(text)?;
        if url.fragment().is_some() {
            return Err(AddressError::QueryOrFragment);
        }
        Ok(Self(url))
    }

    /// Whether it points to this machine.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
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

/// Where supporters reach the page: an origin and perhaps a prefix; https, or
/// http on this machine. Never taken from a request, whose sender chooses its
/// `Host`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicUrl {
    origin: String,
    prefix: String,
}

impl PublicUrl {
    /// Reads a public URL; slashes at its end are dropped.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let url = parse(text).map_err(|error| match error {
            AddressError::NotHttps => AddressError::PageNotHttps,
            AddressError::UserInfo => AddressError::TooMuch,
            _ => AddressError::NotAPage,
        })?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(AddressError::TooMuch);
        }
        let prefix = url.path().trim_end_matches('/');
        if !prefix.is_empty() && !prefix.split('/').skip(1).all(is_plain_segment) {
            return Err(AddressError::OddPath);
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

/// Reads an https address for the page to link or show: no user name, and a
/// host that is plain enough for a header.
pub(crate) fn https_link(text: &str) -> Option<Url> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-_:[]".contains(c);
    let url = parse(text).ok().filter(|url| url.scheme() == "https")?;
    url.host_str()?.chars().all(is_plain).then_some(url)
}

/// An address that a secret may be sent to.
fn parse(text: &str) -> Result<Url, AddressError> {
    let url = Url::parse(text).map_err(|_| AddressError::NotAUrl)?;
    if !is_secure(&url) {
        return Err(AddressError::NotHttps);
    }
    if has_user_info(&url) {
        return Err(AddressError::UserInfo);
    }
    Ok(url)
}

fn is_secure(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))
}

fn has_user_info(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// Whether `url`, of any scheme, points to this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
