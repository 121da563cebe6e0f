//! A webhook as it goes over the wire, whoever signed it.

use url::Url;

/// A signed webhook. What a test alters here is no longer covered by the
/// signature.
#[derive(Clone, Debug)]
pub struct SignedWebhook {
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    pub(super) webhook_id: String,
    /// Where it goes; `None`: nowhere.
    pub(super) url: Option<Url>,
}

impl SignedWebhook {
    /// What the provider knows it by, as it was signed.
    #[must_use]
    pub fn webhook_id(&self) -> &str {
        &self.webhook_id
    }

    /// One header by its lower-case name; empty when there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let mut headers = self.headers.iter();
        let found = headers.find(|(candidate, _)| *candidate == name);
        found.map_or("", |(_, value)| value)
    }

    /// Replaces one header, by its lower-case name.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(candidate, _)| *candidate != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Replaces the body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }
}
