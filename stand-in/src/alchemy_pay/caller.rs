//! Whether a call is the merchant's: id, `sign`, and a timestamp not more than
//! five minutes away.
//!
//! Source: the documentation's "Authentication", "Sign demo for API".

use axum::http::HeaderMap;

use super::link::millis;
use super::merchant::Merchant;
use super::reply::ApiError;
use super::signature::call_sign;

/// The clocks may differ by this many milliseconds, either way.
const TOLERANCE: u64 = 5 * 60 * 1000;

/// `now` is in Unix milliseconds.
pub(super) fn check(headers: &HeaderMap, merchant: &Merchant, now: i64) -> Result<(), ApiError> {
    let app_id = header(headers, "appid")?;
    let timestamp = header(headers, "timestamp")?;
    let sign = header(headers, "sign")?;
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

/// The one value of a header; sent twice it counts as missing.
fn header<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str, ApiError> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
    .ok_or_else(|| ApiError::unsigned(&format!("the header {name} is missing")))
}
