//! A body ready to send: plain and compressed, with its `ETag`.
//!
//! The page and the assets are the same for everybody, so they are made once
//! and answered from memory. Nothing of one visitor may ever stand in here.

use std::collections::HashMap;
use std::hash::Hash;
use std::io::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use flate2::{Compression, write::GzEncoder};

use crate::ids::sha256_hex;

/// A body, its type, its hash and how long it may be cached.
#[derive(Clone, Debug)]
pub(crate) struct CachedBody {
    plain: Bytes,
    /// Made when it is first asked for, and only where it is shorter.
    gzip: Arc<OnceLock<Option<Bytes>>>,
    content_type: HeaderValue,
    cache_control: HeaderValue,
    etag: HeaderValue,
    hash: String,
}

impl CachedBody {
    pub(crate) fn new(
        plain: impl Into<Bytes>,
        content_type: &'static str,
        cache_control: &'static str,
    ) -> Self {
        let plain = plain.into();
        let mut hash = sha256_hex(&plain);
        hash.truncate(16);
        // Weak, because both forms share it; the quotes and hex digits are always a valid header.
        let etag = HeaderValue::try_from(format!("W/\"{hash}\""))
            .unwrap_or(HeaderValue::from_static("W/\"-\""));
        Self {
            gzip: Arc::default(),
            plain,
            content_type: HeaderValue::from_static(content_type),
            cache_control: HeaderValue::from_static(cache_control),
            etag,
            hash,
        }
    }

    /// The first 8 hex digits of the SHA-256 of the plain body.
    pub(crate) fn hash8(&self) -> &str {
        &self.hash[..8]
    }

    /// Bytes of the compressed form, or of the plain one where that is shorter.
    #[cfg(test)]
    pub(crate) fn sent_len(&self) -> usize {
        self.gzip().unwrap_or(&self.plain).len()
    }

    fn gzip(&self) -> Option<&Bytes> {
        let packed = || gzip(&self.plain).filter(|packed| packed.len() < self.plain.len());
        self.gzip.get_or_init(packed).as_ref()
    }

    /// 200 with the form the client takes, or 304 when it has it already.
    pub(crate) fn reply(&self, request: &HeaderMap) -> Response {
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        headers.insert(header::ETAG, self.etag.clone());
        headers.insert(header::CACHE_CONTROL, self.cache_control.clone());
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if self.is_known_to(request) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        headers.insert(header::CONTENT_TYPE, self.content_type.clone());
        let body = match accepts_gzip(request).then(|| self.gzip()) {
            Some(Some(packed)) => {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                packed.clone()
            }
            _ => self.plain.clone(),
        };
        *response.body_mut() = Body::from(body);
        response
    }

    fn is_known_to(&self, request: &HeaderMap) -> bool {
        listed(request, header::IF_NONE_MATCH)
            .any(|tag| tag == "*" || tag.trim_start_matches("W/") == format!("\"{}\"", self.hash))
    }
}

/// Bodies made when they are first asked for, one for each variant, and made
/// anew once what they show has changed.
pub(crate) struct CachedBodies<Variant> {
    /// Rises with every change; a body of an earlier one is out of date.
    generation: AtomicU64,
    made: Mutex<HashMap<Variant, (u64, CachedBody)>>,
}

impl<Variant> Default for CachedBodies<Variant> {
    fn default() -> Self {
        Self {
            generation: AtomicU64::new(0),
            made: Mutex::default(),
        }
    }
}

impl<Variant: Eq + Hash> CachedBodies<Variant> {
    /// The body of `variant`, which `make` makes where there is none of this
    /// generation.
    pub(crate) fn get_or_make<E>(
        &self,
        variant: Variant,
        make: impl FnOnce() -> Result<CachedBody, E>,
    ) -> Result<CachedBody, E> {
        let mut bodies = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        // Read before it is made: a change in between makes it anew.
        let generation = self.generation.load(Ordering::Acquire);
        match bodies.get(&variant) {
            Some((of, body)) if *of == generation => Ok(body.clone()),
            _ => {
                let body = make()?;
                bodies.insert(variant, (generation, body.clone()));
                Ok(body)
            }
        }
    }

    /// What the bodies show has changed: the next request of each makes it anew.
    #[cfg_attr(not(test), expect(dead_code, reason = "a wall and a goal will change"))]
    pub(crate) fn outdate(&self) {
        self.generation.fetch_add(1, Ordering::Release);
    }
}

