//! The key pair of one stand-in. The secret never shows in `Debug`.

use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

#[derive(Clone, Debug)]
pub(crate) struct Credentials {
    key: String,
    secret: SecretString,
}

impl Credentials {
    pub(crate) fn new(key: &str, secret: &str) -> Self {
        Self {
            key: key.to_owned(),
            secret: secret.into(),
        }
    }

    /// Both begin with `st_`, as the provider's do.
    pub(crate) fn random() -> Self {
        let random = || Uuid::new_v4().simple();
        Self::new(
            &format!("st_{}", random()),
            &format!("st_{}{}", random(), random()),
        )
    }

    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    pub(crate) fn secret(&self) -> &str {
        self.secret.expose_secret()
    }
}
