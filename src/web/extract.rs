//! What handlers take from a request by type: that it comes from a page of the
//! same site, and the donation in the path.
//!
//! An extractor reads and refuses; it never asks the ledger.

use axum::extract::{FromRequestParts, Path};
use axum::http::HeaderMap;
use axum::http::request::Parts;

use super::error::Error;
use crate::donation::DonationId;

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
