//! Whether Allscale knows this store: its three test calls, and the clocks.
//!
//! The first call is made without asking for a signed reply, so that a wrong
//! secret is told as one.

use std::io;

use secrecy::ExposeSecret;

use super::advice;
use super::findings::Findings;
use crate::clock::Clock;
use crate::outward::client_for;
use crate::provider::ProviderError;
use crate::provider::allscale::{Allscale, ApiCode, Settings, TestCall};

type Call = Result<TestCall, ProviderError>;

pub(super) async fn check(settings: &Settings, findings: &mut Findings<'_>) -> io::Result<()> {
    if settings.api_key == settings.api_secret.expose_secret() {
        return findings.bad(advice::SAME_VALUE);
    }
    let http = match client_for(&settings.base_url) {
        Ok(http) => http,
        Err(error) => return findings.bad(error),
    };
    let unsigned = Settings {
        signed_responses: false,
        ..settings.clone()
    };
    let plain = Allscale::new(unsigned, Clock::System, http.clone());
    if known(settings, plain.ping().await, findings)? {
        let store = Allscale::new(settings.clone(), Clock::System, http);
        echo(settings, store.post().await, findings)?;
        errors(settings, store.fail().await, findings)?;
    }
    Ok(())
}

/// Whether the other calls are worth making; else they fail the same way.
fn known(settings: &Settings, ping: Call, findings: &mut Findings<'_>) -> io::Result<bool> {
    let ahead = seconds_ahead(&ping);
    if let Some(ahead) = ahead {
        clock(ahead, findings)?;
    }
    match ping.map(|call| call.outcome) {
        Ok(Ok(())) => {
            let base_url = settings.base_url.as_str();
            findings.good(format!("Allscale at {base_url} knows this store (ping)"))?;
            return Ok(true);
        }
        Ok(Err(ApiCode::BadSignature)) => findings.bad(advice::bad_signature(ahead))?,
        Ok(Err(code)) => findings.bad(advice::refused("ping", code))?,
        Err(error) => findings.bad(advice::no_answer("ping", &error, settings))?,
    }
    Ok(false)
}

/// How far this machine's clock is ahead of the provider's, where it told it.
fn seconds_ahead(call: &Call) -> Option<i64> {
    let theirs = call.as_ref().ok()?.date?;
    Some(Clock::System.now().seconds() - theirs)
}

/// Signatures carry the time, so both clocks must agree.
fn clock(ahead: i64, findings: &mut Findings<'_>) -> io::Result<()> {
    let skew = advice::skew(ahead);
    if ahead.abs() <= advice::SKEW_FINE {
        findings.good(skew)
    } else if ahead.abs() <= advice::SKEW_MAX {
        let max = advice::SKEW_MAX;
        findings.warning(format!(
            "{skew}. Set it right (NTP): beyond {max} s nothing works"
        ))
    } else {
        findings.bad(format!(
            "{skew}. Set it right (NTP): signatures are refused and webhooks look stale"
        ))
    }
}

fn echo(settings: &Settings, post: Call, findings: &mut Findings<'_>) -> io::Result<()> {
    match post.map(|call| call.outcome) {
        Ok(Ok(())) if settings.signed_responses => {
            findings.good("A body arrives as it was signed, and the reply is signed (post)")
        }
        Ok(Ok(())) => findings.good("A body arrives as it was signed (post)"),
        Ok(Err(code)) => findings.bad(advice::refused("post", code)),
        Err(error) => findings.bad(advice::no_answer("post", &error, settings)),
    }
}

/// An error is what this call is for.
fn errors(settings: &Settings, fail: Call, findings: &mut Findings<'_>) -> io::Result<()> {
    match fail.map(|call| call.outcome) {
        Ok(Err(_)) => findings.good("An error is understood as one (fail)"),
        Ok(Ok(())) => findings.warning("Allscale's call \"fail\" succeeded, which it never should"),
        Err(error) => findings.bad(advice::no_answer("fail", &error, settings)),
    }
}
