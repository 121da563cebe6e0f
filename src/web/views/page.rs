//! The donation form: the cached page, and the answer to a form that could not be taken.

use askama::Template;

use super::{Chrome, Tick};
use crate::supporter::Visibility;

/// What the form shows; `typed` and `problem` are empty on the cached page.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "page.html")]
pub(crate) struct Page {
    pub(crate) chrome: Chrome,
    /// The creator.
    pub(crate) name: String,
    pub(crate) bio: String,
    pub(crate) avatar: Option<String>,
    pub(crate) presets: Vec<Preset>,
    /// Whether "Other" is offered.
    pub(crate) custom_amount: bool,
    /// Such as "From $0.10 to $10,000.00", without a full stop.
    pub(crate) amount_hint: String,
    /// What to write when an amount cannot be taken.
    pub(crate) amount_needed: String,
    pub(crate) currency_code: String,
    pub(crate) currency_symbol: String,
    /// Where the number stands in an amount: `"${n}"`.
    pub(crate) money_pattern: String,
    pub(crate) decimals: u8,
    /// Bounds for the script, as plain decimals: `"0.10"`.
    pub(crate) min: String,
    pub(crate) max: String,
    /// Shown only when there is more than one.
    pub(crate) providers: Vec<ProviderChoice>,
    /// What may be shown publicly.
    pub(crate) boxes: Vec<Tick>,
    pub(crate) typed: Typed,
    pub(crate) problem: Option<Problem>,
    /// What of a pre-filled link could not be used.
    pub(crate) note: Option<String>,
    /// Characters.
    pub(crate) name_max: usize,
    pub(crate) message_max: usize,
}

/// An amount to choose; `value` is what the form sends.
#[derive(Clone, Debug, Default)]
pub(crate) struct Preset {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) checked: bool,
}

/// A way to pay; `value` is what the form sends.
#[derive(Clone, Debug, Default)]
pub(crate) struct ProviderChoice {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) checked: bool,
    /// Why it cannot be chosen now; empty when it can.
    pub(crate) unavailable: String,
}

/// What the supporter had typed, as it came; empty on the cached page.
///
/// `amount` is a preset's value or `other`; the preset's own `checked` decides what is selected.
#[derive(Clone, Debug, Default)]
pub(crate) struct Typed {
    pub(crate) amount: String,
    pub(crate) custom_amount: String,
    pub(crate) name: String,
    pub(crate) message: String,
    /// `None` before anything was said: then the creator's setting is ticked.
    pub(crate) visibility: Option<Visibility>,
    pub(crate) provider: String,
}

/// Why the form was not taken; `field` is `amount`, `name`, `message`, `provider` or empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Problem {
    pub(crate) field: String,
    pub(crate) sentence: String,
    /// For 5xx.
    pub(crate) request_id: Option<String>,
}

impl Page {
    /// What link previews and search engines show.
    fn description(&self) -> &str {
        if self.bio.is_empty() {
            &self.chrome.site_name
        } else {
            &self.bio
        }
    }

    /// What goes on the bagel of the preset at `index`, counted from 0: dearer is richer.
    fn topping(&self, index: usize) -> String {
        self.chrome.words.say(match index {
            0 => "topping-1",
            1 => "topping-2",
            2 => "topping-3",
            3 => "topping-4",
            _ => "topping-more",
        })
    }

    fn symbol_follows(&self) -> bool {
        !self.money_pattern.ends_with("{n}")
    }

    /// The sentence to show at `field`, when the problem is there.
    fn problem_at(&self, field: &str) -> Option<&str> {
        let problem = self.problem.as_ref()?;
        (problem.field == field).then_some(problem.sentence.as_str())
    }

    fn problem_sentence(&self) -> &str {
        self.problem
            .as_ref()
            .map_or("", |problem| problem.sentence.as_str())
    }

    fn request_id(&self) -> Option<&str> {
        self.problem.as_ref()?.request_id.as_deref()
    }

