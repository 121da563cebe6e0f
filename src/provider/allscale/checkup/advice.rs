//! Advice about one call to Allscale, in words. Pure.

use super::super::{ApiCode, client::Client};
use crate::provider::ProviderError;
use crate::provider::skew::Skew;

pub(super) const SAME_VALUE: &str = "ALLSCALE_API_KEY and ALLSCALE_API_SECRET hold the same \
    value: copy each of the two from the dashboard";

/// What to check about a 20002, in the guide's order.
pub(super) fn bad_signature(skew: Option<Skew>) -> String {
    let clock = match skew {
        Some(skew) if skew.is_fatal() => format!("{skew}: THIS IS IT, set it right (NTP)"),
        Some(skew) => skew.to_string(),
        None => "compare this machine's clock with `date -u` elsewhere".to_owned(),
    };
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
pub(super) fn refused(call: &str, code: ApiCode) -> String {
    format!(
        "Allscale refuses {call}: {} ({})",
        code.explanation(),
        code.number()
    )
}

/// The provider gave no answer that can be used.
pub(super) fn no_answer(call: &str, error: &ProviderError, client: &Client) -> String {
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
        ProviderError::RateLimited => "wait a minute".to_owned(),
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
