//! Fault injection: what the stand-in must do wrong, at which call, and how
//! often.
//!
//! Owns the list; [`super::api`] and the protocols carry a fault out.

use std::sync::Mutex;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::state::lock;

/// A call of the protocol; [`Call::Any`] also stands for unknown addresses.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    Any,
    Ping,
    Fail,
    Post,
    Create,
    Status,
    Intent,
    /// Alchemy Pay's query of an order.
    Query,
    /// The merchant's report to Alchemy Pay that an order was released.
    Release,
    /// Alchemy Pay's list of currencies.
    Fiats,
}

/// One fault, in JSON `{"call": "create", "kind": {"http": 503}, "times": 1}`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    pub call: Call,
    pub kind: FaultKind,
    /// How many calls it spoils; `None`: all, until cleared.
    pub times: Option<u32>,
}

impl Fault {
    /// Spoils every such call until cleared.
    pub const fn always(call: Call, kind: FaultKind) -> Self {
        Self {
            call,
            kind,
            times: None,
        }
    }

    /// Spoils the next such call.
    pub const fn once(call: Call, kind: FaultKind) -> Self {
        Self {
            call,
            kind,
            times: Some(1),
        }
    }
}

/// What goes wrong.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The call is not done and not answered.
    Hang,
    /// The call is done and not answered.
    HangAfterCommit,
    /// The call is done, then the connection is cut without a byte.
    DropAfterCommit,
    /// The true answer, one byte every 300 ms.
    Drip,
    /// The call is done and answered this much later; in JSON `{"delay_ms": 1500}`.
    #[serde(rename = "delay_ms", deserialize_with = "millis")]
    Delay(Duration),
    /// This HTTP status with an empty body.
    Http(u16),
    /// 429 with this `Retry-After`, and an empty body.
    RetryAfter(String),
    /// 200 with an empty body.
    Empty,
    /// 200 with a page of HTML.
    Garbage,
    /// 200 with exactly this body.
    Body(String),
    /// 200 with 200 MB of spaces.
    Huge,
    /// 307 to this address.
    Redirect(String),
    /// The call is not done, and answered with a failure in its envelope.
    Error { code: i64, message: String },
    /// This payload in place of the true one.
    Payload(Value),
    /// This value in one field of the true payload: `checkout_url`, `amount_cents`.
    Field(String, Value),
    /// The true payload without this field.
    Without(String),
    /// A signature over another body.
    WrongResponseSignature,
    /// No signature, though responses are signed.
    UnsignedResponse,
    /// Signed correctly an hour ago.
    StaleResponse,
    /// Signed correctly for another request.
    ForeignNonce,
}

impl FaultKind {
    /// Whether the merchant can still read that its call was done.
    pub(crate) const fn lets_answer_through(&self) -> bool {
        matches!(
            self,
            Self::Delay(_) | Self::Payload(_) | Self::Field(..) | Self::Without(_)
        )
    }

    /// The payload to answer in place of the true one.
    pub(crate) fn alter(&self, mut payload: Value) -> Value {
        match (self, payload.as_object_mut()) {
            (Self::Payload(other), _) => return other.clone(),
            (Self::Field(name, value), Some(fields)) => {
                fields.insert(name.clone(), value.clone());
            }
            (Self::Without(name), Some(fields)) => {
                fields.remove(name);
            }
            _ => {}
        }
        payload
    }
}

fn millis<'de, D: Deserializer<'de>>(input: D) -> Result<Duration, D::Error> {
    u64::deserialize(input).map(Duration::from_millis)
}

/// The faults still to come.
#[derive(Default)]
pub struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    /// Misbehaves at the next call that the fault is for.
    pub fn inject(&self, fault: Fault) {
        lock(&self.0).push(fault);
    }

    pub fn clear(&self) {
        lock(&self.0).clear();
    }

    /// The oldest fault for this call, counted down.
    pub(crate) fn take(&self, call: Call) -> Option<FaultKind> {
        let mut faults = lock(&self.0);
        let meant = |fault: &Fault| fault.call == call || fault.call == Call::Any;
        faults.retain(|fault| fault.times != Some(0));
        let fault = faults.iter_mut().find(|fault| meant(fault))?;
        fault.times = fault.times.map(|times| times - 1);
        Some(fault.kind.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_counted_down_and_meant_for_one_call() {
        let faults = Faults::default();
        faults.inject(Fault::once(Call::Create, FaultKind::Empty));
        faults.inject(Fault::always(Call::Any, FaultKind::Garbage));
        assert!(matches!(faults.take(Call::Ping), Some(FaultKind::Garbage)));
        assert!(matches!(faults.take(Call::Create), Some(FaultKind::Empty)));
        assert!(matches!(
            faults.take(Call::Create),
            Some(FaultKind::Garbage)
        ));
        faults.clear();
        assert!(faults.take(Call::Create).is_none());
    }

    #[test]
    fn every_spelling_of_a_fault_in_json() {
        for kind in [
            r#""hang""#,
            r#""hang_after_commit""#,
            r#""drop_after_commit""#,
            r#""drip""#,
            r#"{"delay_ms":1500}"#,
            r#"{"http":503}"#,
            r#"{"retry_after":"7"}"#,
            r#""empty""#,
            r#""garbage""#,
            r#"{"body":"[]"}"#,
            r#""huge""#,
            r#"{"redirect":"http://127.0.0.1:1/"}"#,
            r#"{"error":{"code":40001,"message":"slow down"}}"#,
            r#"{"payload":20}"#,
            r#"{"field":["checkout_url","javascript:alert(1)"]}"#,
            r#"{"without":"amount_cents"}"#,
            r#""wrong_response_signature""#,
            r#""unsigned_response""#,
            r#""stale_response""#,
            r#""foreign_nonce""#,
        ] {
            let json = format!(r#"{{"call":"any","kind":{kind}}}"#);
            let fault: Fault = serde_json::from_str(&json).unwrap();
            assert!(fault.times.is_none(), "{json}");
        }
    }
}
