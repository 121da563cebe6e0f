//! The three test calls of Allscale's guide, for `bagel doctor`.

use serde_json::{Value, json};

use super::client::{Call, Reply};
use super::{Allscale, ApiCode};
use crate::ids::ForeignId;
use crate::provider::ProviderError;

/// What a test call came to.
#[derive(Clone, Debug)]
pub struct TestCall {
    /// The code, when the provider answered with an error.
    pub outcome: Result<(), ApiCode>,
    pub request_id: Option<ForeignId>,
    /// The provider's clock, in Unix seconds, where it told it.
    pub date: Option<i64>,
}

impl Allscale {
    /// Proves address, key, secret and clock: `pong` is `ok`.
    pub async fn ping(&self) -> Result<TestCall, ProviderError> {
        let reply = self.client.call(&Call::get("/v1/test/ping")).await?;
        expect(reply, &json!({"pong": "ok"}))
    }

    /// Always an error at the provider; proves that we report one as such.
    pub async fn fail(&self) -> Result<TestCall, ProviderError> {
        let reply = self.client.call(&Call::get("/v1/test/fail")).await?;
        Ok(judged(&reply))
    }

    /// Proves that a body is signed as it is sent: it comes back.
    pub async fn post(&self) -> Result<TestCall, ProviderError> {
        let body = json!({"message": "bagel 🥯", "number": 7});
        let reply = self
            .client
            .call(&Call::post("/v1/test/post", &body)?)
            .await?;
        expect(reply, &body)
    }
}

fn judged(reply: &Reply) -> TestCall {
    TestCall {
        outcome: match &reply.outcome {
            Ok(_) => Ok(()),
            Err(failure) => Err(failure.code),
        },
        request_id: reply.request_id.clone(),
        date: reply.date,
    }
}

fn expect(reply: Reply, payload: &Value) -> Result<TestCall, ProviderError> {
    let test_call = judged(&reply);
    if test_call.outcome.is_ok() && reply.payload::<Value>()? != *payload {
        return Err(ProviderError::Broken(
            "its payload is not what was asked for",
        ));
    }
    Ok(test_call)
}
