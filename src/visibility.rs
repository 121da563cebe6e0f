//! [`Visibility`]: what of a donation may be shown publicly, by the word of
//! its supporter.
//!
//! Owns nothing but the three answers. What was never answered is not shown;
//! the creator sees everything whatever is answered, and no provider is told.

/// What may be shown to everybody; nothing, unless the supporter said so.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Visibility {
    pub name: bool,
    pub message: bool,
    pub amount: bool,
}

impl Visibility {
    /// Nothing is shown.
    pub const NOTHING: Self = Self {
        name: false,
        message: false,
        amount: false,
    };
}
