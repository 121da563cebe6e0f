//! Allscale's states of a checkout, and ours for each.
//!
//! Owns the numbers and names of "Status" in Allscale's guide. A state that is not
//! listed never breaks anything, and never confirms.

use serde_json::Value;

use crate::provider::ProviderError;
use crate::status::Status;

/// What the payload of a status call says: a bare number, or an object with one in
/// it.
pub(super) fn standing(payload: &Value) -> Result<Status, ProviderError> {
    let code = payload.as_i64().or_else(|| payload["status"].as_i64());
    code.map(status_of)
        .ok_or(ProviderError::Broken("its payload is no state"))
}

/// The status for Allscale's number. An unlisted number never breaks anything:
/// negative is failed, any other is pending.
pub(super) fn status_of(code: i64) -> Status {
    listed(code).unwrap_or(if code < 0 {
        Status::Failed
    } else {
        Status::Pending
    })
}

fn listed(code: i64) -> Option<Status> {
    match code {
        1 => Some(Status::Created),
        2 => Some(Status::Viewed),
        3 => Some(Status::TempWalletReceived),
        4 => Some(Status::ManualOperation),
        5 => Some(Status::SendBack),
        10 => Some(Status::OnChain),
        20 => Some(Status::Confirmed),
        -1 => Some(Status::Failed),
        -2 => Some(Status::Rejected),
        -3 => Some(Status::Underpaid),
        -4 => Some(Status::Canceled),
        -5 => Some(Status::Timeout),
        _ => None,
    }
}

/// Reads a listed state, written as number, numeric string or name.
pub(super) fn read_status(value: &Value) -> Option<Status> {
    match value {
        Value::Number(number) => number.as_i64().and_then(listed),
        Value::String(text) => numeric(text).or_else(|| named(text)),
        _ => None,
    }
}

fn numeric(text: &str) -> Option<Status> {
    let code: i64 = text.parse().ok()?;
    (code.to_string() == text).then(|| listed(code))?
}

fn named(text: &str) -> Option<Status> {
    match text.to_ascii_uppercase().as_str() {
        "PAYING" => Some(Status::Viewed),
        "PENDING_MANUAL_OPERATION" => Some(Status::ManualOperation),
        // Three of our names are no word of the provider's.
        "PENDING" | "REVIEW" | "UNKNOWN" => None,
        name => Status::from_name(name),
    }
}
