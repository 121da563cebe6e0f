//! A look: asks the provider how one payment stands, and settles the answer.
//!
//! Sweep, poll and webhook all ask through here. Writes nothing when the provider
//! gave no answer. When it is asked, and whose turn it is, is decided elsewhere.

use tokio::time::timeout;

use crate::app::App;
use crate::budget::{Full, Lane};
use crate::donation::Donation;
use crate::ledger::LedgerError;
use crate::provider::ProviderError;
use crate::report::{Report, Source};
use crate::status::Status;
use crate::{deadlines, settle};

/// Why a look failed.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    #[error(transparent)]
    Provider(#[from] ProviderError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The provider cannot be asked now; the ledger remembers that it must be.
    #[error("it was not its turn in time; the look is remembered and due first")]
    NoTurn,
}

/// Asks the provider about one donation and settles the answer. The caller has
/// drawn on the budget before.
pub async fn look(app: &App, donation: &Donation, source: Source) -> Result<(), LookError> {
    let intent = donation.intent.as_ref().ok_or(ProviderError::NotFound)?;
    let provider = app.providers.find(&donation.provider);
    let report = provider
        .ok_or(ProviderError::NotFound)?
        .look(intent)
        .await?;
    settle::settle(app, report, source, None).await?;
    Ok(())
}

/// Hint: replaces a webhook's report by the provider's own answer. A hint about
/// a donation that is settled or not here causes no call. One may arrive before its
/// checkout is noted, or without our own id; then it names the intent itself.
pub async fn answer_to(app: &App, hint: Report) -> Result<Report, LookError> {
    let donation = match hint.order {
        Some(id) => app.ledger.donation(id).await?,
        None => None,
    };
    let is_settled = donation.as_ref().is_some_and(Donation::is_settled);
    if is_settled || (hint.order.is_some() && donation.is_none()) {
        return Ok(hint);
    }
    let noted = donation
        .as_ref()
        .and_then(|donation| donation.intent.as_ref());
    let intent = noted.unwrap_or(&hint.intent);
    let name = donation
        .as_ref()
        .map_or(hint.provider, |donation| &donation.provider);
    let provider = app.providers.find(name).ok_or(ProviderError::NotFound)?;
    let turn = timeout(deadlines::TURN, provider.looks.draw(Lane::Webhook)).await;
    let answer = match turn {
        Ok(Ok(())) => provider.look(intent).await,
        Ok(Err(Full)) | Err(_) => Err(ProviderError::RateLimited(None)),
    };
    if let (Err(ProviderError::RateLimited(_)), Some(donation)) = (&answer, &donation) {
        app.ledger.hint(donation.id, intent.clone()).await?;
        return Err(LookError::NoTurn);
    }
    let answer = answer?;
    if hint.status == Status::Confirmed && answer.status != Status::Confirmed {
        let behind = "it does not know of the payment its own webhook tells of";
        return Err(ProviderError::Broken(behind).into());
    }
    Ok(answer)
}
