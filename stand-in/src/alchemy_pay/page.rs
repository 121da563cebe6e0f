//! The hosted page: takes a signed link for an order, and shows what the payer
//! can do; the calls stand beside it.
//!
//! An order exists from the moment its link is first opened, and not before.

use std::sync::Arc;

use axum::Router;
use axum::extract::{self, RawQuery};
use axum::response::Response;
use axum::routing::{any, get};

use super::link::{Link, Refusal, refusal};
use super::{API, AlchemyPay, CHECKOUT};
use crate::api;
use crate::intents::Intent;
use crate::pay_page;
use crate::state::{Shared, State};

/// The page, and the calls beside it.
pub(crate) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route(CHECKOUT, get(open))
        .route(&format!("{CHECKOUT}/"), get(open))
        .route(&format!("{API}/{{*call}}"), any(api::answer::<AlchemyPay>))
}

async fn open(extract::State(state): Shared, RawQuery(query): RawQuery) -> Response {
    state.journal.visited();
    match order(&state, &query.unwrap_or_default()) {
        Ok(intent) => pay_page::pay(&state.intents.view(&intent.id).unwrap_or(intent)),
        Err(refusal) => {
            state.journal.refused();
            pay_page::refused(&refusal.to_string())
        }
    }
}

/// The order of a link, made when the link is first opened. Only then does the
/// time matter, so that an open page may be loaded again.
fn order(state: &State, query: &str) -> Result<Intent, Refusal> {
    let link = Link::parse(query)?;
    link.authenticate(&state.alchemy_pay)?;
    let number = &link["merchantOrderNo"];
    let order = match state.intents.find(number) {
        Some(order) => order,
        None => state
            .intents
            .add_known_as(number, link.order(state.now_millis())?)
            .ok_or_else(|| refusal("The stand-in", "has taken all it can hold"))?,
    };
    if order.request != link.request() {
        return Err(refusal("merchantOrderNo", "was used for another order"));
    }
    Ok(order)
}
