//! The three requests: a page, a checkout, a poll.
//!
//! Checkouts and polls arrive as through a proxy: each client has an address of
//! its own in `X-Forwarded-For`, of 240.0.0.0/4, which belongs to nobody. It is
//! header text only.

use std::io::Write;
use std::net::Ipv4Addr;

use serde::Deserialize;

/// Checkouts from one address.
const FROM_ONE: u32 = 4;
const DONATION: &str =
    r#"{"amount":5,"message":"For the benchmark, with butter","supporter_name":"Bench"}"#;

/// What a load asks for.
#[derive(Clone)]
pub(crate) enum Requests {
    /// The page, compressed.
    Page,
    Checkout,
    /// How these donations stand, in turn.
    Polls(Vec<String>),
}

#[derive(Deserialize)]
struct Made {
    intent_id: String,
}

impl Requests {
    /// Whether it may be sent again when a connection breaks.
    pub(crate) fn may_repeat(&self) -> bool {
        !matches!(self, Self::Checkout)
    }

    /// Writes request `n`.
    pub(crate) fn write(&self, n: u32, to: &mut Vec<u8>) {
        // Writing to memory does not fail.
        let _ = match self {
            Self::Page => write!(
                to,
                "GET / HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n"
            ),
            Self::Checkout => {
                let client = address(n / FROM_ONE);
                write!(
                    to,
                    "POST /api/checkout HTTP/1.1\r\nHost: localhost\r\n\
                     X-Forwarded-For: {client}\r\nContent-Type: application/json\r\n\
                     Content-Length: {}\r\n\r\n{DONATION}",
                    DONATION.len()
                )
            }
            Self::Polls(ids) => {
                let place = usize::try_from(n).unwrap_or(0) % ids.len().max(1);
                let client = address(u32::try_from(place).unwrap_or(0));
                let id = ids.get(place).map_or("", String::as_str);
                write!(
                    to,
                    "GET /api/status?intent_id={id} HTTP/1.1\r\nHost: localhost\r\n\
                     X-Forwarded-For: {client}\r\n\r\n"
                )
            }
        };
    }

    /// The donation that a checkout's answer names.
    pub(crate) fn made(&self, body: &[u8]) -> Option<String> {
        if !matches!(self, Self::Checkout) {
            return None;
        }
        // It may be a chunk.
        let object = body.iter().position(|byte| *byte == b'{')?;
        let end = body.iter().rposition(|byte| *byte == b'}')?;
        let made: Made = serde_json::from_slice(body.get(object..=end)?).ok()?;
        Some(made.intent_id)
    }
}

fn address(client: u32) -> Ipv4Addr {
    Ipv4Addr::from_bits(0xf000_0000 | client)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(requests: &Requests, n: u32) -> String {
        let mut request = Vec::new();
        requests.write(n, &mut request);
        String::from_utf8(request).unwrap()
    }

    #[test]
    fn pages_poll_in_turn_each_from_its_own_address() {
        let polls = Requests::Polls(vec!["a".to_owned(), "b".to_owned()]);
        for (n, id, client) in [
            (0, "a", "240.0.0.0"),
            (1, "b", "240.0.0.1"),
            (2, "a", "240.0.0.0"),
        ] {
            let request = text(&polls, n);
            assert!(request.contains(&format!("intent_id={id} ")), "{request}");
            assert!(request.contains(&format!(": {client}\r\n")), "{request}");
            assert!(request.ends_with("\r\n\r\n"), "{request}");
        }
    }

    #[test]
    fn few_checkouts_come_from_one_address() {
        let address = |n| {
            let request = text(&Requests::Checkout, n);
            let (_, after) = request.split_once("For: ").unwrap();
            after.split_once('\r').unwrap().0.to_owned()
        };
        assert_eq!(address(3), "240.0.0.0");
        assert_eq!(address(4), "240.0.0.1");
        assert_eq!(address(4 * 70_000), "240.1.17.112");
    }

    #[test]
    fn a_checkout_names_its_donation() {
        let body = br#"{"checkout_url":"https://x","intent_id":"7"}"#;
        assert_eq!(Requests::Checkout.made(body).as_deref(), Some("7"));
        let chunk = b"11\r\n{\"intent_id\":\"7\"}\r\n0\r\n\r\n";
        assert_eq!(Requests::Checkout.made(chunk).as_deref(), Some("7"));
        assert_eq!(Requests::Page.made(body), None);
    }
}
