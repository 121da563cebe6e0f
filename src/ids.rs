//! Ids and hashes: our own random ids, a provider's ids made harmless, and
//! SHA-256 in hex.
//!
//! Owns the one spelling of each. `random_id!` makes a type of random ids, so
//! that one thing's id is never taken for another's.

use std::fmt;

use sha2::{Digest, Sha256};
use uuid::{Uuid, Variant, Version};

/// A random UUID in its canonical spelling. `Uuid::parse_str` alone takes five
/// spellings and any version, so one id would have many names.
pub(crate) fn parse_random_uuid(text: &str) -> Option<Uuid> {
    let uuid = Uuid::parse_str(text).ok()?;
    let random = uuid.get_version() == Some(Version::Random);
    let ours = random && uuid.get_variant() == Variant::RFC4122;
    (ours && uuid.to_string() == text).then_some(uuid)
}

/// Defines a type of random ids.
macro_rules! random_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub struct $name(::uuid::Uuid);

        impl $name {
            /// A fresh random id (UUID v4).
            pub fn random() -> Self {
                Self(::uuid::Uuid::new_v4())
            }

            /// Reads the one spelling we write: lower case with dashes, version 4.
            pub fn parse(text: &str) -> Option<Self> {
                $crate::ids::parse_random_uuid(text).map(Self)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}
pub(crate) use random_id;

/// A text from a provider, cut to 64 of `[A-Za-z0-9_.-]` (a transaction hash to
/// 66): safe to store, log and put into a path.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ForeignId(String);

impl ForeignId {
    /// What is left of an id; `None` when that is nothing.
    pub fn clean(text: &str) -> Option<Self> {
        Self::cut(text, 64)
    }

    /// An id that is harmless as it stands. One that cleaning would change
    /// cannot be compared or asked about, so it is none.
    pub fn exact(text: &str) -> Option<Self> {
        Self::clean(text).filter(|id| id.0 == text)
    }

    /// What is left of a transaction hash: `0x` and 64 hex digits.
    pub fn tx_hash(text: &str) -> Option<Self> {
        Self::cut(text, 66)
    }

    /// Our own id, at a provider that makes none.
    pub(crate) fn of_uuid(id: Uuid) -> Self {
        Self(id.to_string())
    }

    fn cut(text: &str, max: usize) -> Option<Self> {
        let kept: String = text
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || "_.-".contains(*c))
            .take(max)
            .collect();
        // Nothing but dots would climb in a path.
        (!kept.trim_matches('.').is_empty()).then_some(Self(kept))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ForeignId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// SHA-256 of `bytes` in lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// `bytes` in lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|nibble| char::from_digit(nibble.into(), 16))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::donation::DonationId;

    #[test]
    fn an_id_has_one_spelling() {
        let id = DonationId::random();
        let text = id.to_string();
        assert_eq!(DonationId::parse(&text), Some(id));
        for other in [
            text.to_uppercase(),
            text.replace('-', ""),
            format!("{{{text}}}"),
            format!("urn:uuid:{text}"),
            format!("{text} "),
        ] {
            assert_eq!(DonationId::parse(&other), None, "{other}");
        }
    }

    #[test]
    fn only_random_uuids_are_ids() {
        for text in [
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "0b9f9a5e-6f0f-1c5c-9f1f-3c1f6b1c7a01",
            "order_123",
            "",
        ] {
            assert_eq!(DonationId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn foreign_text_is_cut_to_what_is_harmless() {
        let text = ForeignId::clean("req_1/../\r\n<b>é\0").unwrap();
        assert_eq!(text.as_str(), "req_1..b");
        assert_eq!(
            ForeignId::clean(&"a".repeat(99)).unwrap().as_str().len(),
            64
        );
        for nothing in ["", "/\n", "..", "../.."] {
            assert_eq!(ForeignId::clean(nothing), None);
        }
        for changed in ["", "a/b", "a ", &"a".repeat(65)] {
            assert_eq!(ForeignId::exact(changed), None);
        }
        assert_eq!(ForeignId::exact("a_b").unwrap().as_str(), "a_b");
        let own = DonationId::random();
        assert_eq!(ForeignId::exact(&own.to_string()), Some(own.into()));
    }

    #[test]
    fn hashes_nothing_as_everybody_does() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256_hex(b""), empty);
    }
}
