//! What the page shows to other pages: its badge, and pictures for links.
//!
//! Owns the routes of what surrounds the page. Nothing in here knows a
//! supporter: it is the same for everybody, and may be cached.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;

use super::Web;
use super::cached_body::CachedBody;
use super::error::Error;
use crate::config::Avatar;

const AN_HOUR: &str = "public, max-age=3600";
/// The "Buy me a bagel" button for other people's pages.
const BADGE: &[u8] = include_bytes!("../../../static/badge.svg");
/// The bagel as a checkout sells it, 220 by 220 pixels.
const BAGEL: &[u8] = include_bytes!("../../../static/bagel.png");

/// The routes, without the path before them.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/badge.svg", get(badge))
        .route("/bagel.png", get(bagel))
        .route("/avatar", get(avatar))
}

/// Pictures that links and other pages ask for.
pub(crate) struct Pictures {
    badge: CachedBody,
    bagel: CachedBody,
    /// The creator's own, where it is ours to serve.
    avatar: Option<CachedBody>,
}

impl Pictures {
    /// Compresses them where that makes them shorter.
    pub(super) fn load(avatar: &Avatar) -> Self {
        let avatar = match avatar {
            Avatar::File {
                bytes,
                content_type,
            } => Some(CachedBody::new(bytes.clone(), content_type, AN_HOUR)),
            Avatar::Url { .. } | Avatar::None => None,
        };
        Self {
            badge: CachedBody::new(BADGE, "image/svg+xml", AN_HOUR),
            bagel: CachedBody::new(BAGEL, "image/png", AN_HOUR),
            avatar,
        }
    }
}

async fn badge(State(pictures): State<Arc<Pictures>>, headers: HeaderMap) -> Response {
    pictures.badge.reply(&headers)
}

async fn bagel(State(pictures): State<Arc<Pictures>>, headers: HeaderMap) -> Response {
    pictures.bagel.reply(&headers)
}

async fn avatar(
    State(pictures): State<Arc<Pictures>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let avatar = pictures.avatar.as_ref().ok_or(Error::NotFound)?;
    Ok(avatar.reply(&headers))
}
