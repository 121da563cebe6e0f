//! Which amounts the page takes: bounds and presets, in the page's currency.

use super::reader::Reader;
use super::vars::{self, Variable};
use crate::money::{Bounds, Cents, Currency};

/// How many presets fit the page.
const MOST_PRESETS: usize = 8;

/// The largest bound, as a multiple of the currency's own: beyond it is a slip.
const SANE_FACTOR: i64 = 100;

/// Bounds, and presets within them: 1 to 8, no two the same.
pub(super) struct Amounts {
    pub(super) bounds: Bounds,
    pub(super) presets: Vec<Cents>,
}

/// Reads the amounts. In a currency that could not be read they mean nothing
/// and are not judged.
pub(super) fn read(r: &mut Reader, currency: Currency) -> Amounts {
    let usual = currency.default_bounds();
    let defaults = Amounts {
        bounds: usual,
        presets: default_presets(currency, usual),
    };
    if !r.is_good(vars::ALLSCALE_CURRENCY) {
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
    let good = |variable: Variable| r.is_good(variable);
    if !(good(vars::BAGEL_MIN_AMOUNT) && good(vars::BAGEL_MAX_AMOUNT)) {
        return None;
    }
    let bounds = Bounds {
        min: min.unwrap_or(usual.min),
        max: max.unwrap_or(usual.max),
    };
    if bounds.min > bounds.max {
        let text = format!(
            "is larger than the largest amount, {}: change one of the two",
            currency.show(bounds.max)
        );
        r.problem(vars::BAGEL_MIN_AMOUNT.name, text);
        return None;
    }
    if bounds.min < usual.min {
        let text = format!(
            "is below {}: Allscale takes nothing under 0.1 USDT",
            currency.show(usual.min)
        );
        r.warning(vars::BAGEL_MIN_AMOUNT.name, text);
    }
    Some(bounds)
}

fn bound(text: &str, currency: Currency, most: Cents) -> Result<Cents, String> {
    match Cents::parse(text, currency) {
        Err(error) => Err(error.to_string()),
        Ok(Cents(0)) => Err("must be more than nothing".to_owned()),
        Ok(cents) if cents > most => Err(format!("must be at most {}", currency.show(most))),
        Ok(cents) => Ok(cents),
    }
}

fn presets(text: &str, currency: Currency, bounds: Bounds) -> Result<Vec<Cents>, String> {
    let mut presets = Vec::new();
    for amount in text.split(',') {
        let cents = Cents::parse(amount.trim(), currency)
            .map_err(|error| format!("must be amounts with commas between, but {error}"))?;
        if !(bounds.min..=bounds.max).contains(&cents) {
            let (min, max) = (currency.show(bounds.min), currency.show(bounds.max));
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
