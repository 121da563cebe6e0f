//! The headers Allscale signs with, and how one is read: exactly once, in
//! plain text, and bounded, before anything is hashed over it.

use axum::http::HeaderMap;

pub(super) const API_KEY: &str = "x-api-key";

pub(super) const TIMESTAMP: &str = "x-timestamp";
pub(super) const NONCE: &str = "x-nonce";
pub(super) const SIGNATURE: &str = "x-signature";

pub(super) const WEBHOOK_ID: &str = "x-webhook-id";
pub(super) const WEBHOOK_TIMESTAMP: &str = "x-webhook-timestamp";
pub(super) const WEBHOOK_NONCE: &str = "x-webhook-nonce";
pub(super) const WEBHOOK_SIGNATURE: &str = "x-webhook-signature";

pub(super) const RESPONSE_TIMESTAMP: &str = "x-response-timestamp";
pub(super) const RESPONSE_NONCE: &str = "x-response-nonce";
pub(super) const RESPONSE_SIGNATURE: &str = "x-response-signature";
pub(super) const REQUEST_NONCE: &str = "x-request-nonce";

/// The longest id or nonce, and the longest of the other values, in bytes.
const MAX_ID: usize = 128;
const MAX_VALUE: usize = 256;

/// The value of a header that is there once, not empty, and not too long.
pub(super) fn single<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    let max = match name {
        WEBHOOK_ID | WEBHOOK_NONCE | RESPONSE_NONCE => MAX_ID,
        _ => MAX_VALUE,
    };
    let once = values.next().is_none();
    (once && (1..=max).contains(&value.len())).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_header_counts_once_and_bounded() {
        let mut headers = HeaderMap::new();
        assert_eq!(single(&headers, WEBHOOK_ID), None);
        for (value, read) in [
            ("whk_1".to_owned(), true),
            (String::new(), false),
            ("é".to_owned(), false),
            ("a".repeat(128), true),
            ("a".repeat(129), false),
        ] {
            let header = HeaderValue::from_bytes(value.as_bytes()).unwrap();
            headers.insert(WEBHOOK_ID, header);
            assert_eq!(single(&headers, WEBHOOK_ID), read.then_some(&*value));
        }
        headers.insert(WEBHOOK_ID, HeaderValue::from_static("whk_1"));
        headers.append(WEBHOOK_ID, HeaderValue::from_static("whk_1"));
        assert_eq!(single(&headers, WEBHOOK_ID), None);
    }
}
