//! The stand-in as Alchemy Pay, as a merchant and a payer meet it: over HTTP,
//! on a port of its own.

mod calls;
mod links;
mod merchant;
mod notices;
mod webhooks;

use std::time::Duration;

use serde_json::{Value, json};

use self::merchant::Shop;
use crate::{
    Action, ActionError, AlchemyWebhookDraft, Call, Fault, FaultKind, Options, StandIn, Status,
};

async fn start() -> (StandIn, Shop) {
    let options = Options {
        step: Duration::ZERO,
        late: Duration::ZERO,
        callback_pause: Duration::ZERO,
        ..Options::default()
    };
    let stand_in = StandIn::start(options).await.unwrap();
    let shop = Shop::at(&stand_in).await;
    (stand_in, shop)
}
