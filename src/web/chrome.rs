//! Head and foot of every page: its addresses, its banner, its links.
//!
//! Owns what surrounds a page, from settings and providers alone; nothing of a
//! visitor but the language is in it.

use super::assets::Assets;
use super::spoken::Spoken;
use super::views::{Chrome, Link};
use crate::app::App;
use crate::config::PageSettings;
use crate::language::Catalog;
use crate::money::Currency;
use crate::provider::Means;

/// Where the program comes from.
const SOURCE: &str = "https://github.com/allscale-io/buy_me_a_bagel";

/// Head and foot of any page; `path` is the one to name as canonical.
pub(super) fn chrome(app: &App, assets: &Assets, spoken: Spoken, path: Option<&str>) -> Chrome {
    let page = &app.config.page;
    let words = spoken.words();
    let here = format!("{}/", app.prefix());
    let absolute = |path: &str| {
        let public_url = app.config.public_url.as_ref()?;
        Some(format!("{}{path}", public_url.origin()))
    };
    Chrome {
        words,
        home: format!("{here}{}", spoken.query()),
        here,
        query: spoken.query(),
        prefix: app.prefix().into(),
        css: assets.url("page.css").into(),
        js: assets.url("page.js").into(),
        icon: assets.url("favicon.svg").into(),
        touch_icon: assets.url("touch-icon.png").into(),
        preview: absolute(assets.url("touch-icon.png")),
        theme: page.theme.as_str().into(),
        creator: page.name.clone(),
        site_name: words.say_with("site-name", "creator", &page.name),
        notice: notice(app, words),
        canonical: path.and_then(|path| absolute(&format!("{}{path}", app.prefix()))),
        links: links(page, words),
        providers: powered_by(app, words),
        fork_url: SOURCE.into(),
    }
}

/// A provider on loopback is a stand-in, whatever the configuration calls it.
fn notice(app: &App, words: &Catalog) -> Option<String> {
    let is_demo = app.providers.iter().any(|provider| provider.is_stand_in());
    is_demo.then(|| words.say("notice-demo"))
}

fn links(page: &PageSettings, words: &Catalog) -> Vec<Link> {
    [
        ("X".to_owned(), &page.twitter),
        ("GitHub".to_owned(), &page.github),
        (words.say("links-website"), &page.website),
    ]
    .into_iter()
    .filter_map(|(label, url)| {
        Some(Link {
            label,
            url: url.clone()?,
        })
    })
    .collect()
}

/// Who handles the payments.
fn powered_by(app: &App, words: &Catalog) -> Vec<Link> {
    let all = app.providers.iter().map(|provider| provider.about());
    all.map(|about| Link {
        label: format!("{} ({})", about.title, pays_as(about.means, app, words)),
        url: about.home.into(),
    })
    .collect()
}

/// What is asked for and how it is paid.
fn pays_as(means: Means, app: &App, words: &Catalog) -> String {
    match (means, app.config.currency) {
        (Means::Card, currency) => words.say_with("powered-by-card", "currency", currency.code()),
        (Means::Stablecoin, Currency::Usdt) => "USDT".to_owned(),
        (Means::Stablecoin, fiat) => format!("{} → USDT", fiat.code()),
    }
}
