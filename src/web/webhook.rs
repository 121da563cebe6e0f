//! `POST /webhooks/{provider}`: the provider's word, verified by the provider.
//!
//! Answers 200 only after what it says is committed, 200 for a duplicate, 401
//! for what is not authentic, 503 for what could not be kept (it will be sent
//! again). Understands nothing of a body before its signature is verified, and
//! never limits a genuine webhook.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, Method, StatusCode};
use tracing::warn;

use super::Web;
use super::client_ip::ClientIp;
use super::error::Error;
use crate::app::App;
use crate::ledger::{LedgerError, Settled};
use crate::provider::{Entry, Event, Trust, Webhook, WebhookRefusal};
use crate::report::Source;
use crate::settle;
use crate::sweep::{self, LookError};

pub(super) async fn post(
    State(web): State<Arc<Web>>,
    Path(provider): Path<String>,
    Extension(client): Extension<ClientIp>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Error> {
    let provider = by_route(&web.app, &provider)?;
    let webhook = Webhook {
        method: Method::POST.as_str(),
        path: uri.path(),
        query: uri.query().unwrap_or_default(),
        headers: &headers,
        body: &body,
    };
    let event = provider
        .verify(&webhook, web.app.clock.now())
        .map_err(|refusal| refuse(&web, client, refusal))?;
    match keep(&web.app, event).await? {
        Settled::NonceReused => Err(refuse(&web, client, WebhookRefusal::NotAuthentic)),
        Settled::Kept(_) | Settled::Duplicate | Settled::Unmatched => Ok(StatusCode::OK),
    }
}

fn by_route<'a>(app: &'a App, route: &str) -> Result<&'a Arc<Entry>, Error> {
    let mut providers = app.providers.iter();
    let known = providers.find(|provider| provider.about().route == route);
    known.ok_or(Error::NotFound)
}

/// Settles in a task of its own: a sender that disconnects cannot cut it off.
async fn keep(app: &Arc<App>, event: Event) -> Result<Settled, Error> {
    let shared = Arc::clone(app);
    let task = app.tasks.spawn(async move {
        let report = match event.trust {
            Trust::Settles => event.report,
            Trust::MustAsk => sweep::answer_to(&shared, event.report).await?,
        };
        let identity = Some(event.identity);
        Ok(settle::settle(&shared, report, Source::Webhook, identity).await?)
    });
    let panicked = Err(LedgerError::Panicked("settling").into());
    task.await.unwrap_or(panicked).map_err(not_stored)
}

/// Could not be stored: a 503, so that the provider sends it again.
fn not_stored(error: LookError) -> Error {
    match error {
        LookError::Ledger(error) => error.into(),
        LookError::Provider(error) => {
            warn!(%error, "a webhook waits for the provider's own answer");
            Error::ProviderBusy
        }
    }
}

fn refuse(web: &Web, client: ClientIp, refusal: WebhookRefusal) -> Error {
    if refusal == WebhookRefusal::Malformed {
        warn!("an authentic webhook cannot be read; the sweep will find the payment");
        return refusal.into();
    }
    if let Err(wait) = web.limits.count_forged(client) {
        return Error::TooMany(wait);
    }
    warn!(%refusal, "a webhook was refused");
    refusal.into()
}
