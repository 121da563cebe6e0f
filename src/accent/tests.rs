use proptest::prelude::*;

use super::*;

const SHEET: &str = include_str!("../../static/page.css");

fn check(accent: &Accent) {
    for (shades, grounds) in [(accent.light, LIGHT_GROUNDS), (accent.dark, DARK_GROUNDS)] {
        let mut pairs = vec![("text on the button", shades.on_button, shades.button, 4.5)];
        for ground in grounds {
            pairs.push(("link", shades.link, ground, 4.5));
            pairs.push(("mark", shades.mark, ground, 3.0));
            pairs.push(("edge", shades.edge, ground, 3.0));
        }
        for (what, colour, ground, least) in pairs {
            let ratio = contrast(colour, ground);
            assert!(
                ratio >= least,
                "{what} {colour:x} on {ground:x}: {ratio}, {accent:?}"
            );
        }
    }
    for ground in DARK_GROUNDS {
        assert!(contrast(accent.dark.button, ground) >= 3.0, "{accent:?}");
    }
}

/// The value of a custom property in the style sheet: light, dark.
fn in_sheet(name: &str) -> [Rgba8; 2] {
    let line = SHEET
        .lines()
        .find_map(|line| line.trim().strip_prefix(&format!("--{name}: ")))
        .unwrap();
    let hex = |switch: &str| {
        let value = line.split(&format!("var(--{switch}, ")).nth(1).unwrap();
        let value = value.split(')').next().unwrap();
        let parsed = color::parse_color(value).unwrap();
        parsed.to_alpha_color::<Srgb>().to_rgba8()
    };
    [hex("light"), hex("dark")]
}

#[test]
fn the_grounds_are_those_of_the_style_sheet() {
    for (place, name) in ["dough", "paper", "chosen"].iter().enumerate() {
        let ours = [LIGHT_GROUNDS[place], DARK_GROUNDS[place]];
        assert_eq!(in_sheet(name), ours, "{name}");
    }
}

#[test]
fn the_sheet_s_own_colours_are_readable() {
    let of = |name, theme: usize| in_sheet(name)[theme];
    let [light, dark] = [0, 1].map(|theme| Shades {
        button: of("button", theme),
        on_button: of("on-button", theme),
        edge: of("edge", theme),
        mark: of("mark", theme),
        link: of("link", theme),
    });
    let given = light.button;
    check(&Accent { given, light, dark });
}

#[test]
fn notable_colours_are_readable() {
    for text in [
        "#000", "#fff", "#777", "#767676", "#ffff00", "#ffdd00", "#00f", "#0f0", "#f00", "#0ff",
        "#f0f", "#123456", "#fbdc9c", "#2a1d16", "#8a8a8a", "#b33f1e",
    ] {
        check(&Accent::parse(text).unwrap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]
    #[test]
    fn any_colour_is_readable(r: u8, g: u8, b: u8) {
        check(&Accent::new(rgb(r, g, b)));
    }
}

#[test]
fn a_colour_that_holds_is_kept_and_one_that_does_not_is_told() {
    let lox = Accent::parse("a03010").unwrap();
    assert_eq!((lox.light.button, lox.light.link), (lox.given, lox.given));
    let notes = Accent::parse("#FD0").unwrap().notes();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(
        notes[0].starts_with("#ffdd00 is too light on paper: the light theme has borders in #")
    );
    assert!(Accent::parse("#000080").unwrap().notes()[0].contains("the dark theme has the button"));
}

#[test]
fn a_moved_colour_keeps_its_hue() {
    let yellow = Accent::parse("#ffdd00").unwrap().light.link;
    assert!(yellow.r > yellow.g && yellow.g > yellow.b, "{yellow:x}");
    let navy = Accent::parse("#000080").unwrap().dark.link;
    assert!(navy.b > navy.r && navy.b > navy.g, "{navy:x}");
}

#[test]
fn other_spellings_are_refused() {
    for text in [
        "",
        "red",
        "#ff",
        "#ffff",
        "#12345",
        "#gggggg",
        "#é1",
        "##123",
        "ff ff0",
        "#b33f1e80",
    ] {
        assert!(Accent::parse(text).is_err(), "{text}");
    }
}

#[test]
fn the_rule_sets_what_the_sheet_has() {
    let css = Accent::parse("#b33f1e").unwrap().css();
    for name in ["button", "on-button", "edge", "mark", "link"] {
        assert!(css.contains(&format!(" --{name}: var(--light, #")), "{css}");
        in_sheet(name);
    }
}
