//! Which amounts the page takes: its currency, and bounds and presets in it.

use super::reader::Reader;
use super::vars;
use crate::language::{Language, numbers};
use crate::money::{Bounds, Cents, Currency, Money};
use crate::provider::allscale;

/// How many presets fit the page.
const MOST_PRESETS: usize = 8;

/// The largest bound, as a multiple of the currency's own: beyond it is a slip.
const SANE_FACTOR: i64 = 100;

/// Bounds, and presets within them: 1 to 8, no two the same.
pub(super) struct Amounts {
    pub(super) bounds: Bounds,
    pub(super) presets: Vec<Cents>,
}

/// The page's currency, under its name or its older one.
pub(super) fn currency(r: &mut Reader) -> Currency {
    let [name, older] = vars::CURRENCY;
    let currency = r.read_optional(name, currency_of);
    let older_one = r.read_optional(older, currency_of);
    if let (Some(one), Some(other)) = (currency, older_one)
        && one != other
    {
        let text = format!(
            "and {} name two currencies: keep {} alone",
            older.name, name.name
        );
        r.problem(name.name, text);
    }
    let default = || currency_of(name.default()).expect("a test reads every default");
    currency.or(older_one).unwrap_or_else(default)
}

fn currency_of(code: &str) -> Result<Currency, String> {
    Currency::from_code(code).ok_or_else(|| {
        let codes = Currency::ALL.map(Currency::code).join(", ");
        format!("must be one of {codes}")
    })
}

/// Reads the amounts. In a currency that could not be read they mean nothing
/// and are not checked.
pub(super) fn read(r: &mut Reader, currency: Currency) -> Amounts {
    let usual = currency.default_bounds();
    let defaults = Amounts {
        bounds: usual,
        presets: default_presets(currency, usual),
    };
    if !r.are_good(&vars::CURRENCY) {
        return defaults;
    }
    let Some(bounds) = bounds(r, currency, usual) else {
        return defaults;
    };
    let presets = r
        .read_optional(vars::BAGEL_PRESETS, |text| presets(text, currency, bounds))
        .unwrap_or_else(|| default_presets(currency, bounds));
    Amounts { bounds, presets }
}

fn bounds(r: &mut Reader, currency: Currency, usual: Bounds) -> Option<Bounds> {
    let most = Cents(usual.max.0 * SANE_FACTOR);
    let bound = |text: &str| bound(text, currency, most);
    let min = r.read_optional(vars::BAGEL_MIN_AMOUNT, bound);
    let max = r.read_optional(vars::BAGEL_MAX_AMOUNT, bound);
    if !r.are_good(&[vars::BAGEL_MIN_AMOUNT, vars::BAGEL_MAX_AMOUNT]) {
        return None;
    }
    let bounds = Bounds {
        min: min.unwrap_or(usual.min),
        max: max.unwrap_or(usual.max),
    };
    if bounds.min > bounds.max {
        let text = format!(
            "is larger than the largest amount, {}: change one of the two",
            show(currency, bounds.max)
        );
        r.problem(vars::BAGEL_MIN_AMOUNT.name, text);
        return None;
    }
    if bounds.min < usual.min {
        let text = format!(
            "is below {}: Allscale takes nothing up to {}, and a fee of {}",
            show(currency, usual.min),
            allscale::LEAST,
            allscale::FEE
        );
        r.warning(vars::BAGEL_MIN_AMOUNT.name, text);
    }
    Some(bounds)
}

fn show(currency: Currency, cents: Cents) -> String {
    numbers::money(Language::English, Money { cents, currency })
}

fn bound(text: &str, currency: Currency, most: Cents) -> Result<Cents, String> {
    match Cents::parse(text, currency) {
        Err(error) => Err(error.to_string()),
        Ok(Cents(0)) => Err("must be more than nothing".to_owned()),
        Ok(cents) if cents > most => Err(format!("must be at most {}", show(currency, most))),
        Ok(cents) => Ok(cents),
    }
}

fn presets(text: &str, currency: Currency, bounds: Bounds) -> Result<Vec<Cents>, String> {
    let mut presets = Vec::new();
    for amount in text.split(',') {
        let cents = Cents::parse(amount.trim(), currency)
            .map_err(|error| format!("must be amounts with commas between, but {error}"))?;
        if !(bounds.min..=bounds.max).contains(&cents) {
            let (min, max) = (show(currency, bounds.min), show(currency, bounds.max));
            return Err(format!("has an amount outside {min} to {max}"));
        }
        if presets.contains(&cents) {
            return Err("has the same amount twice".to_owned());
        }
        presets.push(cents);
    }
    if presets.len() > MOST_PRESETS {
        return Err(format!("has more than {MOST_PRESETS} amounts"));
    }
    Ok(presets)
}

/// The currency's own presets, as far as the bounds let them.
fn default_presets(currency: Currency, bounds: Bounds) -> Vec<Cents> {
    let mut presets = currency.default_presets();
    presets.retain(|cents| (bounds.min..=bounds.max).contains(cents));
    if presets.is_empty() {
        presets.push(bounds.min);
    }
    presets
}

#[cfg(test)]
mod tests {
    use super::super::tests::{GOOD, check, config};
    use super::*;

    #[test]
    fn the_currency_may_stand_under_its_older_name() {
        let under = |name, older| check(&[&[name, older], &GOOD[..]].concat());
        for (vars, code) in [
            (("", ""), "USD"),
            (("EUR", ""), "EUR"),
            (("", "EUR"), "EUR"),
            (("EUR", "EUR"), "EUR"),
        ] {
            let checked = under(("BAGEL_CURRENCY", vars.0), ("ALLSCALE_CURRENCY", vars.1));
            assert_eq!(checked.into_config().unwrap().currency.code(), code);
        }
    }

    #[test]
    fn amounts_follow_currency_and_bounds() {
        let yen = config(&[("BAGEL_CURRENCY", "JPY")]).unwrap();
        assert_eq!(yen.page.presets[0], Cents(20_000));
        assert_eq!(yen.page.bounds.max, Cents(100_000_000));
        let page = config(&[("BAGEL_MIN_AMOUNT", "4")]).unwrap().page;
        assert_eq!(page.presets, [Cents(500), Cents(1000)]);
        let page = config(&[("BAGEL_MIN_AMOUNT", "20"), ("BAGEL_MAX_AMOUNT", "20")]);
        let page = page.unwrap().page;
        let twenty = Cents(2000);
        assert_eq!(
            page.bounds,
            Bounds {
                min: twenty,
                max: twenty
            }
        );
        assert_eq!(page.presets, [twenty]);
        let tiny = config(&[("BAGEL_MIN_AMOUNT", "0.05")]).unwrap();
        assert_eq!(
            tiny.warnings[0].to_string(),
            "BAGEL_MIN_AMOUNT: is below $0.50: Allscale takes nothing up to 0.1 USDT, and a fee of \
             0.6 %, at least 0.10"
        );
    }
}
