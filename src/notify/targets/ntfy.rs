//! ntfy: a topic on ntfy.sh or on a server of one's own.
//!
//! Published as JSON, which carries any text; headers would not.

use axum::http::header;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::Call;
use crate::ledger::Occasion;
use crate::notify::notification::{Notification, Wording};
use crate::outward::{SecretUrl, sensitive};

/// A topic, and the token of a server that wants one.
#[derive(Clone, Debug)]
pub struct Ntfy {
    pub topic: Topic,
    pub token: Option<SecretString>,
}

/// A topic. Its name is a secret: with it one can read the topic.
#[derive(Clone, Debug)]
pub struct Topic {
    server: SecretUrl,
    name: SecretString,
}

const NO_TOPIC: &str = "must end in a topic of at most 64 letters, digits, - and _, such as \
    https://ntfy.sh/a_name_nobody_guesses";

impl Topic {
    /// Reads a topic's address, as a browser opens it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = SecretUrl::parse(text).map_err(|why| why.to_string())?;
        let (server, name) = url.split().ok_or(NO_TOPIC)?;
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || name.len() > 64 || !name.chars().all(fits) {
            return Err(NO_TOPIC.to_owned());
        }
        let name = name.into();
        Ok(Self { server, name })
    }

    pub(super) fn is_loopback(&self) -> bool {
        self.server.is_loopback()
    }
}

impl Ntfy {
    /// The call that carries `notification`.
    pub(super) fn call(&self, notification: &Notification) -> Call {
        let wording = Wording::from(notification);
        let (priority, tag) = match notification.occasion {
            Some(Occasion::Review | Occasion::Underpaid) => (4, "warning"),
            Some(Occasion::Confirmed) | None => (3, "bagel"),
        };
        let mut body = json!({
            "topic": self.topic.name.expose_secret(),
            "title": wording.headline,
            "message": wording.body(),
            "priority": priority,
            "tags": [tag],
        });
        if let Some(link) = &wording.link {
            body["click"] = link.url.as_str().into();
        }
        let call = Call::new(self.topic.server.expose().clone(), &body);
        let bearer = |token: &SecretString| sensitive(&format!("Bearer {}", token.expose_secret()));
        match self.token.as_ref().and_then(bearer) {
            Some(bearer) => call.with(header::AUTHORIZATION, bearer),
            None => call,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Millis;

    fn call(address: &str, token: Option<&str>, occasion: Occasion) -> Call {
        let ntfy = Ntfy {
            topic: Topic::parse(address).unwrap(),
            token: token.map(SecretString::from),
        };
        let notification = Notification {
            occasion: Some(occasion),
            ..Notification::sample(Millis(0))
        };
        ntfy.call(&notification)
    }

    #[test]
    fn a_topic_is_published_to_at_its_server() {
        for (address, server) in [
            ("https://ntfy.sh/bagels", "https://ntfy.sh/"),
            ("https://ntfy.sh/bagels/", "https://ntfy.sh/"),
            ("http://localhost:1/ntfy/bagels", "http://localhost:1/ntfy/"),
        ] {
            let call = call(address, None, Occasion::Confirmed);
            assert_eq!(call.url.as_str(), server);
            let body = String::from_utf8(call.body).unwrap();
            assert!(body.contains(r#""topic":"bagels""#), "{body}");
            assert!(!call.headers.contains_key("authorization"));
        }
    }

    #[test]
    fn a_token_is_sent_and_never_shown() {
        let call = call("https://ntfy.sh/x", Some("tk_CANARY"), Occasion::Review);
        assert_eq!(call.headers["authorization"], "Bearer tk_CANARY");
        assert!(!format!("{:?}", call.headers).contains("CANARY"));
        let body = String::from_utf8(call.body).unwrap();
        assert!(body.contains(r#""priority":4"#), "{body}");
    }

    #[test]
    fn an_address_without_a_topic_is_none() {
        let long = format!("https://ntfy.sh/{}", "x".repeat(65));
        for text in [
            "https://ntfy.sh",
            "https://ntfy.sh/",
            "https://ntfy.sh/a.b",
            &long,
        ] {
            assert_eq!(Topic::parse(text).unwrap_err(), NO_TOPIC, "{text}");
        }
        let shown = format!("{:?}", Topic::parse("https://ntfy.sh/CANARY"));
        assert!(!shown.contains("CANARY"), "{shown}");
    }
}
