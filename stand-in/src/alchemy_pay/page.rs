//! The hosted page: takes a signed link for an order, and shows what the payer
//! can do.
//!
//! An order exists from the moment its link is first opened, and not before.

use std::sync::Arc;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use axum::routing::{any, get};

use super::link::{Link, Refusal, refusal};
use super::{API, CHECKOUT, api};
use crate::desk::Desk;
use crate::intents::Intent;
use crate::pay_page;

/// The page, and the calls beside it.
pub(crate) fn routes() -> Router<Arc<Desk>> {
    Router::new()
        .route(CHECKOUT, get(open))
        .route(&format!("{CHECKOUT}/"), get(open))
        .route(&format!("{API}/{{*call}}"), any(api::answer))
}

async fn open(State(desk): State<Arc<Desk>>, RawQuery(query): RawQuery) -> Response {
    desk.journal.visited();
    match order(&desk, &query.unwrap_or_default()) {
        Ok(intent) => pay_page::pay(&desk.intents.view(&intent.id).unwrap_or(intent)),
        Err(refusal) => {
            desk.journal.refused();
            pay_page::refused(&refusal.to_string())
        }
    }
}

/// The order of a link, made when it is opened for the first time. The time
/// matters then alone: a page that is open may be loaded again.
fn order(desk: &Desk, query: &str) -> Result<Intent, Refusal> {
    let link = Link::parse(query)?;
    link.authenticate(&desk.alchemy_pay)?;
    let number = &link["merchantOrderNo"];
    let order = match desk.intents.find(number) {
        Some(order) => order,
        None => desk
            .intents
            .add_known_as(number, link.order(desk.now_millis())?)
            .ok_or_else(|| refusal("The stand-in", "has taken all it can hold"))?,
    };
    if order.request != link.request() {
        return Err(refusal("merchantOrderNo", "was used for another order"));
    }
    Ok(order)
}
