//! The key pair of one stand-in. The secret never shows in `Debug`.

use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

#[derive(Clone, Debug)]
pub(in crate::stand_in) struct Credentials {
    key: String,
    secret: SecretString,
}

impl Credentials {
    pub(in crate::stand_in) fn new(key: &str, secret: &str) -> Self {
        Self {
            key: key.to_owned(),
            secret: secret.into(),
        }
    }

    /// Both begin with `st_`, as the provider's do.
    pub(in crate::stand_in) fn random() -> Self {
        let random = || Uuid::new_v4().simple();
        Self::new(
            &format!("st_{}", random()),
            &format!("st_{}{}", random(), random()),
        )
    }

    pub(in crate::stand_in) fn key(&self) -> &str {
        &self.key
    }

    pub(in crate::stand_in) fn secret(&self) -> &str {
        self.secret.expose_secret()
    }
}
