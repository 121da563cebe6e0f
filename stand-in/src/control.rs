//! `/control`: the same levers as [`super::StandIn`] has, over HTTP, for a
//! person with curl and for tests in another process.
//!
//! Only for peers on this machine. Gives away no secret.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};

use super::desk::Desk;
use super::faults::Fault;
use super::payment::{self, Action, ActionError};

type Shared = State<Arc<Desk>>;

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new()
        .route("/control/faults", post(inject).delete(clear))
        .route("/control/intents", get(intents))
        .route("/control/settled", get(settled))
        .route("/control/calls", get(calls))
        .route("/control/deliveries", get(deliveries))
        .route("/control/notices", get(notices))
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

async fn inject(State(desk): Shared, Json(fault): Json<Fault>) -> StatusCode {
    desk.faults.inject(fault);
    StatusCode::NO_CONTENT
}

async fn clear(State(desk): Shared) -> StatusCode {
    desk.faults.clear();
    StatusCode::NO_CONTENT
}

async fn intents(State(desk): Shared) -> Response {
    Json(desk.intents.all()).into_response()
}

async fn settled(State(desk): Shared) -> Response {
    Json(desk.intents.settled()).into_response()
}

async fn calls(State(desk): Shared) -> Response {
    Json(desk.journal.calls()).into_response()
}

async fn deliveries(State(desk): Shared) -> Response {
    Json(desk.journal.deliveries()).into_response()
}

async fn notices(State(desk): Shared) -> Response {
    Json(desk.alchemy_pay.notices.all()).into_response()
}

/// Waits like [`super::StandIn::act`].
async fn pay(State(desk): Shared, Path((id, slug)): Path<(String, String)>) -> Response {
    let Some(action) = Action::from_slug(&slug) else {
        return (StatusCode::NOT_FOUND, "no such action").into_response();
    };
    match payment::act(&desk, &id, action).await {
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
        let desk = Desk::new(crate::Options::default(), 1).unwrap();
        let app = routes().with_state(Arc::new(desk));
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
