//! Whether a request is the merchant's: key, signature, freshness, nonce once.
//!
//! Only a correctly signed, fresh request spends a nonce, so no stranger can
//! spend one. Source: the guide's "Signing a request".

use super::answer::{ApiError, Code};
use super::signer::{self, RequestParts};
use super::store::Store;
use crate::api::{Asked, single};

/// Refuses with 20001 a request without one of the headers and with 20002 one
/// that is not genuine. `now` is in Unix seconds.
pub(super) fn check(asked: &Asked, store: &Store, now: i64) -> Result<(), ApiError> {
    let header = |name: &str| {
        let value = single(&asked.head.headers, name).filter(|value| !value.is_empty());
        let missing = || ApiError::new(Code::MISSING_HEADERS, &format!("{name} is missing"));
        value.ok_or_else(missing)
    };
    let key = header("x-api-key")?;
    let timestamp = header("x-timestamp")?;
    let nonce = header("x-nonce")?;
    let signature = header("x-signature")?;
    let signed = RequestParts {
        method: asked.head.method.as_str(),
        path: asked.path(),
        query: asked.head.uri.query().unwrap_or(""),
        timestamp,
        nonce,
        body: &asked.body,
    };
    if key != store.key() {
        return refuse("X-API-Key is not known");
    }
    if !signer::verify(store.secret(), &signed.canonical(), signature) {
        return refuse("X-Signature does not match");
    }
    if !is_fresh(timestamp, now, store.nonces.tolerance) {
        return refuse("X-Timestamp is too far from our clock");
    }
    if !store.nonces.spend(nonce, now) {
        return refuse("X-Nonce was used before");
    }
    Ok(())
}

fn refuse(why: &str) -> Result<(), ApiError> {
    Err(ApiError::new(Code::BAD_SIGNATURE, why))
}

fn is_fresh(timestamp: &str, now: i64, tolerance: u64) -> bool {
    let digits = timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = timestamp.parse::<i64>().ok().filter(|_| digits);
    seconds.is_some_and(|seconds| seconds.abs_diff(now) <= tolerance)
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, Bytes};
    use axum::http::{HeaderMap, Request};

    use super::*;
    use crate::allscale::TOLERANCE;
    use crate::faults::Call;

    const NOW: i64 = 1_763_776_801;
    const BODY: &str = r#"{"currency":1,"amount_cents":500,"order_id":"order_123","order_description":"Buy me a bagel","extra":{"source":"web"}}"#;

    /// The vector "create intent", a known answer.
    fn genuine() -> HeaderMap {
        [
            ("x-api-key", "st_key"),
            ("x-timestamp", "1763776801"),
            ("x-nonce", "0b9f9a5e-6f0f-4c5c-9f1f-3c1f6b1c7a02"),
            (
                "x-signature",
                "v1=rMjdk50ncn1ZDoc5pugf8dsb7Vtg4TfCvfJ3UbLhOso=",
            ),
        ]
        .into_iter()
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
        .collect()
    }

    fn store() -> Store {
        Store::new(None, TOLERANCE).with_keys("st_key", "st_secret_for_tests_only")
    }

    fn code(headers: &HeaderMap, body: &str, store: &Store, now: i64) -> Option<Code> {
        let request = Request::post("/v1/checkout_intents/").body(Body::empty());
        let (mut head, _) = request.unwrap().into_parts();
        head.headers = headers.clone();
        let asked = Asked {
            call: Call::Create,
            head,
            body: Bytes::copy_from_slice(body.as_bytes()),
        };
        check(&asked, store, now).err().map(|error| error.code)
    }

    #[test]
    fn a_nonce_is_good_once_and_only_a_genuine_request_spends_it() {
        let store = store();
        let forged = BODY.replace("500", "501");
        for (body, now, expected) in [
            (forged.as_str(), NOW, Some(Code::BAD_SIGNATURE)),
            (BODY, NOW - 301, Some(Code::BAD_SIGNATURE)),
            (BODY, NOW - 300, None),
            (BODY, NOW, Some(Code::BAD_SIGNATURE)),
            (BODY, NOW + 300, Some(Code::BAD_SIGNATURE)),
        ] {
            assert_eq!(code(&genuine(), body, &store, now), expected, "at {now}");
        }
    }

    #[test]
    fn five_minutes_either_way_and_not_a_second_more() {
        for (skew, expected) in [
            (-301, Some(Code::BAD_SIGNATURE)),
            (-300, None),
            (300, None),
            (301, Some(Code::BAD_SIGNATURE)),
        ] {
            let found = code(&genuine(), BODY, &store(), NOW + skew);
            assert_eq!(found, expected, "{skew} s");
        }
        for odd in ["", "+1", "-1", "1.0", "99999999999999999999"] {
            assert!(!is_fresh(odd, 1, 300), "{odd}");
        }
    }

    #[test]
    fn every_header_is_needed_once() {
        for name in ["x-api-key", "x-timestamp", "x-nonce", "x-signature"] {
            let mut headers = genuine();
            let value = headers.remove(name).unwrap();
            let missing = code(&headers, BODY, &store(), NOW);
            assert_eq!(missing, Some(Code::MISSING_HEADERS), "{name}");
            headers.append(name, value.clone());
            headers.append(name, value);
            let twice = code(&headers, BODY, &store(), NOW);
            assert_eq!(twice, Some(Code::MISSING_HEADERS), "{name}");
        }
        let mut headers = genuine();
        headers.insert("x-api-key", "st_other".parse().unwrap());
        let other = code(&headers, BODY, &store(), NOW);
        assert_eq!(other, Some(Code::BAD_SIGNATURE));
    }
}
