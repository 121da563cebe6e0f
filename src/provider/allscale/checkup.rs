//! Whether Allscale knows this store: the three test calls of its guide, the
//! clocks, and what to do about what is wrong.
//!
//! The first call is made without asking for a signed reply, so that a wrong
//! secret is reported as one.

use serde_json::{Value, json};

use super::Allscale;
use super::client::{Call, Client, Reply};
use super::envelope::ApiCode;
use crate::provider::skew::Skew;
use crate::provider::{Finding, ProviderError};

type Answer = Result<Reply, ProviderError>;

impl Allscale {
    /// Makes the three calls, as far as the first lets it.
    pub(super) async fn checkup(&self) -> Vec<Finding> {
        let client = &self.client;
        if client.key.is_made_of(&client.api_key) {
            return vec![Finding::Bad(SAME_VALUE.into())];
        }
        let unsigned = Client {
            signed_responses: false,
            ..client.clone()
        };
        let mut findings = known(client, unsigned.ping().await);
        if !findings.iter().any(Finding::is_bad) {
            findings.push(echo(client, client.echo().await));
            findings.push(errors(client, client.fail().await));
        }
        findings
    }
}

impl Client {
    /// Proves address, key, secret and clock: `pong` is `ok`.
    pub(super) async fn ping(&self) -> Answer {
        let reply = self.call(&Call::get("/v1/test/ping")).await?;
        expect(reply, &json!({"pong": "ok"}))
    }

    /// Always an error at the provider; proves that we report one as such.
    pub(super) async fn fail(&self) -> Answer {
        self.call(&Call::get("/v1/test/fail")).await
    }

    /// Proves that a body is signed as it is sent: it comes back.
    pub(super) async fn echo(&self) -> Answer {
        let body = json!({"message": "bagel 🥯", "number": 7});
        let reply = self.call(&Call::post("/v1/test/post", &body)?).await?;
        expect(reply, &body)
    }
}

fn expect(reply: Reply, payload: &Value) -> Answer {
    let told = |json: &str| serde_json::from_str::<Value>(json).ok();
    match &reply.outcome {
        Ok(json) if json.as_ref().and_then(|json| told(json.get())).as_ref() != Some(payload) => {
            Err(ProviderError::Broken(
                "its payload is not what was asked for",
            ))
        }
        _ => Ok(reply),
    }
}

/// The code, where the provider answered with an error.
fn code(answer: Answer) -> Result<Option<ApiCode>, ProviderError> {
    Ok(answer?.outcome.err().map(|failure| failure.code))
}

/// Whether the other calls are worth making; else they fail the same way.
fn known(client: &Client, ping: Answer) -> Vec<Finding> {
    let skew = ping.as_ref().ok().and_then(|reply| reply.skew);
    let judged = match code(ping) {
        Ok(None) => Finding::Good(format!(
            "Allscale at {} knows this store (ping)",
            client.base_url.as_str()
        )),
        Ok(Some(ApiCode::BAD_SIGNATURE)) => Finding::Bad(bad_signature(skew)),
        Ok(Some(code)) => Finding::Bad(refused("ping", code)),
        Err(error) => Finding::Bad(no_answer("ping", &error, client)),
    };
    skew.map(Skew::judged).into_iter().chain([judged]).collect()
}

fn echo(client: &Client, answer: Answer) -> Finding {
    match code(answer) {
        Ok(None) if client.signed_responses => {
            Finding::Good("A body arrives as it was signed, and the reply is signed (post)".into())
        }
        Ok(None) => Finding::Good("A body arrives as it was signed (post)".into()),
        Ok(Some(code)) => Finding::Bad(refused("post", code)),
        Err(error) => Finding::Bad(no_answer("post", &error, client)),
    }
}

/// An error is what this call is for.
fn errors(client: &Client, fail: Answer) -> Finding {
    match code(fail) {
        Ok(Some(_)) => Finding::Good("An error is understood as one (fail)".into()),
        Ok(None) => {
            Finding::Warning("Allscale's call \"fail\" succeeded, which it never should".into())
        }
        Err(error) => Finding::Bad(no_answer("fail", &error, client)),
    }
}

const SAME_VALUE: &str = "ALLSCALE_API_KEY and ALLSCALE_API_SECRET hold the same \
    value: copy each of the two from the dashboard";

/// What to check about a 20002, in the guide's order.
fn bad_signature(skew: Option<Skew>) -> String {
    let clock = Skew::suspected(skew);
    let secret = match skew {
        Some(skew) if skew.is_fatal() => "there is none around it",
        _ => {
            "there is none around it. MOST LIKELY the secret\n   is not the one of this API key: \
             copy both again, from the same store"
        }
    };
    format!(
        "Allscale refuses the signature (20002, ping). What it can be, in the order to check:\n\
         1. The hash is over the exact raw body: this program's work, and tested\n\
         2. The parts are joined with line breaks: this program's work, and tested\n\
         3. The path is exact, trailing slash included: so it was sent; a proxy between here and\n   \
            Allscale must not rewrite it, and ALLSCALE_BASE_URL has no path of its own\n\
         4. The query is the empty string when there is none: this program's work, and tested\n\
         5. The timestamp is fresh: {clock}\n\
         6. The secret has no stray white space: {secret}\n\
         7. HMAC-SHA256 as Base64, not hex: this program's work, and tested"
    )
}

/// The provider named an error other than 20002.
fn refused(call: &str, code: ApiCode) -> String {
    format!("Allscale refuses {call}: {} ({code})", code.explanation())
}

/// The provider gave no answer that can be used.
fn no_answer(call: &str, error: &ProviderError, client: &Client) -> String {
    let base_url = client.base_url.as_str();
    let advice = match error {
        ProviderError::Unreachable => format!(
            "is ALLSCALE_BASE_URL right, and does this machine reach it? Try: curl -i {base_url}"
        ),
        ProviderError::TooSlow => {
            format!("try again in a minute, and from here: curl -i {base_url}")
        }
        ProviderError::Broken(_) if client.signed_responses && call != "ping" => {
            "is response signing on for this store? If not, set ALLSCALE_SIGNED_RESPONSES=false"
                .to_owned()
        }
        ProviderError::RateLimited(_) => "wait a minute".to_owned(),
        _ => format!("is ALLSCALE_BASE_URL right? It is {base_url}"),
    };
    format!("No good answer to {call}: {error};\n{advice}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_signature_is_explained_in_the_guides_order() {
        let text = bad_signature(None);
        let order = [
            "exact raw body",
            "joined",
            "trailing slash",
            "empty string",
            "timestamp is fresh",
            "white space",
            "Base64, not hex",
        ];
        let places: Vec<_> = order.iter().map(|part| text.find(part).unwrap()).collect();
        assert!(places.is_sorted(), "{text}");
    }

    #[test]
    fn a_clock_that_is_wrong_is_named_as_the_cause() {
        for (ahead, clock_is_it) in [(Some(301), true), (Some(-900), true), (Some(300), false)] {
            let text = bad_signature(ahead.map(|ahead| Skew {
                whose: "Allscale",
                ahead,
            }));
            assert_eq!(text.contains("THIS IS IT"), clock_is_it, "{text}");
            assert_eq!(text.contains("MOST LIKELY"), !clock_is_it, "{text}");
        }
    }
}