/// Whether `Accept-Encoding` names gzip (or anything) without a weight of zero.
fn accepts_gzip(request: &HeaderMap) -> bool {
    listed(request, header::ACCEPT_ENCODING).any(|item| {
        let (coding, weight) = item.split_once(';').unwrap_or((item, ""));
        let refused = weight
            .trim()
            .strip_prefix("q=")
            .is_some_and(|q| q.bytes().all(|byte| matches!(byte, b'0' | b'.')));
        matches!(coding.trim(), "gzip" | "x-gzip" | "*") && !refused
    })
}

/// The items of a comma-separated header, however many lines it has.
fn listed(headers: &HeaderMap, name: header::HeaderName) -> impl Iterator<Item = &str> {
    headers
        .get_all(name)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(str::trim)
}

/// `None` cannot happen in memory; the plain form then serves everyone.
fn gzip(plain: &[u8]) -> Option<Bytes> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(plain).ok()?;
    packer.finish().ok().map(Bytes::from)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use axum::body::to_bytes;
    use flate2::read::GzDecoder;

    use super::*;

    fn page() -> CachedBody {
        CachedBody::new("bagel ".repeat(100), "text/html; charset=utf-8", "no-cache")
    }

    fn request(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    async fn body(response: Response) -> Bytes {
        to_bytes(response.into_body(), 1024).await.unwrap()
    }

    #[tokio::test]
    async fn a_client_that_takes_gzip_gets_it() {
        for accepted in ["gzip", "br, gzip;q=0.5", "gzip, deflate, br, zstd", "*"] {
            let response = page().reply(&request(header::ACCEPT_ENCODING, accepted));
            assert_eq!(
                response.headers()[header::CONTENT_ENCODING],
                "gzip",
                "{accepted}"
            );
            let packed = body(response).await;
            let mut plain = String::new();
            GzDecoder::new(&packed[..])
                .read_to_string(&mut plain)
                .unwrap();
            assert_eq!(plain, "bagel ".repeat(100));
        }
    }

    #[tokio::test]
    async fn any_other_client_gets_it_plain() {
        for accepted in ["", "br", "gzip;q=0", "gzip; q=0.000", "identity"] {
            let response = page().reply(&request(header::ACCEPT_ENCODING, accepted));
            assert!(
                !response.headers().contains_key(header::CONTENT_ENCODING),
                "{accepted}"
            );
            assert_eq!(response.headers()[header::VARY], "accept-encoding");
            assert_eq!(body(response).await, "bagel ".repeat(100));
        }
    }

    #[test]
    fn a_body_is_made_once_for_each_variant_until_what_it_shows_has_changed() {
        let bodies = CachedBodies::default();
        let mut asked = Vec::new();
        let mut ask = |variant| {
            let anew = || {
                asked.push(variant);
                Ok::<_, ()>(page())
            };
            bodies.get_or_make(variant, anew).unwrap();
        };
        for variant in ["en", "de", "en", "de"] {
            ask(variant);
        }
        bodies.outdate();
        for variant in ["en", "en", "de"] {
            ask(variant);
        }
        assert_eq!(asked, ["en", "de", "en", "de"]);
    }

    #[test]
    fn a_change_while_a_body_is_made_is_not_missed() {
        let bodies = CachedBodies::default();
        let changing = || {
            bodies.outdate();
            Ok::<_, ()>(CachedBody::new("old", "text/plain", "no-cache"))
        };
        bodies.get_or_make((), changing).unwrap();
        let new = || Ok::<_, ()>(CachedBody::new("new", "text/plain", "no-cache"));
        let body = bodies.get_or_make((), new).unwrap();
        assert_eq!(body.plain, "new");
    }

    #[tokio::test]
    async fn what_gzip_would_lengthen_stays_plain() {
        let tiny = CachedBody::new("b", "text/plain", "no-cache");
        let response = tiny.reply(&request(header::ACCEPT_ENCODING, "gzip"));
        assert_eq!(body(response).await, "b");
    }

    #[tokio::test]
    async fn a_client_that_has_it_gets_304_without_a_body() {
        let etag = page().reply(&HeaderMap::new()).headers()[header::ETAG].clone();
        let known = HeaderMap::from_iter([(header::IF_NONE_MATCH, etag)]);
        let response = page().reply(&known);
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-cache");
        assert!(body(response).await.is_empty());

        let other = page().reply(&request(header::IF_NONE_MATCH, "\"abc\", W/\"def\""));
        assert_eq!(other.status(), StatusCode::OK);
    }
}
