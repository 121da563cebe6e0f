//! A form that a link has filled in: `?amount=5&message=…&name=…&provider=…`.
//!
//! Owns what of such a link is taken: exactly what the checkout would take. The
//! rest is left out and named in a note. Nothing is paid without a click.

use super::fields::{self, Typed};
use crate::app::App;
use crate::language::Catalog;

/// What a link says, as far as it can be used.
#[derive(Default)]
pub(super) struct Prefilled {
    pub(super) typed: Typed,
    /// Keys of the words for what could not be used.
    ignored: Vec<&'static str>,
}

/// Reads the query of an address; `None` when it fills in nothing.
pub(super) fn read(app: &App, query: &[(String, String)]) -> Option<Prefilled> {
    let mut prefilled = Prefilled::default();
    let mut found = false;
    let mut currency = None;
    for (name, value) in query {
        let taken = match &**name {
            "amount" => prefilled.amount(app, value),
            "name" => prefilled.name(value),
            "message" => prefilled.message(value),
            "provider" => prefilled.provider(app, value),
            "currency" => {
                currency = Some(value.to_ascii_uppercase());
                continue;
            }
            _ => continue,
        };
        found = true;
        if let Some(what) = taken.err() {
            prefilled.ignore(what);
        }
    }
    prefilled.agree_on(currency, app);
    found.then_some(prefilled)
}

type Taken = Result<(), &'static str>;

impl Prefilled {
    /// What could not be used, in words; `None` when all could.
    pub(super) fn note(&self, words: &Catalog) -> Option<String> {
        let what: Vec<_> = self.ignored.iter().map(|key| words.say(key)).collect();
        let what = what.join(&words.say("prefilled-and"));
        (!what.is_empty()).then(|| words.say_with("prefilled-ignored", "what", &what))
    }

    fn amount(&mut self, app: &App, text: &str) -> Taken {
        let money = fields::typed_amount(app, text).map_err(|_| "prefilled-amount")?;
        let value = money.currency.shortest(money.cents);
        if app.config.page.presets.contains(&money.cents) {
            self.typed.amount = value;
        } else {
            "other".clone_into(&mut self.typed.amount);
            self.typed.custom_amount = value;
        }
        Ok(())
    }

    fn name(&mut self, text: &str) -> Taken {
        fields::name(text).map_err(|_| "prefilled-name")?;
        text.clone_into(&mut self.typed.name);
        Ok(())
    }

    fn message(&mut self, text: &str) -> Taken {
        fields::message(text).map_err(|_| "prefilled-message")?;
        text.clone_into(&mut self.typed.message);
        Ok(())
    }

    fn provider(&mut self, app: &App, text: &str) -> Taken {
        let found = app.providers.find(text);
        let working = found.filter(|provider| !provider.is_failing());
        working.ok_or("prefilled-provider")?;
        text.clone_into(&mut self.typed.provider);
        Ok(())
    }

    /// Five of another currency are not five of ours.
    fn agree_on(&mut self, currency: Option<String>, app: &App) {
        let differs = currency.is_some_and(|code| code != app.config.currency.code());
        if differs && !self.typed.amount.is_empty() {
            self.typed.amount.clear();
            self.typed.custom_amount.clear();
            self.ignore("prefilled-amount");
        }
    }

    /// Named once, however often the link says it.
    fn ignore(&mut self, what: &'static str) {
        if !self.ignored.contains(&what) {
            self.ignored.push(what);
        }
    }
}
