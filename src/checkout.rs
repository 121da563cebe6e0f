//! Opening a checkout: stored first, then asked of the provider, then noted.
//!
//! Owns the order of those three steps and what a repeated request is
//! answered. The route runs it in a task of its own, so a supporter who hangs
//! up cannot leave it half done. A call whose outcome is unknown is never made
//! again.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};
use tracing::warn;

use crate::app::App;
use crate::client::Client;
use crate::deadlines;
use crate::donation::{Donation, DonationId, NewDonation, Origin, Request};
use crate::ledger::{Begun, Claim, LedgerError, NotOpened};
use crate::provider::{Entry, ProviderError};
use crate::report::Opened;
use crate::settle;
use crate::status::Status;

/// An order for a checkout, parsed.
pub struct Order {
    pub request: Request,
    pub provider: Arc<Entry>,
    /// Given when the request carried an idempotency key.
    pub claim: Option<Claim>,
}

/// A checkout the supporter can be sent to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checkout {
    pub id: DonationId,
    pub url: String,
}

/// Why there is no checkout.
#[derive(Debug, thiserror::Error)]
pub enum CheckoutError {
    #[error("the idempotency key was used for another request")]
    KeyReused,
    #[error("whether the checkout was made is unknown")]
    OutcomeUnknown,
    #[error("more checkouts are asked for than the provider is asked to open")]
    Busy,
    #[error(transparent)]
    Provider(ProviderError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Opens a checkout, or gives the answer an earlier request with the same key
/// got. Each opening waits for the turn of its `client`. Must not be cancelled half-way.
pub async fn open(app: &App, order: &Order, client: Client) -> Result<Checkout, CheckoutError> {
    let turn = timeout(deadlines::TURN, order.provider.opening(client)).await;
    if !matches!(turn, Ok(Ok(()))) {
        return Err(CheckoutError::Busy);
    }
    let deadline = Instant::now() + deadlines::REPEAT;
    loop {
        let new = new_donation(app, order);
        match app.ledger.begin(new.clone(), order.claim.clone()).await? {
            Begun::Created => return ask(app, order, &new, client).await,
            Begun::KeyReused => return Err(CheckoutError::KeyReused),
            Begun::Repeated(first) if is_under_way(&first) => {
                until_ended(app, first.id, deadline).await?;
            }
            Begun::Repeated(first) => return repeat(app, &first),
        }
    }
}

/// Waits for the first request by reading alone: of many that wait, none takes
/// a turn at writing.
async fn until_ended(app: &App, id: DonationId, deadline: Instant) -> Result<(), CheckoutError> {
    while Instant::now() < deadline {
        sleep(Duration::from_millis(100)).await;
        let first = app.ledger.donation(id).await?;
        if !first.is_some_and(|first| is_under_way(&first)) {
            return Ok(());
        }
    }
    Err(CheckoutError::OutcomeUnknown)
}

fn is_under_way(first: &Donation) -> bool {
    first.checkout_url.is_none() && first.status == Status::Created
}

fn new_donation(app: &App, order: &Order) -> NewDonation {
    NewDonation {
        id: DonationId::random(),
        created_at: app.clock.now(),
        request: order.request.clone(),
        provider: order.provider.name(),
    }
}

/// What the first request was answered, but for an address that has run out.
fn repeat(app: &App, first: &Donation) -> Result<Checkout, CheckoutError> {
    let url = address(app, first).ok_or(CheckoutError::OutcomeUnknown)?;
    Ok(Checkout { id: first.id, url })
}

/// Where a donation is paid: the checkout that was made, afresh where its
/// address has run out and that the supporter did not continue.
pub fn address(app: &App, donation: &Donation) -> Option<String> {
    renew(app, donation).or_else(|| donation.checkout_url.clone())
}

fn renew(app: &App, donation: &Donation) -> Option<String> {
    if donation.status != Status::Created || donation.checkout_url.is_none() {
        return None;
    }
    let provider = app.providers.find(&donation.provider)?;
    let again = NewDonation {
        id: donation.id,
        created_at: donation.created_at,
        request: donation.request.clone(),
        provider: provider.name(),
    };
    provider.renew(&again, app.thanks_url(donation.id).as_deref())
}

async fn ask(
    app: &App,
    order: &Order,
    new: &NewDonation,
    client: Client,
) -> Result<Checkout, CheckoutError> {
    let return_to = app.thanks_url(new.id);
    match order.provider.open(new, return_to.as_deref()).await {
        Ok(opened) => note(app, new.id, opened, client).await,
        Err(error) => {
            warn!(donation.id = %new.id, %error, "the provider made no checkout");
            not_opened(app, new.id, error).await
        }
    }
}

async fn note(
    app: &App,
    id: DonationId,
    opened: Opened,
    client: Client,
) -> Result<Checkout, CheckoutError> {
    let url = opened.checkout_url.clone();
    let now = app.clock.now();
    let origin = Origin::of(client, &app.origin_keys);
    let first_look = (now.after(app.config.reconcile_every), origin);
    app.ledger.note_opened(id, opened, first_look, now).await?;
    Ok(Checkout { id, url })
}

async fn not_opened(
    app: &App,
    id: DonationId,
    error: ProviderError,
) -> Result<Checkout, CheckoutError> {
    if error.leaves_outcome_open() {
        settle::not_opened(app, id, NotOpened::Unknown, None).await?;
        return Err(CheckoutError::OutcomeUnknown);
    }
    let made = match &error {
        ProviderError::UnsafeCheckout(intent) => Some(intent.clone()),
        _ => None,
    };
    settle::not_opened(app, id, NotOpened::Refused, made).await?;
    Err(CheckoutError::Provider(error))
}
