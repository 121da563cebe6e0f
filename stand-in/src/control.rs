//! `/control`: the test controls of [`super::State`] over HTTP, for a person
//! with curl and for tests in another process.
//!
//! Answers peers on this machine only. Must never show a secret.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{self, ConnectInfo, Path, Request};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};

use super::faults::Fault;
use super::payment::{self, Action, ActionError};
use super::state::{Shared, State};

pub(crate) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/control/faults", post(inject).delete(clear))
        .route("/control/intents", get(intents))
        .route("/control/settled", get(settled))
        .route("/control/calls", get(calls))
        .route("/control/deliveries", get(deliveries))
        .route("/control/releases", get(releases))
        .route("/control/pay/{id}/{action}", post(pay))
        .route_layer(middleware::from_fn(this_machine_only))
}

async fn this_machine_only(
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    if !peer.ip().to_canonical().is_loopback() {
        let refusal = "/control answers peers on this machine only";
        return (StatusCode::FORBIDDEN, refusal).into_response();
    }
    next.run(request).await
}

async fn inject(extract::State(state): Shared, Json(fault): Json<Fault>) -> StatusCode {
    state.faults.inject(fault);
    StatusCode::NO_CONTENT
}

async fn clear(extract::State(state): Shared) -> StatusCode {
    state.faults.clear();
    StatusCode::NO_CONTENT
}

async fn intents(extract::State(state): Shared) -> Response {
    Json(state.intents.all()).into_response()
}

async fn settled(extract::State(state): Shared) -> Response {
    Json(state.intents.settled()).into_response()
}

async fn calls(extract::State(state): Shared) -> Response {
    Json(state.journal.calls()).into_response()
}

async fn deliveries(extract::State(state): Shared) -> Response {
    Json(state.journal.deliveries()).into_response()
}

async fn releases(extract::State(state): Shared) -> Response {
    Json(state.alchemy_pay.releases()).into_response()
}

/// Waits like [`super::StandIn::act`].
async fn pay(extract::State(state): Shared, Path((id, slug)): Path<(String, String)>) -> Response {
    let Some(action) = Action::from_slug(&slug) else {
        return (StatusCode::NOT_FOUND, "no such action").into_response();
    };
    match payment::act(&state, &id, action).await {
        Ok(outcome) => Json(outcome).into_response(),
        Err(error) => {
            let status = match error {
                ActionError::UnknownIntent | ActionError::NotOffered(_) => StatusCode::NOT_FOUND,
                ActionError::NotNow(_) => StatusCode::CONFLICT,
                ActionError::Stopped => StatusCode::SERVICE_UNAVAILABLE,
            };
            (status, error.to_string()).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test]
    async fn strangers_are_refused() {
        let state = State::new(crate::Options::default(), 1).unwrap();
        let app = routes().with_state(Arc::new(state));
        for (peer, status) in [
            ("127.0.0.1:5", 200),
            ("[::1]:5", 200),
            ("[::ffff:127.0.0.1]:5", 200),
            ("192.0.2.2:5", 403),
            ("[::ffff:192.0.2.2]:5", 403),
        ] {
            let mut request = Request::new(Body::empty());
            *request.uri_mut() = "/control/settled".parse().unwrap();
            let peer: SocketAddr = peer.parse().unwrap();
            request.extensions_mut().insert(ConnectInfo(peer));
            let answer = app.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status().as_u16(), status, "{peer}");
        }
    }
}
