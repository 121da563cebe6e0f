//! The creator's own colour, made readable.
//!
//! From one colour come the button, its text and edge, the border of what is
//! chosen, links and focus rings, for the light theme and for the dark one. Text
//! reaches WCAG's 4.5 to 1 and controls 3 to 1 on every ground they stand on:
//! a colour that does not is moved towards black or white, its hue kept, until it
//! does. The creator's own button may be bright on light paper, for its edge
//! tells it apart. This module must never set a colour that it has not measured.

use std::iter;

use color::{AlphaColor, Oklab, OpaqueColor, Rgba8, Srgb};

/// The style sheet's grounds: page, ticket, chosen card. A test compares them.
const LIGHT_GROUNDS: [Rgba8; 3] = [
    rgb(0xfb, 0xdc, 0x9c),
    rgb(0xff, 0xfa, 0xf0),
    rgb(0xfd, 0xea, 0xc9),
];
const DARK_GROUNDS: [Rgba8; 3] = [
    rgb(0x1b, 0x12, 0x0d),
    rgb(0x2a, 0x1d, 0x16),
    rgb(0x43, 0x2d, 0x1e),
];

/// What is written on a button, in order of preference.
const TEXTS: [Rgba8; 2] = [rgb(0xff, 0xff, 0xff), rgb(0x2b, 0x11, 0x08)];

const BLACK: OpaqueColor<Oklab> = OpaqueColor::new([0.0, 0.0, 0.0]);
const WHITE: OpaqueColor<Oklab> = OpaqueColor::new([1.0, 0.0, 0.0]);

/// Contrast ratios: WCAG's least for text, and for controls.
const TEXT: f32 = 4.5;
const CONTROL: f32 = 3.0;

/// The creator's colour and what is shown of it in either theme.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Accent {
    given: Rgba8,
    light: Shades,
    dark: Shades,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Shades {
    button: Rgba8,
    on_button: Rgba8,
    edge: Rgba8,
    mark: Rgba8,
    link: Rgba8,
}

impl Accent {
    /// Reads `#rgb` or `#rrggbb`; the mark may be left out, for it begins a
    /// comment in some places.
    ///
    /// # Errors
    ///
    /// Says how to write it.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const WRONG: &str = "write six hexadecimal digits, such as b33f1e";
        let digits = text.strip_prefix('#').unwrap_or(text);
        if !matches!(digits.len(), 3 | 6) {
            return Err(WRONG);
        }
        let parsed = color::parse_color(&format!("#{digits}")).map_err(|_| WRONG)?;
        Ok(Self::new(parsed.to_alpha_color::<Srgb>().to_rgba8()))
    }

    fn new(given: Rgba8) -> Self {
        Self {
            given,
            light: on_light_paper(given),
            dark: on_dark_paper(given),
        }
    }

    /// The rule to put behind the style sheet.
    pub fn css(&self) -> String {
        let values = |of: fn(&Shades) -> Rgba8| {
            let (light, dark) = (of(&self.light), of(&self.dark));
            format!("var(--light, {light:x}) var(--dark, {dark:x})")
        };
        format!(
            "\n:root {{ --button: {}; --on-button: {}; --edge: {}; --mark: {}; --link: {}; }}\n",
            values(|it| it.button),
            values(|it| it.on_button),
            values(|it| it.edge),
            values(|it| it.mark),
            values(|it| it.link),
        )
    }

    /// A sentence for each theme in which the given colour could not be kept.
    pub fn notes(&self) -> Vec<String> {
        let themes = [
            (self.light, "too light on paper: the light theme"),
            (self.dark, "too dark at night: the dark theme"),
        ];
        themes
            .into_iter()
            .filter_map(|(shades, why)| {
                let moved = self.moved(shades)?;
                Some(format!("{:x} is {why} has {moved}", self.given))
            })
            .collect()
    }

    /// Such as "links in #756d00".
    fn moved(&self, shades: Shades) -> Option<String> {
        let parts: Vec<_> = [
            ("the button", shades.button),
            ("borders", shades.mark),
            ("links", shades.link),
        ]
        .into_iter()
        .filter(|(_, shade)| *shade != self.given)
        .map(|(what, shade)| format!("{what} in {shade:x}"))
        .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

fn on_light_paper(given: Rgba8) -> Shades {
    let grounds = &LIGHT_GROUNDS;
    let button = moved(given, BLACK, |it| text_on(it).is_some());
    Shades {
        button,
        on_button: text_on(button).unwrap_or(TEXTS[1]),
        edge: edge(button, BLACK, grounds),
        mark: moved(given, BLACK, |it| stands_out(it, grounds, CONTROL)),
        link: moved(given, BLACK, |it| stands_out(it, grounds, TEXT)),
    }
}

/// A dark button would sink into dark paper whatever its edge: it has to shine.
fn on_dark_paper(given: Rgba8) -> Shades {
    let grounds = &DARK_GROUNDS;
    let button = moved(given, WHITE, |it| {
        text_on(it).is_some() && stands_out(it, grounds, CONTROL)
    });
    Shades {
        button,
        on_button: text_on(button).unwrap_or(TEXTS[1]),
        edge: edge(button, WHITE, grounds),
        mark: moved(given, WHITE, |it| stands_out(it, grounds, CONTROL)),
        link: moved(given, WHITE, |it| stands_out(it, grounds, TEXT)),
    }
}

/// A shadow of the button that is seen on every ground.
fn edge(button: Rgba8, end: OpaqueColor<Oklab>, grounds: &[Rgba8]) -> Rgba8 {
    let shadow = packed(oklab(button).lerp_rect(BLACK, 0.35));
    moved(shadow, end, |it| stands_out(it, grounds, CONTROL))
}

/// What can be read on a button of this colour.
fn text_on(button: Rgba8) -> Option<Rgba8> {
    let is_readable = |text: &Rgba8| stands_out(*text, &[button], TEXT);
    TEXTS.into_iter().find(is_readable)
}

/// The first colour that holds on the way to `end`, which lies on the same hue.
fn moved(from: Rgba8, end: OpaqueColor<Oklab>, holds: impl Fn(Rgba8) -> bool) -> Rgba8 {
    let nearer = |at: &OpaqueColor<Oklab>| Some(at.lerp_rect(end, 0.02));
    let on_the_way = iter::successors(Some(oklab(from)), nearer).map(packed);
    iter::once(from)
        .chain(on_the_way.take(400))
        .find(|colour| holds(*colour))
        .unwrap_or(packed(end))
}

fn stands_out(colour: Rgba8, grounds: &[Rgba8], ratio: f32) -> bool {
    grounds.iter().all(|it| contrast(colour, *it) >= ratio)
}

/// WCAG's contrast ratio of two colours.
#[expect(clippy::float_arithmetic, reason = "colours, not money")]
fn contrast(one: Rgba8, other: Rgba8) -> f32 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: Rgba8) -> f32 {
    opaque(colour).relative_luminance()
}

fn oklab(colour: Rgba8) -> OpaqueColor<Oklab> {
    opaque(colour).convert()
}

fn packed(colour: OpaqueColor<Oklab>) -> Rgba8 {
    colour.to_rgba8()
}

fn opaque(colour: Rgba8) -> OpaqueColor<Srgb> {
    AlphaColor::from(colour).discard_alpha()
}

const fn rgb(r: u8, g: u8, b: u8) -> Rgba8 {
    Rgba8 { r, g, b, a: 255 }
}

#[cfg(test)]
mod tests;
