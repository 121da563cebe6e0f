//! The files agree: the same keys, the same places to fill, none unread and
//! none unused.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;

use super::*;

type Places = BTreeSet<String>;

/// Every key of a file, with the names of the places to fill.
fn keys(language: Language) -> BTreeMap<String, Places> {
    let resource = parser::parse(language.row().file)
        .unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", language.code()));
    let mut keys = BTreeMap::new();
    for entry in resource.body {
        if let Entry::Message(message) = entry {
            let mut places = Places::new();
            of_pattern(&message.value.unwrap(), &mut places);
            let key = message.id.name.to_owned();
            assert!(
                keys.insert(key, places).is_none(),
                "{} twice",
                message.id.name
            );
        }
    }
    keys
}

fn of_pattern(pattern: &Pattern<&str>, places: &mut Places) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { .. } => {}
            PatternElement::Placeable { expression } => match expression {
                Expression::Inline(inline) => of_inline(inline, places),
                Expression::Select { selector, variants } => {
                    of_inline(selector, places);
                    for variant in variants {
                        of_pattern(&variant.value, places);
                    }
                }
            },
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, places: &mut Places) {
    match inline {
        InlineExpression::VariableReference { id } => {
            places.insert(id.name.to_owned());
        }
        InlineExpression::StringLiteral { .. } => {}
        other => panic!("{other:?}: keep to values and plurals"),
    }
}

/// Everything a sentence is asked for in.
fn sources() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = String::new();
    let mut folders: Vec<PathBuf> = ["src/web", "templates"]
        .map(|folder| root.join(folder))
        .into();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                text += &fs::read_to_string(path).unwrap();
            }
        }
    }
    text
}

#[test]
fn every_language_has_every_sentence_with_the_same_places() {
    let english = keys(Language::English);
    for &language in Language::ALL {
        let keys = keys(language);
        for (key, places) in &english {
            assert_eq!(keys.get(key), Some(places), "{key} in {}", language.code());
        }
        assert_eq!(keys.len(), english.len(), "{} has more", language.code());
    }
}

#[test]
fn every_file_has_its_row() {
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales");
    let found = fs::read_dir(files).unwrap().map(|it| it.unwrap().path());
    let found = found.filter(|path| path.extension().is_some_and(|it| it == "ftl"));
    assert_eq!(found.count(), Language::ALL.len());
}

#[test]
fn every_sentence_asked_for_is_there_and_every_other_is_gone() {
    let sources = sources();
    let english = keys(Language::English);
    for call in ["say(", "say_with(", "around(", "Sentence::new("] {
        for rest in sources.split(call).skip(1) {
            let literal = rest.trim_start().strip_prefix('"');
            let Some((key, _)) = literal.and_then(|rest| rest.split_once('"')) else {
                continue;
            };
            assert!(english.contains_key(key), "{key} is in no file");
        }
    }
    for key in english.keys() {
        assert!(sources.contains(&format!("\"{key}\"")), "nobody says {key}");
    }
}

#[test]
fn a_sentence_is_filled_and_counted() {
    let english = of(Language::English);
    assert_eq!(
        english.say_with("site-name", "creator", "Ada"),
        "Buy Ada a bagel"
    );
    let wait = |seconds| {
        Sentence::new("error-wait")
            .with("seconds", Fact::Count(seconds))
            .say(english)
    };
    assert_eq!(wait(1), "You can try again in 1 second.");
    assert_eq!(wait(12), "You can try again in 12 seconds.");
}

#[test]
fn a_sentence_is_cut_around_what_a_template_shows() {
    let (before, after) = of(Language::English).around("buy-a-bagel", "creator");
    assert_eq!((before.as_str(), after.as_str()), ("Buy ", " a bagel"));
}

#[test]
fn a_sentence_nobody_wrote_is_shown_by_its_key() {
    assert_eq!(of(Language::English).say("no-such-key"), "no-such-key");
}
