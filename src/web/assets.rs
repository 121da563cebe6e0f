//! The style sheet, the script and the icons, built into the program.
//!
//! Each is served under a name that contains its hash, so that it may be cached for ever and a
//! new release is never mixed with an old one. Nothing here is read from disk at run time, and no
//! other name is answered.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use std::sync::Arc;

use super::cached_body::CachedBody;
use crate::accent::Accent;

const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The style sheet before the creator's colour; one, so that it is one request.
const SHEET: &str = concat!(
    include_str!("../../static/page.css"),
    include_str!("../../static/bagel.css")
);

/// What the scripts of the pages import, so its name goes into them.
const SHARED_SCRIPT: (&str, &str) = ("asking.js", include_str!("../../static/asking.js"));

/// The script of each page.
const SCRIPTS: [(&str, &str); 2] = [
    ("giving.js", include_str!("../../static/giving.js")),
    ("watching.js", include_str!("../../static/watching.js")),
];

/// Name, type and content of the icons.
const ICONS: [(&str, &str, &[u8]); 2] = [
    (
        "favicon.svg",
        "image/svg+xml",
        include_bytes!("../../static/favicon.svg"),
    ),
    (
        "touch-icon.png",
        "image/png",
        include_bytes!("../../static/touch-icon.png"),
    ),
];

/// Every asset under its hashed name; made once at start.
#[derive(Debug)]
pub(crate) struct Assets {
    all: Vec<Asset>,
}

#[derive(Debug)]
struct Asset {
    name: &'static str,
    /// Such as `page.0a1b2c3d.css`.
    hashed: String,
    /// Such as `/tips/assets/page.0a1b2c3d.css`.
    url: String,
    body: CachedBody,
}

impl Assets {
    /// Hashes the assets; `prefix` is `""` or such as `"/tips"`.
    pub(crate) fn load(prefix: &str, accent: Option<&Accent>) -> Self {
        let sheet = SHEET.to_owned() + &accent.map(Accent::css).unwrap_or_default();
        let script = |name, text| Asset::new(prefix, name, "text/javascript; charset=utf-8", text);
        let (name, text) = SHARED_SCRIPT;
        let shared = script(name, text.to_owned());
        let scripts = SCRIPTS.map(|(importing, text)| {
            let import = format!("./{}", shared.hashed);
            script(importing, text.replace(&format!("./{name}"), &import))
        });
        let icons = ICONS
            .map(|(name, content_type, content)| Asset::new(prefix, name, content_type, content));
        let mut all = vec![
            Asset::new(prefix, "page.css", "text/css; charset=utf-8", sheet),
            shared,
        ];
        all.extend(scripts.into_iter().chain(icons));
        Self { all }
    }

    /// Where to link the asset called `name` in `static/`; empty for a name that is not there.
    pub(crate) fn url(&self, name: &str) -> &str {
        self.all
            .iter()
            .find(|asset| asset.name == name)
            .map_or("", |asset| &asset.url)
    }

    fn reply(&self, hashed: &str, request: &HeaderMap) -> Response {
        match self.all.iter().find(|asset| asset.hashed == hashed) {
            Some(asset) => asset.body.reply(request),
            None => StatusCode::NOT_FOUND.into_response(),
        }
    }
}

impl Asset {
    fn new(
        prefix: &str,
        name: &'static str,
        content_type: &'static str,
        content: impl Into<Bytes>,
    ) -> Self {
        let body = CachedBody::new(content, content_type, FOR_EVER);
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
        let hashed = format!("{stem}.{}.{extension}", body.hash8());
        Self {
            name,
            url: format!("{prefix}/assets/{hashed}"),
            hashed,
            body,
        }
    }
}

/// `GET /assets/{name}`.
pub(crate) async fn serve(
    State(assets): State<Arc<Assets>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    assets.reply(&name, &headers)
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use axum::http::header;

    use super::*;

    #[test]
    fn every_asset_is_found_under_its_url_and_cached_for_ever() {
        let assets = Assets::load("/tips", None);
        for (name, content_type) in [
            ("page.css", "text/css; charset=utf-8"),
            ("asking.js", "text/javascript; charset=utf-8"),
            ("giving.js", "text/javascript; charset=utf-8"),
            ("watching.js", "text/javascript; charset=utf-8"),
            ("favicon.svg", "image/svg+xml"),
            ("touch-icon.png", "image/png"),
        ] {
            let url = assets.url(name);
            let hashed = url.strip_prefix("/tips/assets/").unwrap();
            let response = assets.reply(hashed, &HeaderMap::new());
            assert_eq!(response.status(), StatusCode::OK, "{url}");
            assert_eq!(response.headers()[header::CACHE_CONTROL], FOR_EVER);
            assert_eq!(response.headers()[header::CONTENT_TYPE], content_type);
        }
    }

    #[tokio::test]
    async fn a_script_imports_the_other_under_the_name_it_is_served() {
        let assets = Assets::load("", None);
        let shared = assets.url("asking.js").strip_prefix("/assets/").unwrap();
        for name in ["giving.js", "watching.js"] {
            let hashed = assets.url(name).strip_prefix("/assets/").unwrap();
            let response = assets.reply(hashed, &HeaderMap::new());
            let script = to_bytes(response.into_body(), 1 << 20).await.unwrap();
            let script = String::from_utf8(script.to_vec()).unwrap();
            assert!(script.contains(&format!(" from \"./{shared}\";")), "{name}");
        }
    }

    #[test]
    fn the_hash_is_eight_hex_digits_before_the_extension() {
        let assets = Assets::load("", None);
        let parts: Vec<_> = assets.url("page.css").split('.').collect();
        assert_eq!((parts[0], parts[2]), ("/assets/page", "css"));
        assert_eq!(parts[1].len(), 8);
        assert!(parts[1].bytes().all(|byte| byte.is_ascii_hexdigit()));
    }

    #[test]
    fn an_accent_makes_another_style_sheet() {
        let accent = Accent::parse("#0a7").unwrap();
        let (plain, own) = (Assets::load("", None), Assets::load("", Some(&accent)));
        assert_ne!(plain.url("page.css"), own.url("page.css"));
        assert_eq!(plain.url("giving.js"), own.url("giving.js"));
    }

    #[test]
    fn any_other_name_is_not_found() {
        let assets = Assets::load("", None);
        for name in ["page.css", "page.00000000.css", "", "../Cargo.toml", "page"] {
            assert_eq!(
                assets.reply(name, &HeaderMap::new()).status(),
                StatusCode::NOT_FOUND
            );
        }
    }

    #[test]
    fn a_first_visit_loads_less_than_50_kb_from_here() {
        let first_visit: usize = ["page.css", "giving.js", "asking.js", "favicon.svg"]
            .iter()
            .map(|name| {
                Assets::load("", None)
                    .all
                    .iter()
                    .find(|asset| asset.name == *name)
                    .unwrap()
                    .body
                    .sent_len()
            })
            .sum();
        assert!(
            first_visit < 30_000,
            "{first_visit} bytes leave too little room for the page"
        );
    }
}
