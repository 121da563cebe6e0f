//! The currencies that Alchemy Pay takes, with the least and the most of each, and
//! whether what the page takes lies within.
//!
//! Only the doctor asks. There is a row for each way to pay in each country; which
//! of them a supporter has is not known, so an amount counts as taken where any
//! takes it.

use serde::Deserialize;
use serde_json::Value;

use super::client::Client;
use super::envelope;
use crate::money::{Bounds, Cents, Currency, Money};
use crate::provider::{Finding, ProviderError};

const LIST: &str = "/nft/openapi/fiat/list";

/// One row of the list. Absent and null are the same.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Fiat {
    currency: Value,
    pay_min: Value,
    pay_max: Value,
}

impl Client {
    async fn fiats(&self) -> Result<Vec<Fiat>, ProviderError> {
        let reply = self.get(LIST, None).await?;
        let data = reply.outcome.map_err(ProviderError::from)?;
        let none = ProviderError::Broken("it has no list");
        envelope::list(&data.ok_or(none)?)
    }

    /// Whether amounts within `page` can be paid in `currency`.
    pub(super) async fn check_bounds(&self, currency: Currency, page: Bounds) -> Finding {
        match self.fiats().await {
            Ok(fiats) => judge(&fiats, currency, page),
            Err(error) => Finding::Warning(format!(
                "Alchemy Pay's list of currencies cannot be read: {error}"
            )),
        }
    }
}

fn judge(fiats: &[Fiat], currency: Currency, page: Bounds) -> Finding {
    let code = currency.code();
    let rows: Vec<_> = fiats.iter().filter(|fiat| fiat.currency == code).collect();
    if rows.is_empty() {
        return Finding::Warning(format!(
            "Alchemy Pay does not list {code}: cards may not pay in it"
        ));
    }
    let least = rows.iter().map(|fiat| cents(&fiat.pay_min)).min().flatten();
    let least = least.unwrap_or(Cents(0));
    // One without a bound has no most.
    let most: Option<Vec<_>> = rows.iter().map(|fiat| cents(&fiat.pay_max)).collect();
    let most = most.and_then(|most| most.into_iter().max());
    let show = |cents| Money { cents, currency }.to_string();
    let takes = match most {
        Some(most) => format!("{} to {}", show(least), show(most)),
        None => format!("{} and more", show(least)),
    };
    if page.min < least || most.is_some_and(|most| page.max > most) {
        Finding::Warning(format!(
            "Alchemy Pay takes {takes}, the page {} to {}: the amounts outside fail by card.\n\
             Set BAGEL_MIN_AMOUNT and BAGEL_MAX_AMOUNT",
            show(page.min),
            show(page.max)
        ))
    } else {
        Finding::Good(format!("Alchemy Pay takes what the page takes ({takes})"))
    }
}

/// A bound, text or number; nought is none.
fn cents(value: &Value) -> Option<Cents> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    Cents::parse_coins(&text).filter(|cents| cents.0 > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn judged(rows: &Value, min: i64, max: i64) -> Finding {
        let fiats: Vec<Fiat> = serde_json::from_value(rows.clone()).unwrap();
        let bounds = Bounds {
            min: Cents(min),
            max: Cents(max),
        };
        judge(&fiats, Currency::Usd, bounds)
    }

    #[test]
    fn bounds_outside_of_the_providers_are_a_warning() {
        let rows = json!([
            {"currency": "EUR", "payMin": "0.01", "payMax": "99999"},
            {"currency": "USD", "country": "US", "payMin": "15", "payMax": "2000.00"},
            {"currency": "USD", "country": "SG", "payMin": 3.5, "payMax": 500},
        ]);
        for (min, max, good) in [
            (350, 200_000, true),
            (1000, 1000, true),
            (349, 200_000, false),
            (350, 200_001, false),
        ] {
            let finding = judged(&rows, min, max);
            let told = format!("{finding:?}");
            assert!(told.contains("3.50 USD to 2000.00 USD"), "{told}");
            assert_eq!(matches!(finding, Finding::Good(_)), good, "{told}");
            assert_eq!(told.contains("BAGEL_MIN_AMOUNT"), !good, "{told}");
        }
    }

    #[test]
    fn a_bound_that_is_missing_is_none() {
        for bounds in [
            json!({"payMin": "0", "payMax": "0"}),
            json!({"payMin": [1]}),
        ] {
            let mut row = bounds;
            row["currency"] = "USD".into();
            let finding = judged(&json!([row]), 50, 1_000_000);
            assert!(matches!(finding, Finding::Good(_)), "{finding:?}");
        }
    }

    #[test]
    fn a_currency_that_is_not_listed_is_a_warning() {
        for rows in [json!([]), json!([{"currency": "EUR"}, {"currency": null}])] {
            let finding = judged(&rows, 50, 1_000_000);
            assert!(matches!(finding, Finding::Warning(_)), "{finding:?}");
        }
    }
}
