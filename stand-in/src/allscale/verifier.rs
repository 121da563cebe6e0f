//! Whether a request is the merchant's: key, signature, freshness, nonce once.
//!
//! A nonce is spent by a correctly signed, fresh request only, so nobody else
//! can spend one. Source: the guide's "Signing a request".

use std::collections::{HashSet, VecDeque};
use std::sync::Mutex;
use std::time::Duration;

use axum::http::HeaderMap;

use super::envelope::{ApiError, Code};
use super::signer::{self, RequestParts};
use super::store::Store;
use crate::desk::lock;

/// The clocks may differ by so much, either way.
pub(crate) const TOLERANCE: Duration = Duration::from_mins(5);
/// A request dated ahead stays fresh for twice the tolerance, and this is more.
const MARGIN: u64 = 60;
const LONGEST_NONCE: usize = 128;

/// A request before it is believed.
pub(super) struct Unverified<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a [u8],
}

/// Refuses with 20001 what lacks a header and with 20002 what is not genuine.
/// `now` is in Unix seconds.
pub(super) fn check(request: &Unverified<'_>, store: &Store, now: i64) -> Result<(), ApiError> {
    let key = header(request.headers, "x-api-key")?;
    let timestamp = header(request.headers, "x-timestamp")?;
    let nonce = header(request.headers, "x-nonce")?;
    let signature = header(request.headers, "x-signature")?;
    let signed = RequestParts {
        method: request.method,
        path: request.path,
        query: request.query,
        timestamp,
        nonce,
        body: request.body,
    };
    if key != store.credentials.key() {
        return refuse("X-API-Key is not known");
    }
    if !signer::verify(store.credentials.secret(), &signed.canonical(), signature) {
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

/// The one value of a header; sent twice it counts as missing.
fn header<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str, ApiError> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok().filter(|value| !value.is_empty()),
        _ => None,
    }
    .ok_or_else(|| ApiError::new(Code::MISSING_HEADERS, &format!("{name} is missing")))
}

fn is_fresh(timestamp: &str, now: i64, tolerance: u64) -> bool {
    let digits = timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = timestamp.parse::<i64>().ok().filter(|_| digits);
    seconds.is_some_and(|seconds| seconds.abs_diff(now) <= tolerance)
}

/// Nonces seen, for as long as a request carrying one could still be fresh.
pub(crate) struct Nonces {
    /// In seconds.
    tolerance: u64,
    spent: Mutex<Spent>,
}

#[derive(Default)]
struct Spent {
    nonces: HashSet<String>,
    by_age: VecDeque<(i64, String)>,
}

impl Nonces {
    pub(crate) fn new(tolerance: Duration) -> Self {
        Self {
            tolerance: tolerance.as_secs(),
            spent: Mutex::default(),
        }
    }

    /// False when it was spent before.
    fn spend(&self, nonce: &str, now: i64) -> bool {
        let mut spent = lock(&self.spent);
        let is_old = |since: i64| {
            let age = u64::try_from(now.saturating_sub(since));
            age.is_ok_and(|age| age > 2 * self.tolerance + MARGIN)
        };
        while let Some((_, old)) = spent.by_age.pop_front_if(|(since, _)| is_old(*since)) {
            spent.nonces.remove(&old);
        }
        if nonce.len() > LONGEST_NONCE || !spent.nonces.insert(nonce.to_owned()) {
            return false;
        }
        spent.by_age.push_back((now, nonce.to_owned()));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::credentials::Credentials;
    use super::*;

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
        let mut store = Store::new(None, TOLERANCE);
        store.credentials = Credentials::new("st_key", "st_secret_for_tests_only");
        store
    }

    fn code(headers: &HeaderMap, body: &str, store: &Store, now: i64) -> Option<Code> {
        let request = Unverified {
            method: "POST",
            path: "/v1/checkout_intents/",
            query: "",
            headers,
            body: body.as_bytes(),
        };
        check(&request, store, now).err().map(|error| error.code)
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

    #[test]
    fn nonces_are_forgotten_when_they_can_no_longer_be_fresh() {
        let nonces = Nonces::new(TOLERANCE);
        assert!(nonces.spend("a", NOW));
        assert!(!nonces.spend("a", NOW + 600));
        assert!(nonces.spend("b", NOW + 700));
        assert_eq!(lock(&nonces.spent).nonces.len(), 1);
        assert!(!nonces.spend(&"n".repeat(129), NOW));
    }
}