    /// The id of the element the error summary leads to.
    fn problem_target(&self) -> Option<&str> {
        match self.problem.as_ref()?.field.as_str() {
            "amount" if self.typed.amount == "other" => Some("custom_amount"),
            "amount" => Some("amount-1"),
            "name" => Some("name"),
            "message" => Some("message"),
            "provider" => Some("provider-1"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{HOSTILE, chrome};
    use super::*;

    fn page() -> Page {
        let preset = |value: &str| Preset {
            value: value.into(),
            label: format!("${value}"),
            checked: value == "3",
        };
        Page {
            chrome: chrome(),
            name: "Ada".into(),
            presets: vec![preset("1"), preset("3")],
            custom_amount: true,
            amount_hint: "From $0.10 to $10,000.00".into(),
            decimals: 2,
            name_max: 50,
            message_max: 280,
            ..Page::default()
        }
    }

    fn provider(value: &str) -> ProviderChoice {
        ProviderChoice {
            value: value.into(),
            label: value.into(),
            ..ProviderChoice::default()
        }
    }

    #[test]
    fn every_address_of_ours_carries_the_prefix() {
        let html = page().render().unwrap();
        for address in html.split("=\"/").skip(1) {
            assert!(address.starts_with("tips/"), "{address}");
        }
        assert!(html.contains(r#"action="/tips/api/checkout""#));
    }

    #[test]
    fn the_form_is_complete_without_a_script() {
        let html = page().render().unwrap();
        for name in ["amount", "custom_amount", "name", "message"] {
            assert!(html.contains(&format!(r#"name="{name}""#)), "{name}");
        }
        assert!(html.contains(r#"value="3" checked>"#));
        assert!(html.contains(r#"role="status" aria-atomic="true"></p>"#));
        assert!(html.starts_with("<!doctype html>"));
        assert!(html.contains("<title>Buy Ada a bagel</title>"));
    }

    #[test]
    fn without_other_there_is_no_amount_to_type() {
        let html = Page {
            custom_amount: false,
            ..page()
        }
        .render()
        .unwrap();
        assert!(!html.contains("custom_amount"));
    }

    #[test]
    fn providers_are_a_choice_only_when_there_are_two() {
        let one = Page {
            providers: vec![provider("allscale")],
            ..page()
        };
        assert!(!one.render().unwrap().contains(r#"name="provider""#));
        let two = Page {
            providers: vec![provider("allscale"), provider("alchemy-pay")],
            ..page()
        };
        assert!(
            two.render()
                .unwrap()
                .contains(r#"name="provider" id="provider-2" value="alchemy-pay""#)
        );
    }

    #[test]
    fn a_problem_keeps_what_was_typed_and_leads_to_its_field() {
        let typed = Typed {
            amount: "other".into(),
            custom_amount: "0,01".into(),
            name: "Grace".into(),
            message: "two\nlines".into(),
            visibility: None,
            provider: String::new(),
        };
        let problem = Problem {
            field: "amount".into(),
            sentence: "Enter $0.10 or more.".into(),
            request_id: None,
        };
        let html = Page {
            typed,
            problem: Some(problem),
            ..page()
        }
        .render()
        .unwrap();
        assert!(html.contains("<title>Error: Buy Ada a bagel</title>"));
        assert!(html.contains(r##"<a href="#custom_amount">Enter $0.10 or more.</a>"##));
        assert!(html.contains(r#"id="amount-problem">Enter $0.10 or more.</p>"#));
        assert!(html.contains(
            r#"value="0,01" aria-describedby="amount-hint amount-problem" aria-invalid="true""#
        ));
        assert!(html.contains(r#"value="Grace""#));
        assert!(html.contains(">two\nlines</textarea>"));
    }

    #[test]
    fn a_problem_of_no_field_is_only_a_sentence() {
        let problem = Problem {
            field: String::new(),
            sentence: "Try again later.".into(),
            request_id: None,
        };
        let html = Page {
            problem: Some(problem),
            ..page()
        }
        .render()
        .unwrap();
        assert!(html.contains("<p><a>Try again later.</a></p>"));
        assert!(!html.contains("aria-invalid"));
    }

    #[test]
    fn nothing_a_person_wrote_becomes_markup() {
        let typed = Typed {
            custom_amount: HOSTILE.into(),
            name: HOSTILE.into(),
            message: HOSTILE.into(),
            ..Typed::default()
        };
        let problem = Problem {
            field: "name".into(),
            sentence: HOSTILE.into(),
            request_id: None,
        };
        let page = Page {
            name: HOSTILE.into(),
            bio: HOSTILE.into(),
            typed,
            problem: Some(problem),
            ..page()
        };
        let html = page.render().unwrap();
        assert!(!html.contains("<script>"), "{html}");
        assert!(!html.contains("<b "), "{html}");
    }
}
