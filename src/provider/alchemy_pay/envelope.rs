//! The envelope every reply of Alchemy Pay's API comes in.
//!
//! Success is `returnCode` "0000", whatever the HTTP status; any other code is a
//! failure that the provider names.

use axum::http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use super::failure::ApiFailure;
use super::signature::{AppSecret, Parameters};
use crate::provider::ProviderError;
use crate::provider::call::no_envelope;

/// A reply, read as far as it is the same for every call.
pub(super) type Outcome = Result<Option<Box<RawValue>>, ApiFailure>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    return_code: String,
    #[serde(default)]
    return_msg: Value,
    data: Option<Box<RawValue>>,
    #[serde(default)]
    signature: Value,
}

/// Opens the envelope in `body`. Without one, `status` decides what the reply
/// was. A signature that is there has to be right.
pub(super) fn open(
    secret: &AppSecret,
    status: StatusCode,
    body: &[u8],
) -> Result<Outcome, ProviderError> {
    let wire: Wire = object(body).ok_or_else(|| no_envelope(status))?;
    if wire.return_code != "0000" {
        let text = wire.return_msg.as_str().unwrap_or_default();
        return Ok(Err(ApiFailure::told(status, &wire.return_code, text)));
    }
    let data = wire.data.as_ref().map_or("{}", |data| data.get());
    if !is_authentic(secret, &wire.signature, data) {
        return Err(ProviderError::Broken("its signature is wrong"));
    }
    Ok(Ok(wire.data))
}

/// The data of a success, as the call's documentation has it.
pub(super) fn payload<T: DeserializeOwned>(data: &RawValue) -> Result<T, ProviderError> {
    object(data.get().as_bytes()).ok_or(ProviderError::Broken("its data is not what was asked for"))
}

/// The same where the call answers with a list.
pub(super) fn list<T: DeserializeOwned>(data: &RawValue) -> Result<Vec<T>, ProviderError> {
    serde_json::from_str(data.get())
        .map_err(|_| ProviderError::Broken("its data is not the list that was asked for"))
}

/// Reads a JSON object; `serde` alone would take a list as well.
fn object<T: DeserializeOwned>(json: &[u8]) -> Option<T> {
    let is_object = json.trim_ascii_start().starts_with(b"{");
    is_object.then(|| serde_json::from_slice(json).ok())?
}

#[derive(Deserialize, Default)]
struct Signed {
    #[serde(default)]
    signature: Value,
}

/// Whether each signature, beside the data or in it, is one over the data.
fn is_authentic(secret: &AppSecret, beside: &Value, data: &str) -> bool {
    let within: Signed = object(data.as_bytes()).unwrap_or_default();
    let told = [beside, &within.signature];
    told.into_iter()
        .filter(|told| !told.is_null() && *told != "")
        .all(|told| told.as_str().is_some_and(|told| covers(secret, told, data)))
}

fn covers(secret: &AppSecret, signature: &str, data: &str) -> bool {
    let Ok(mut parameters) = serde_json::from_str::<Parameters>(data) else {
        return false;
    };
    parameters.take("signature");
    parameters.take("id");
    secret.verifies(&parameters, signature)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(status: u16, body: &str) -> Result<Outcome, ProviderError> {
        let secret = AppSecret::new("secret".into());
        open(
            &secret,
            StatusCode::from_u16(status).unwrap(),
            body.as_bytes(),
        )
    }

    #[test]
    fn what_is_no_envelope_is_broken_or_refused() {
        for body in [
            "",
            "null",
            "[]",
            r#"["0000"]"#,
            "<html>",
            "{}",
            r#"{"returnCode":0}"#,
            r#"{"returnCode":"0000","returnCode":"0000"}"#,
        ] {
            for status in [200, 502, 503] {
                let error = opened(status, body).err().unwrap();
                assert!(matches!(error, ProviderError::Broken(_)), "{body}");
            }
            let error = opened(500, body).err().unwrap();
            assert!(matches!(error, ProviderError::Failed), "{body}");
            let error = opened(404, body).err().unwrap();
            assert!(matches!(error, ProviderError::Refused(_)), "{body}");
        }
    }

    #[test]
    fn success_is_the_return_code_alone() {
        let body = r#"{"success":false,"returnCode":"0000","data":{"a":"1"}}"#;
        assert_eq!(
            opened(500, body).unwrap().unwrap().unwrap().get(),
            r#"{"a":"1"}"#
        );
        let body = r#"{"success":true,"returnCode":"0001","data":{"a":"1"}}"#;
        assert!(opened(200, body).unwrap().is_err());
    }

    #[test]
    fn a_list_is_data_too() {
        let body = r#"{"returnCode":"0000","data":[{"a":"1"},{"a":"2"}]}"#;
        let data = opened(200, body).unwrap().unwrap().unwrap();
        assert_eq!(list::<Value>(&data).unwrap().len(), 2);
        assert!(payload::<Signed>(&data).is_err());
    }

    #[test]
    fn a_signature_that_is_there_has_to_be_right() {
        let signed = Parameters::from_iter([("a", "1".to_owned())]);
        let good = AppSecret::new("secret".into()).sign(&signed);
        for (body, right) in [
            (
                format!(r#"{{"returnCode":"0000","data":{{"a":"1","signature":"{good}"}}}}"#),
                true,
            ),
            (
                format!(r#"{{"returnCode":"0000","data":{{"a":"1"}},"signature":"{good}"}}"#),
                true,
            ),
            (
                format!(r#"{{"returnCode":"0000","data":{{"a":"2","signature":"{good}"}}}}"#),
                false,
            ),
            (
                format!(r#"{{"returnCode":"0000","data":{{"a":"2"}},"signature":"{good}"}}"#),
                false,
            ),
            (
                format!(r#"{{"returnCode":"0000","data":{{"a":1}},"signature":"{good}"}}"#),
                true,
            ),
            (
                format!(r#"{{"returnCode":"0000","data":{{"a":[1]}},"signature":"{good}"}}"#),
                false,
            ),
            (
                format!(r#"{{"returnCode":"0000","data":null,"signature":"{good}"}}"#),
                false,
            ),
            (
                r#"{"returnCode":"0000","data":{"a":"1","signature":7}}"#.to_owned(),
                false,
            ),
            (
                r#"{"returnCode":"0000","data":{"a":"1","signature":null}}"#.to_owned(),
                true,
            ),
        ] {
            assert_eq!(opened(200, &body).is_ok(), right, "{body}");
        }
    }
}
