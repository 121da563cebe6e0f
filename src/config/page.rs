//! What the page shows of its creator: words, picture, links, looks, amounts.

use std::fmt;

use url::Url;

use super::reader::{Reader, boolean};
use super::{amounts, vars};
use crate::accent::Accent;
use crate::money::{Bounds, Cents, Currency};
use crate::outward::https_link;
use crate::supporter::Visibility;

const MOST_NAME_CHARS: usize = 80;
const MOST_TEXT_CHARS: usize = 500;

/// The largest picture we serve.
pub(super) const MOST_AVATAR_BYTES: usize = 512 * 1024;

/// The page as its creator wants it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PageSettings {
    /// Fills "Buy … a bagel".
    pub name: String,
    /// Empty when there is none.
    pub bio: String,
    /// The creator's own thanks; empty when there are none.
    pub thanks: String,
    pub avatar: Avatar,
    /// 1 to 8 amounts within the bounds, in the order to show them.
    pub presets: Vec<Cents>,
    pub custom_amount: bool,
    /// What is ticked before a supporter has said anything.
    pub visibility: Visibility,
    pub bounds: Bounds,
    pub theme: Theme,
    /// `None` keeps the page's own lox red.
    pub accent: Option<Accent>,
    /// https addresses, like the next two.
    pub twitter: Option<String>,
    pub github: Option<String>,
    pub website: Option<String>,
}

/// The creator's picture.
#[derive(Clone, PartialEq, Eq)]
pub enum Avatar {
    None,
    /// Ours to serve.
    File {
        bytes: Vec<u8>,
        content_type: &'static str,
    },
    /// For the visitor's browser to fetch; `origin` goes into `img-src`.
    Url {
        url: String,
        origin: String,
    },
}

/// Without the bytes.
impl fmt::Debug for Avatar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::File { content_type, .. } => write!(f, "File({content_type})"),
            Self::Url { url, .. } => write!(f, "Url({url})"),
        }
    }
}

/// Light, dark, or as the visitor's device has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Theme {
    Auto,
    Light,
    Dark,
}

impl Theme {
    /// As the variable and the page spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn parse(text: &str) -> Result<Self, &'static str> {
        [Self::Auto, Self::Light, Self::Dark]
            .into_iter()
            .find(|theme| theme.as_str() == text)
            .ok_or("write auto, light or dark")
    }
}

/// Reads the page's settings.
pub(super) fn read(r: &mut Reader, currency: Currency) -> PageSettings {
    let amounts = amounts::read(r, currency);
    PageSettings {
        name: r.read(vars::BAGEL_NAME, name),
        bio: r.read_optional(vars::BAGEL_BIO, text).unwrap_or_default(),
        thanks: r
            .read_optional(vars::BAGEL_THANKS, text)
            .unwrap_or_default(),
        avatar: avatar(r),
        presets: amounts.presets,
        custom_amount: r.read(vars::BAGEL_CUSTOM_AMOUNT, boolean),
        visibility: r.read(vars::BAGEL_VISIBILITY_DEFAULT, visibility),
        bounds: amounts.bounds,
        theme: r.read(vars::BAGEL_THEME, Theme::parse),
        accent: accent(r),
        twitter: r.read_optional(vars::BAGEL_TWITTER, |text| profile(text, "https://x.com/")),
        github: r.read_optional(vars::BAGEL_GITHUB, |text| {
            profile(text, "https://github.com/")
        }),
        website: r.read_optional(vars::BAGEL_WEBSITE, |text| {
            https(text).map(|url| url.to_string())
        }),
    }
}

fn accent(r: &mut Reader) -> Option<Accent> {
    let accent = r.read_optional(vars::BAGEL_ACCENT, Accent::parse)?;
    for note in accent.notes() {
        r.warning(vars::BAGEL_ACCENT.name, note);
    }
    Some(accent)
}

fn visibility(text: &str) -> Result<Visibility, &'static str> {
    let mut ticked = Visibility::NOTHING;
    if text == "nothing" {
        return Ok(ticked);
    }
    for part in text.split(',').map(str::trim) {
        match part {
            "name" => ticked.name = true,
            "message" => ticked.message = true,
            "amount" => ticked.amount = true,
            _ => return Err("list name, message, amount with commas between, or write nothing"),
        }
    }
    Ok(ticked)
}

fn name(text: &str) -> Result<String, String> {
    if text.chars().any(char::is_control) {
        return Err("must be one line without control characters".to_owned());
    }
    at_most(MOST_NAME_CHARS, text)
}

/// One paragraph or several.
fn text(text: &str) -> Result<String, String> {
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err("must not have control characters other than line breaks".to_owned());
    }
    at_most(MOST_TEXT_CHARS, text)
}

fn at_most(most: usize, text: &str) -> Result<String, String> {
    match text.chars().count() {
        count if count > most => Err(format!("has {count} characters: at most {most} fit")),
        _ => Ok(text.to_owned()),
    }
}

fn avatar(r: &mut Reader) -> Avatar {
    let Some(text) = r.text(vars::BAGEL_AVATAR.name) else {
        return Avatar::None;
    };
    let avatar = if text.contains("://") {
        https(&text).map_err(str::to_owned).map(|url| Avatar::Url {
            origin: url.origin().ascii_serialization(),
            url: url.into(),
        })
    } else {
        picture(r, &text)
    };
    avatar.unwrap_or_else(|why| {
        r.problem(vars::BAGEL_AVATAR.name, why);
        Avatar::None
    })
}

fn picture(r: &Reader, path: &str) -> Result<Avatar, String> {
    let bytes = r.read_file(path)?;
    if bytes.len() > MOST_AVATAR_BYTES {
        return Err("names a file of more than 512 KiB: make the picture smaller".to_owned());
    }
    let content_type = content_type(&bytes)
        .ok_or_else(|| "names a file that is no PNG, JPEG or WebP picture".to_owned())?;
    Ok(Avatar::File {
        bytes,
        content_type,
    })
}

/// The kind of a picture by its first bytes; its name proves nothing.
fn content_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some("image/webp"),
        _ => None,
    }
}

/// The address of a handle at `site`, or an https URL as it is.
fn profile(text: &str, site: &str) -> Result<String, &'static str> {
    let handle = text.strip_prefix('@').unwrap_or(text);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !handle.is_empty() && handle.len() <= 39 && handle.chars().all(is_plain) {
        return Ok(format!("{site}{handle}"));
    }
    https(text)
        .map(Url::into)
        .map_err(|_| "write your handle alone (letters, digits, - and _), or an https URL")
}

/// An https URL whose host is plain enough for a header.
fn https(text: &str) -> Result<Url, &'static str> {
    https_link(text).ok_or("must be a URL that starts with https:// and has no user name in it")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{config, places};

    #[test]
    fn a_colour_that_cannot_be_kept_is_told() {
        let pale = config(&[("BAGEL_ACCENT", "#ffee00")]).unwrap();
        assert_eq!(places(&pale.warnings), ["BAGEL_ACCENT"]);
        let told = pale.warnings[0].to_string();
        assert!(
            told.starts_with("BAGEL_ACCENT: #ffee00 is too light on paper"),
            "{told}"
        );
        assert_eq!(config(&[]).unwrap().page.accent, None);
    }
}
