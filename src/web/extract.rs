//! What handlers take from a request by type: that it comes from a page of the
//! same site, and the donation in the path; and how long a query may be.
//!
//! An extractor reads and refuses; it never asks the ledger.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};

use super::error::Error;
use crate::donation::DonationId;

/// Most bytes of a query. The longest honest one fills in the form, with a message
/// whose every character takes twelve.
const MOST_OF_A_QUERY: usize = 4096;
/// Most pairs of a name and a value in it.
const MOST_PAIRS: usize = 16;

/// Whether an address has a query that is longer than any of ours or of a
/// provider's; reading it would cost more than it is worth.
pub(super) fn has_long_query(address: &Uri) -> bool {
    let query = address.query().unwrap_or_default();
    let pairs = || query.split('&').take(MOST_PAIRS + 1).count();
    query.len() > MOST_OF_A_QUERY || pairs() > MOST_PAIRS
}

/// The request does not come from a page of another site.
pub(super) struct SameSite;

impl<S: Sync> FromRequestParts<S> for SameSite {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        if is_same_site(&parts.headers) {
            Ok(Self)
        } else {
            Err(Error::CrossSite)
        }
    }
}

/// Old browsers and programs do not say; a page of another site does.
pub(super) fn is_same_site(headers: &HeaderMap) -> bool {
    headers
        .get("sec-fetch-site")
        .is_none_or(|site| site == "same-origin" || site == "none")
}

/// The donation that `/thanks/{id}` names. An id that is none is 404.
pub(super) struct DonationPath(pub(super) DonationId);

impl<S: Send + Sync> FromRequestParts<S> for DonationPath {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let Path(id) = path.map_err(|_| Error::NotFound)?;
        DonationId::parse(&id).map(Self).ok_or(Error::NotFound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_long(query: &str) -> bool {
        has_long_query(&format!("/?{query}").parse().unwrap())
    }

    #[test]
    fn a_query_has_16_pairs_and_4_kb_at_most() {
        assert!(!is_long("") && !is_long(&["a=1"; 16].join("&")));
        assert!(is_long(&["a=1"; 17].join("&")));
        assert!(!is_long(&"a".repeat(4096)));
        assert!(is_long(&"a".repeat(4097)));
        // The form filled in with the longest name and message there are.
        let longest = format!(
            "amount=10000.00&currency=USD&provider=alchemy_pay&lang=ja&name={}&message={}",
            "%F0%9F%A5%AF".repeat(50),
            "%F0%9F%A5%AF".repeat(280)
        );
        assert!(!is_long(&longest), "{} bytes", longest.len());
    }
}
