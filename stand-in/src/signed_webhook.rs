//! A webhook as it goes over the wire, whoever signed it.

use serde_json::{Map, Value};
use url::Url;

/// A signed webhook. What a test alters here is no longer covered by the
/// signature.
#[derive(Clone, Debug)]
pub struct SignedWebhook {
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    pub(super) provider: &'static str,
    pub(super) webhook_id: String,
    /// Where it goes; `None`: nowhere.
    pub(super) url: Option<Url>,
}

impl SignedWebhook {
    /// Whose it is, as the app names its providers.
    pub fn provider(&self) -> &'static str {
        self.provider
    }

    /// What the provider knows it by, as it was signed.
    pub fn webhook_id(&self) -> &str {
        &self.webhook_id
    }

    /// One header by its lower-case name; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        let mut headers = self.headers.iter();
        let found = headers.find(|(candidate, _)| *candidate == name);
        found.map_or("", |(_, value)| value)
    }

    /// Replaces one header, by its lower-case name.
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(candidate, _)| *candidate != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Replaces the body.
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Sets one field of a JSON body.
    pub fn with_field(self, name: &str, value: impl Into<Value>) -> Self {
        self.altered(|fields| {
            fields.insert(name.to_owned(), value.into());
        })
    }

    /// Leaves one field of a JSON body out.
    pub fn without_field(self, name: &str) -> Self {
        self.altered(|fields| {
            fields.remove(name);
        })
    }

    /// Says one field of a JSON body before the rest, whether or not the rest
    /// has it too: a map would keep the signed one.
    pub fn with_field_before(self, name: &str, value: impl Into<Value>) -> Self {
        let rest = String::from_utf8_lossy(&self.body);
        let rest = rest.trim_start().trim_start_matches('{');
        let (name, value) = (Value::from(name), value.into());
        let body = format!("{{{name}:{value},{rest}");
        self.with_body(body)
    }

    fn altered(self, alter: impl FnOnce(&mut Map<String, Value>)) -> Self {
        let mut fields = serde_json::from_slice(&self.body).unwrap_or_default();
        alter(&mut fields);
        self.with_body(Value::Object(fields).to_string())
    }
}
