//! `POST /webhooks/{provider}`: the provider's word, verified by the provider.
//!
//! Answers 200 only after what it says is committed, 200 for a duplicate, 401
//! for what is not authentic, 503 for what could not be kept (it will be sent
//! again). Understands nothing of a body before its signature is verified, and
//! never limits a genuine webhook.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{OriginalUri, Path, Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tracing::warn;

use super::Web;
use super::error::Error;
use super::limits::{Counted, Limits};
use crate::app::App;
use crate::client::Client;
use crate::ledger::Settled;
use crate::look::{self, LookError};
use crate::provider::{Entry, Event, Trust, Webhook, WebhookRefusal};
use crate::report::{Report, Source};
use crate::settle;

pub(super) async fn post(
    State(web): State<Web>,
    Path(provider): Path<String>,
    Extension(client): Extension<Client>,
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
        .map_err(|refusal| refuse(&web.limits, client, refusal))?;
    if event.trust == Trust::LikeAPoll {
        return glance(&web, &event.report, client).await;
    }
    match apply(&web.app, event).await? {
        Some(Settled::NonceReused) => {
            Err(refuse(&web.limits, client, WebhookRefusal::NotAuthentic))
        }
        Some(Settled::Kept(_) | Settled::Duplicate | Settled::Unmatched) | None => {
            Ok(StatusCode::OK)
        }
    }
}

/// Refuses a webhook whose headers say already that it is not authentic, before
/// its body is read.
pub(super) async fn read_headers(
    State(web): State<Web>,
    Path(provider): Path<String>,
    Extension(client): Extension<Client>,
    request: Request,
    next: Next,
) -> Result<Response, Error> {
    if by_route(&web.app, &provider)?.may_be_authentic(request.headers()) {
        Ok(next.run(request).await)
    } else {
        Err(refuse(&web.limits, client, WebhookRefusal::NotAuthentic))
    }
}

fn by_route<'a>(app: &'a App, route: &str) -> Result<&'a Arc<Entry>, Error> {
    let mut providers = app.providers.iter();
    let known = providers.find(|provider| provider.about().route == route);
    known.ok_or(Error::NotFound)
}

/// It tells nothing that there is to keep.
async fn glance(web: &Web, report: &Report, client: Client) -> Result<StatusCode, Error> {
    web.limits.count(Counted::Poll, client)?;
    if let Some(id) = report.order {
        web.polls.glance(&web.app, id, client).await?;
    }
    Ok(StatusCode::OK)
}

/// `None` where the provider could not be asked yet: the ledger remembers it.
async fn apply(app: &App, event: Event) -> Result<Option<Settled>, Error> {
    let report = match event.trust {
        Trust::Settles => event.report,
        Trust::MustAsk | Trust::LikeAPoll => match look::answer_to(app, event.report).await {
            Ok(report) => report,
            Err(LookError::NoTurn) => return Ok(None),
            Err(error) => return Err(not_stored(error)),
        },
    };
    let identity = Some(event.identity);
    let settled = settle::settle(app, report, Source::Webhook, identity).await?;
    Ok(Some(settled))
}

/// Could not be stored: a 503, so that the provider sends it again.
fn not_stored(error: LookError) -> Error {
    match error {
        LookError::Ledger(error) => error.into(),
        error @ (LookError::Provider(_) | LookError::NoTurn) => {
            warn!(%error, "a webhook waits for the provider's own answer");
            Error::ProviderBusy(None)
        }
    }
}

fn refuse(limits: &Limits, client: Client, refusal: WebhookRefusal) -> Error {
    if refusal == WebhookRefusal::Malformed {
        warn!("an authentic webhook cannot be read; the sweep will find the payment");
        return refusal.into();
    }
    if let Err(too_many) = limits.count(Counted::Forgery, client) {
        return too_many;
    }
    warn!(%refusal, "a webhook was refused");
    refusal.into()
}
