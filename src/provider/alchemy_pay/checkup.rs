//! Whether Alchemy Pay knows this partner: one query, about an order that
//! cannot be there, the clocks, and the amounts it takes.
//!
//! The query proves address, app id, secret and clock. Whether a link is taken
//! shows only when somebody opens one.

use super::AlchemyPay;
use super::client::Client;
use super::failure::{ApiFailure, Kind};
use crate::donation::DonationId;
use crate::provider::skew::Skew;
use crate::provider::{Finding, ProviderError};

impl AlchemyPay {
    pub(super) async fn checkup(&self) -> Vec<Finding> {
        let client = &self.client;
        if client.secret.is_made_of(&client.app_id) {
            return vec![Finding::Bad(SAME_VALUE.into())];
        }
        let reply = client.query(&DonationId::random().into()).await;
        let skew = reply.as_ref().ok().and_then(|reply| reply.skew);
        let judged = judge(client, reply.map(|reply| reply.outcome.map(drop)), skew);
        let amounts = match judged {
            Finding::Good(_) => Some(client.check_bounds(self.currency, self.bounds).await),
            _ => None,
        };
        let skew = skew.map(Skew::judged).into_iter();
        skew.chain([judged]).chain(amounts).collect()
    }
}

const SAME_VALUE: &str = "ALCHEMY_PAY_APP_ID and ALCHEMY_PAY_APP_SECRET hold the same value: copy \
    each of the two again";

fn judge(
    client: &Client,
    outcome: Result<Result<(), ApiFailure>, ProviderError>,
    skew: Option<Skew>,
) -> Finding {
    let url = client.api_url.as_str();
    let failure = match outcome {
        Ok(Ok(())) => None,
        Ok(Err(failure)) => Some(failure),
        Err(error) => return Finding::Bad(no_answer(&error, url)),
    };
    match failure.map(|failure| (failure.kind, failure.code)) {
        None | Some((Kind::UnknownOrder, _)) => {
            Finding::Good(format!("Alchemy Pay at {url} knows this app id (query)"))
        }
        Some((kind @ (Kind::NotLetIn | Kind::NotOnTheList), code)) => {
            Finding::Bad(not_let_in(kind, &code, skew))
        }
        Some((Kind::TooMany, _)) => {
            Finding::Warning("Alchemy Pay finds this too many calls: try again in a minute".into())
        }
        Some((kind, code)) => Finding::Warning(format!(
            "Alchemy Pay at {url} answers a query with {code}: {}.\n\
             Ask its operations team whether app id and secret are right",
            kind.explanation()
        )),
    }
}

/// What a refused call can be, in the order to check.
fn not_let_in(kind: Kind, code: &str, skew: Option<Skew>) -> String {
    let clock = Skew::suspected(skew);
    let list = "The allow list: have Alchemy Pay's operations team put the address of this \
        server on it";
    let mut causes = vec![
        "ALCHEMY_PAY_ENV: the test environment has an app id and a secret of its own".to_owned(),
        "App id and secret belong together: copy both again, from the same message".to_owned(),
        format!("The timestamp is fresh: {clock}"),
    ];
    let place = if kind == Kind::NotOnTheList {
        0
    } else {
        causes.len()
    };
    causes.insert(place, list.to_owned());
    let causes = (1..)
        .zip(causes)
        .map(|(number, cause)| format!("\n{number}. {cause}"));
    format!(
        "Alchemy Pay does not let this app id in ({code}, query). What it can be, in the order \
         to check:{}",
        causes.collect::<String>()
    )
}

/// The provider gave no answer that can be used.
fn no_answer(error: &ProviderError, url: &str) -> String {
    let advice = match error {
        ProviderError::Unreachable => {
            format!("does this machine reach it? Try: curl -i {url}")
        }
        ProviderError::TooSlow => format!("try again in a minute, and from here: curl -i {url}"),
        ProviderError::RateLimited(_) => "wait a minute".to_owned(),
        _ => format!("is ALCHEMY_PAY_API_URL right? It is {url}"),
    };
    format!("Alchemy Pay gives no good answer to a query: {error};\n{advice}")
}
