//! What all our random ids are: UUIDs of version 4 that have one spelling.
//!
//! Owns that spelling. [`random_id!`] makes a type of it, so that one thing's
//! id is never taken for another's.

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
                $crate::random_id::parse_random_uuid(text).map(Self)
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

#[cfg(test)]
mod tests {
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
}
