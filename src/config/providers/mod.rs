//! The providers' settings. One provider is enough; none is a problem.

pub(super) mod alchemy_pay;
pub(super) mod allscale;

use super::reader::Reader;
use super::vars::{self, Variable};

const NONE: &str = "is not set, and neither is ALCHEMY_PAY_APP_ID: set key and secret of your \
    store in Allscale's dashboard, or app id and secret from Alchemy Pay, or run `bagel demo` to \
    try everything without an account";

/// Says so when no provider is set up at all.
pub(super) fn at_least_one(r: &mut Reader) {
    if !is_set_up(r, ALLSCALE) && !is_set_up(r, ALCHEMY_PAY) {
        r.problem(vars::ALLSCALE_API_KEY.name, NONE);
    }
}

const ALLSCALE: [Variable; 2] = [vars::ALLSCALE_API_KEY, vars::ALLSCALE_API_SECRET];
const ALCHEMY_PAY: [Variable; 2] = [vars::ALCHEMY_PAY_APP_ID, vars::ALCHEMY_PAY_APP_SECRET];

/// Whether a credential of this provider is set, good or bad.
fn is_set_up(r: &Reader, credentials: [Variable; 2]) -> bool {
    credentials.iter().any(|variable| r.is_given(*variable))
}

#[cfg(test)]
mod tests {
    use crate::config::tests::{check, places};

    /// A configuration without problems has a provider.
    #[test]
    fn nothing_is_served_without_a_provider() {
        let names = [
            "ALLSCALE_API_KEY",
            "ALLSCALE_API_SECRET",
            "ALLSCALE_API_SECRET_FILE",
            "ALCHEMY_PAY_APP_ID",
            "ALCHEMY_PAY_APP_SECRET",
            "ALCHEMY_PAY_APP_SECRET_FILE",
            "BAGEL_PUBLIC_URL",
        ];
        let good = ["st_key", "st_CANARY", "secret", "app", "CANARY", "secret"];
        let good = good.into_iter().chain(["https://bagel.example"]);
        let choices: Vec<_> = names.into_iter().zip(good).collect();
        for number in 0..3_usize.pow(7) {
            let digit = |place: u32| number / 3_usize.pow(place) % 3;
            let vars = (0..).zip(&choices).filter_map(|(place, (name, good))| {
                let values = [None, Some(""), Some(*good)];
                values[digit(place)].map(|value| (*name, value))
            });
            let vars: Vec<_> = vars.collect();
            let Ok(config) = check(&vars).into_config() else {
                continue;
            };
            let providers = config.providers;
            let any = providers.allscale.is_some() || providers.alchemy_pay.is_some();
            assert!(any, "{vars:?}");
        }
    }

    #[test]
    fn without_credentials_both_providers_and_the_demo_are_explained() {
        let checked = check(&[]);
        assert_eq!(places(&checked.problems.0), ["ALLSCALE_API_KEY"]);
        let problems = checked.into_config().unwrap_err().to_string();
        for part in ["Allscale", "ALCHEMY_PAY_APP_ID", "bagel demo"] {
            assert!(problems.contains(part), "{problems}");
        }
    }
}
