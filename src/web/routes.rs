//! The ONE route table, and the layers around it.
//!
//! Owns which path reaches which handler, and in which order a request passes
//! limits, time and errors. What is shown to the world beside the page (a wall,
//! a goal, a badge) stands in [`super::public`]; what the creator alone sees
//! belongs in `web/desk/`, with a table of its own that is nested here.

use std::any::Any;
use std::panic::resume_unwind;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::time::timeout;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use super::error::Error;
use super::{
    Web, assets, body, checkout, edit, health, limits, page, public, render, status, thanks,
    webhook,
};
use crate::deadlines;

/// Largest request body, in bytes.
const MAX_BODY: usize = 64 * 1024;

impl Web {
    /// The route table, in the order of a donation's walk, under the public
    /// address's path.
    pub(crate) fn router(&self) -> Router {
        let arrive = || from_fn_with_state(self.clone(), body::arrive);
        let detached = || from_fn_with_state(self.clone(), detached);
        let posts = || from_fn_with_state(self.clone(), limits::around_posts);
        let polls = from_fn_with_state(self.clone(), limits::around_polls);
        let form = from_fn_with_state(self.clone(), checkout::refill);
        let asked = ServiceBuilder::new().layer(arrive()).layer(form);
        let asked = asked.layer(posts()).layer(detached());
        let checkout = post(checkout::post).route_layer(asked);
        let headers = from_fn_with_state(self.clone(), webhook::read_headers);
        let told = ServiceBuilder::new().layer(headers).layer(arrive());
        let webhook = post(webhook::post).route_layer(told.layer(detached()));
        let change = || ServiceBuilder::new().layer(posts()).layer(arrive());

        let page = Router::new()
            .route("/", get(page::get))
            .route("/api/checkout", checkout)
            .route("/api/status", get(status::get).route_layer(polls))
            .route("/webhooks/{provider}", webhook)
            .route("/thanks/{id}", get(thanks::get))
            .route(
                "/thanks/{id}/visibility",
                post(edit::set_visibility).route_layer(change()),
            )
            .route(
                "/thanks/{id}/erase",
                post(edit::erase).route_layer(change()),
            )
            .route("/assets/{name}", get(assets::serve))
            .merge(public::routes());
        let health = Router::new()
            .route("/healthz", get(health::live))
            .route("/readyz", get(health::ready));
        let routes = match self.prefix() {
            "" => page,
            prefix => Router::new()
                .nest(prefix, page)
                .route(&format!("{prefix}/"), get(page::get)),
        };
        self.layered(routes.merge(health).with_state(self.clone()))
    }

    /// Layers for every route, the outermost first. One stack: each layer put
    /// on a router by itself is one more box for each request.
    fn layered(&self, routes: Router) -> Router {
        let in_time =
            TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, deadlines::REQUEST);
        let layers = ServiceBuilder::new()
            .layer(from_fn_with_state(self.clone(), render::around))
            .layer(CatchPanicLayer::custom(panicked))
            .layer(in_time);
        // By itself, because it changes the type of the body.
        routes
            .layer(RequestBodyLimitLayer::new(MAX_BODY))
            .layer(layers)
    }
}

/// Answers in a task of its own: a client that hangs up or has waited long enough
/// cannot cut off half-way what it began. Its body has [arrived](body::arrive).
async fn detached(State(web): State<Web>, request: Request, next: Next) -> Result<Response, Error> {
    let answer = web.app.tasks.spawn(next.run(request));
    match timeout(deadlines::ANSWER, answer).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(panic)) => resume_unwind(panic.into_panic()),
        Err(_) => Err(Error::TooSlow),
    }
}

/// The panic's own text may hold anything; the hook has logged where it was.
fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Error::Internal.into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use tower::ServiceExt;

    use super::*;
    use crate::web::sample;

    #[tokio::test]
    async fn a_panic_is_a_500_like_any_other_and_tells_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let panics = || async { assert_eq!("CANARY", "") };
        let web = sample::web(&folder).await;
        let layer = from_fn_with_state(web.clone(), detached);
        let routes = Router::new()
            .route("/", get(panics))
            .route("/detached", get(panics).route_layer(layer));
        let routes = web.layered(routes);
        for (path, accept) in [("/", "*/*"), ("/", "text/html"), ("/detached", "*/*")] {
            let request = Request::get(path).header("accept", accept);
            let request = request.body(Body::empty()).unwrap();
            let answer = routes.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
            for name in [
                "content-security-policy",
                "x-content-type-options",
                "x-request-id",
            ] {
                assert!(answer.headers().contains_key(name), "{name}");
            }
            let body = to_bytes(answer.into_body(), MAX_BODY).await.unwrap();
            let body = String::from_utf8(body.to_vec()).unwrap();
            assert!(body.contains("Something went wrong on our side."), "{body}");
            assert!(!body.contains("CANARY"), "{body}");
        }
    }
}
