//! Whether Allscale knows this store: its three test calls, and the clocks.
//!
//! The first call is made without asking for a signed reply, so that a wrong
//! secret is reported as one.

mod advice;

use super::client::Client;
use super::{Allscale, ApiCode, TestCall};
use crate::provider::skew::Skew;
use crate::provider::{Finding, ProviderError};

type Call = Result<TestCall, ProviderError>;

impl Allscale {
    /// Makes the three calls, as far as the first lets it.
    pub(super) async fn checkup(&self) -> Vec<Finding> {
        let client = &self.client;
        if client.key.is_made_of(&client.api_key) {
            return vec![Finding::Bad(advice::SAME_VALUE.into())];
        }
        let unsigned = Self {
            client: Client {
                signed_responses: false,
                ..client.clone()
            },
            currency: self.currency,
        };
        let mut findings = known(client, unsigned.ping().await);
        if !findings.iter().any(Finding::is_bad) {
            findings.push(echo(client, self.post().await));
            findings.push(errors(client, self.fail().await));
        }
        findings
    }
}

/// Whether the other calls are worth making; else they fail the same way.
fn known(client: &Client, ping: Call) -> Vec<Finding> {
    let skew = skew(client, &ping);
    let judged = match ping.map(|call| call.outcome) {
        Ok(Ok(())) => Finding::Good(format!(
            "Allscale at {} knows this store (ping)",
            client.base_url.as_str()
        )),
        Ok(Err(ApiCode::BadSignature)) => Finding::Bad(advice::bad_signature(skew)),
        Ok(Err(code)) => Finding::Bad(advice::refused("ping", code)),
        Err(error) => Finding::Bad(advice::no_answer("ping", &error, client)),
    };
    skew.map(Skew::judged).into_iter().chain([judged]).collect()
}

/// How the clocks compare, where the provider told its own.
fn skew(client: &Client, call: &Call) -> Option<Skew> {
    let theirs = call.as_ref().ok()?.date?;
    Some(Skew {
        whose: "Allscale",
        ahead: client.clock.now().seconds() - theirs,
    })
}

fn echo(client: &Client, post: Call) -> Finding {
    match post.map(|call| call.outcome) {
        Ok(Ok(())) if client.signed_responses => {
            Finding::Good("A body arrives as it was signed, and the reply is signed (post)".into())
        }
        Ok(Ok(())) => Finding::Good("A body arrives as it was signed (post)".into()),
        Ok(Err(code)) => Finding::Bad(advice::refused("post", code)),
        Err(error) => Finding::Bad(advice::no_answer("post", &error, client)),
    }
}

/// An error is what this call is for.
fn errors(client: &Client, fail: Call) -> Finding {
    match fail.map(|call| call.outcome) {
        Ok(Err(_)) => Finding::Good("An error is understood as one (fail)".into()),
        Ok(Ok(())) => {
            Finding::Warning("Allscale's call \"fail\" succeeded, which it never should".into())
        }
        Err(error) => Finding::Bad(advice::no_answer("fail", &error, client)),
    }
}
