//! The one account the stand-in has at Alchemy Pay: id and secret, releases,
//! where its webhooks go; and whether a call is this merchant's.
//!
//! Source: the documentation's "Authentication", "Sign demo for API".

use std::sync::Mutex;

use axum::http::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use url::Url;
use uuid::Uuid;

use super::api::ApiError;
use super::link::millis;
use super::release::{Release, Releases};
use super::signature::call_sign;
use crate::api::single;
use crate::state::lock;

/// How far the clocks may differ, either way, in milliseconds.
const TOLERANCE: u64 = 5 * 60 * 1000;

/// A merchant of Alchemy Pay. The secret never shows in `Debug`.
#[derive(Debug)]
pub struct Merchant {
    app_id: String,
    secret: SecretString,
    pub(super) releases: Releases,
    callback: Mutex<Option<Url>>,
}

impl Merchant {
    /// With a random id and secret.
    pub(crate) fn new() -> Self {
        let random = || Uuid::new_v4().simple().to_string();
        Self {
            app_id: random()[..16].to_owned(),
            secret: random().into(),
            releases: Releases::default(),
            callback: Mutex::new(None),
        }
    }

    pub fn app_id(&self) -> &str {
        &self.app_id
    }

    pub fn secret(&self) -> &str {
        self.secret.expose_secret()
    }

    /// What was released, one line per order.
    pub fn releases(&self) -> Vec<Release> {
        self.releases.all()
    }

    /// Overrides the `callbackUrl` of every link, if set.
    pub(super) fn callback(&self) -> Option<Url> {
        lock(&self.callback).clone()
    }

    /// Sends Alchemy Pay's webhooks to `url` from now on; `None`: to the
    /// `callbackUrl` of each link.
    pub fn set_callback(&self, url: Option<Url>) {
        *lock(&self.callback) = url;
    }
}

/// Refuses a call that is not signed, or not within the tolerance. `now` is in
/// Unix milliseconds.
pub(super) fn check(headers: &HeaderMap, merchant: &Merchant, now: i64) -> Result<(), ApiError> {
    let header = |name: &str| {
        let missing = || ApiError::unsigned(&format!("the header {name} is missing"));
        single(headers, name).ok_or_else(missing)
    };
    let app_id = header("appid")?;
    let timestamp = header("timestamp")?;
    let sign = header("sign")?;
    if app_id != merchant.app_id() {
        return Err(ApiError::unsigned("appId is not known"));
    }
    if sign != call_sign(app_id, merchant.secret(), timestamp) {
        return Err(ApiError::unsigned("sign does not match"));
    }
    let sent = millis("timestamp", timestamp);
    if !sent.is_ok_and(|sent| sent.abs_diff(now) <= TOLERANCE) {
        return Err(ApiError::unsigned("timestamp is not within 5 minutes"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_763_776_801_000;

    fn answer(merchant: &Merchant, calls: &[(&'static str, &str)], now: i64) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in calls {
            headers.append(*name, value.parse().unwrap());
        }
        check(&headers, merchant, now).is_ok()
    }

    #[test]
    fn a_call_is_signed_and_within_five_minutes() {
        let merchant = Merchant::new();
        let (id, time) = (merchant.app_id(), NOW.to_string());
        let sign = call_sign(id, merchant.secret(), &time);
        let call = [("appid", id), ("timestamp", &*time), ("sign", &*sign)];
        for (skew, fresh) in [
            (300_000, true),
            (300_001, false),
            (-300_000, true),
            (-300_001, false),
        ] {
            assert_eq!(answer(&merchant, &call, NOW + skew), fresh, "{skew} ms");
        }
        let seconds = &time[..10];
        for (place, wrong) in [
            (0, "another"),
            (1, "1763776801001"),
            (2, &*sign.to_uppercase()),
            (2, &*call_sign(id, "another", &time)),
            (2, ""),
        ] {
            let mut forged = call;
            forged[place].1 = wrong;
            assert!(!answer(&merchant, &forged, NOW), "{wrong}");
        }
        let sign = call_sign(id, merchant.secret(), seconds);
        let short = [("appid", id), ("timestamp", seconds), ("sign", &*sign)];
        assert!(!answer(&merchant, &short, NOW), "seconds");
        for place in 0..3 {
            let twice = [&call[..], &call[place..=place]].concat();
            assert!(!answer(&merchant, &twice, NOW), "{} twice", call[place].0);
            let mut missing = call.to_vec();
            missing.remove(place);
            assert!(!answer(&merchant, &missing, NOW), "no {}", call[place].0);
        }
    }
}
