//! What a supporter writes, [`SupporterName`] and [`Message`], and what of it
//! may be shown: [`Visibility`].
//!
//! Owns the one door through which visitor text comes in: trimmed, bounded,
//! free of control characters and of what would turn around the letters beside
//! it, in a listing or a notification as well as on the page. Showing it
//! (escaped, in `<bdi>`) is the templates' part; it never enters a signed path
//! or link.

/// Why a text is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TextError {
    #[error("at most {max} characters, this has {found}")]
    TooLong { max: usize, found: usize },
    #[error("control characters cannot be taken")]
    ControlCharacter,
}

/// A supporter's name, one line of 1 to 50 characters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SupporterName(String);

impl SupporterName {
    /// Longest name, in characters.
    pub const MAX: usize = 50;

    /// Reads a name; nothing but white space is no name.
    pub fn parse(text: &str) -> Result<Option<Self>, TextError> {
        let one_line = text.replace(['\r', '\n'], " ");
        Ok(clean(&one_line, Self::MAX)?.map(Self))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A supporter's message, 1 to 280 characters; line breaks are kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message(String);

impl Message {
    /// Longest message, in characters.
    pub const MAX: usize = 280;

    /// Reads a message; nothing but white space is no message.
    pub fn parse(text: &str) -> Result<Option<Self>, TextError> {
        Ok(clean(text, Self::MAX)?.map(Self))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What may be shown publicly: nothing, unless the supporter agreed. The creator
/// sees everything in any case, and no provider learns of it.
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

fn clean(text: &str, max: usize) -> Result<Option<String>, TextError> {
    // Browsers send a textarea's line breaks as CR LF.
    let text = text.replace("\r\n", "\n");
    if text.trim().chars().any(|c| c.is_control() && c != '\n') {
        return Err(TextError::ControlCharacter);
    }
    let text = neutral(&text);
    let text = text.trim();
    let found = text.chars().count();
    if found > max {
        return Err(TextError::TooLong { max, found });
    }
    let is_visible = text.chars().any(|c| !c.is_whitespace() && !is_invisible(c));
    Ok(is_visible.then(|| text.to_owned()))
}

/// Without what turns letters around, and with one invisible character where
/// there is a run: emoji and some scripts need that one.
fn neutral(text: &str) -> String {
    let mut after_invisible = false;
    text.chars()
        .filter(|c| !turns_letters_around(*c))
        .filter(|c| {
            let repeated = after_invisible && is_invisible(*c);
            after_invisible = is_invisible(*c);
            !repeated
        })
        .collect()
}

/// The embeddings, overrides and isolates of bidirectional text.
fn turns_letters_around(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What has no width or no ink: joiners, soft hyphens, fillers.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2060}'..='\u{2064}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trims_and_keeps_what_people_write() {
        let name = SupporterName::parse("  Ada 🥯\n").unwrap().unwrap();
        assert_eq!(name.as_str(), "Ada 🥯");
        let message = Message::parse("one\r\ntwo").unwrap().unwrap();
        assert_eq!(message.as_str(), "one\ntwo");
    }

    #[test]
    fn nothing_is_nothing() {
        assert_eq!(SupporterName::parse(" \n "), Ok(None));
        assert_eq!(Message::parse(""), Ok(None));
    }

    #[test]
    fn counts_characters_not_bytes() {
        assert!(Message::parse(&"🥯".repeat(280)).unwrap().is_some());
        assert_eq!(
            Message::parse(&"🥯".repeat(281)),
            Err(TextError::TooLong {
                max: 280,
                found: 281
            })
        );
        assert!(SupporterName::parse(&"a".repeat(51)).is_err());
    }

    #[test]
    fn nothing_turns_the_letters_around() {
        let name = SupporterName::parse("\u{202e}00.5$ \u{2066}Ada\u{2069}").unwrap();
        assert_eq!(name.unwrap().as_str(), "00.5$ Ada");
    }

    #[test]
    fn what_cannot_be_seen_is_nothing_and_never_long() {
        for text in ["\u{200b}", " \u{feff}\u{2060} ", "\u{3164}", "\u{202e}"] {
            assert_eq!(SupporterName::parse(text), Ok(None), "{text:?}");
        }
        let run = format!("a{}b", "\u{200b}".repeat(500));
        let message = Message::parse(&run).unwrap().unwrap();
        assert_eq!(message.as_str(), "a\u{200b}b");
        for needed in ["👩\u{200d}🍳", "می\u{200c}خواهم"] {
            let message = Message::parse(needed).unwrap().unwrap();
            assert_eq!(message.as_str(), needed);
        }
    }

    #[test]
    fn refuses_control_characters() {
        for text in ["a\0b", "a\u{1b}[31m", "a\tb", "a\u{7f}", "a\u{85}b"] {
            assert_eq!(Message::parse(text), Err(TextError::ControlCharacter));
        }
    }
}
