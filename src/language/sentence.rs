//! [`Sentence`]: what is to be said, before it is said in any language.

use fluent_bundle::{FluentArgs, FluentValue};

use super::{Words, numbers};
use crate::money::Money;

/// A sentence by its key in `locales/*.ftl`, and what is filled in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sentence {
    key: &'static str,
    facts: Vec<(&'static str, Fact)>,
}

/// What fills a place in a sentence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fact {
    /// Counts in the language's own plural.
    Count(u64),
    Money(Money),
    /// Shown as it is: a code or a name.
    Text(String),
}

impl Sentence {
    pub fn new(key: &'static str) -> Self {
        Self {
            key,
            facts: Vec::new(),
        }
    }

    /// Fills the place `$name`.
    pub fn with(mut self, name: &'static str, fact: Fact) -> Self {
        self.facts.push((name, fact));
        self
    }

    /// The sentence in the language of `words`.
    pub fn say(&self, words: &Words) -> String {
        let mut args = FluentArgs::new();
        for (name, fact) in &self.facts {
            args.set(*name, value(fact, words));
        }
        words.fill(self.key, &args)
    }
}

fn value(fact: &Fact, words: &Words) -> FluentValue<'static> {
    match fact {
        Fact::Count(number) => FluentValue::from(*number),
        Fact::Money(money) => numbers::money(words.language(), *money).into(),
        Fact::Text(text) => text.clone().into(),
    }
}
