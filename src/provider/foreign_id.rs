//! [`ForeignId`]: a provider's text, made harmless.

use std::fmt;

use crate::donation::DonationId;

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

/// Our own id, at a provider that makes none.
impl From<DonationId> for ForeignId {
    fn from(id: DonationId) -> Self {
        Self(id.to_string())
    }
}

impl fmt::Display for ForeignId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
