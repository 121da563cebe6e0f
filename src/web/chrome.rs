//! Head and foot of every page, and the page of an error.
//!
//! Owns what surrounds a page, from settings and providers alone: nothing of a
//! visitor but the language is in it. Templates escape everything; none may
//! switch that off. Addresses in here come from the operator or a provider,
//! never from a visitor.

use askama::Template;

use super::assets::Assets;
use super::request_language::PageLanguage;
use crate::app::App;
use crate::config::{PageSettings, Theme};
use crate::language::{Catalog, Language};
use crate::money::Currency;
use crate::provider::Means;

/// Where the program comes from.
const SOURCE: &str = "https://github.com/allscale-io/buy_me_a_bagel";

/// What surrounds every page: head, notice and foot.
pub(super) struct Chrome<'a> {
    /// What the page says, in its language.
    pub(super) words: &'static Catalog,
    /// Where the form is, in the same language.
    pub(super) home: String,
    /// What the menu of languages leads to: this address, without a query.
    pub(super) here: String,
    /// Path before every link: `""` or such as `"/tips"`, without a final slash.
    pub(super) prefix: &'a str,
    /// What links add to stay in the language: `"?lang=ja"`, or nothing.
    pub(super) query: String,
    pub(super) assets: &'a Assets,
    pub(super) page: &'a PageSettings,
    /// Such as "Buy Ada a bagel".
    pub(super) site_name: String,
    /// Absolute address of a picture for link previews; needs a public address.
    pub(super) preview: Option<String>,
    /// A banner above everything, such as "Demo: no real money moves."
    pub(super) notice: Option<String>,
    /// The page's own public address.
    pub(super) canonical: Option<String>,
    /// The creator's profiles and site.
    pub(super) links: Vec<Link>,
    /// Who handles the payments, such as "Allscale (USD → USDT)".
    pub(super) providers: Vec<Link>,
}

/// A label and where it leads.
pub(super) struct Link {
    pub(super) label: String,
    pub(super) url: String,
}

impl<'a> Chrome<'a> {
    /// Head and foot of any page; `path` is the one to name as canonical.
    pub(super) fn new(
        app: &'a App,
        assets: &'a Assets,
        language: PageLanguage,
        path: Option<&str>,
    ) -> Self {
        let page = &app.config.page;
        let words = language.words();
        let here = format!("{}/", app.prefix());
        let absolute = |path: &str| {
            let public_url = app.config.public_url.as_ref()?;
            Some(format!("{}{path}", public_url.origin()))
        };
        Chrome {
            words,
            home: format!("{here}{}", language.query()),
            here,
            prefix: app.prefix(),
            query: language.query(),
            assets,
            page,
            site_name: words.say_with("site-name", "creator", &page.name),
            preview: absolute(assets.url("touch-icon.png")),
            notice: notice(app, words),
            canonical: path.and_then(|path| absolute(&format!("{}{path}", app.prefix()))),
            links: links(page, words),
            providers: powered_by(app, words),
        }
    }

    /// The languages to choose from, the page's own among them.
    #[expect(clippy::unused_self, reason = "templates call methods on self")]
    pub(super) fn languages(&self) -> impl Iterator<Item = Language> + use<> {
        Language::ALL.iter().copied()
    }

    /// The value of `<meta name="color-scheme">`.
    pub(super) fn color_scheme(&self) -> &'static str {
        match self.page.theme {
            Theme::Auto => "light dark",
            Theme::Light | Theme::Dark => self.page.theme.as_str(),
        }
    }

    /// Where the program comes from.
    #[expect(clippy::unused_self, reason = "templates call methods on self")]
    pub(super) fn source(&self) -> &'static str {
        SOURCE
    }
}

/// A page that is not there, a limit reached, or our own failure.
#[derive(Template)]
#[template(path = "error.html")]
pub(super) struct ErrorPage<'a> {
    pub(super) chrome: Chrome<'a>,
    pub(super) title: String,
    pub(super) sentence: &'a str,
    /// Such as "You can try again in 12 seconds."
    pub(super) wait: Option<String>,
    /// For 5xx.
    pub(super) request_id: Option<String>,
    /// The picture: a name that `scene.html` knows, else the lost bagel.
    pub(super) scene: &'static str,
}

/// A provider on loopback is a stand-in, whatever the configuration calls it.
fn notice(app: &App, words: &Catalog) -> Option<String> {
    let is_demo = app.providers.iter().any(|provider| provider.is_stand_in());
    is_demo.then(|| words.say("notice-demo"))
}

fn links(page: &PageSettings, words: &Catalog) -> Vec<Link> {
    let all = [
        ("X".to_owned(), &page.twitter),
        ("GitHub".to_owned(), &page.github),
        (words.say("links-website"), &page.website),
    ];
    let known = all.into_iter().filter_map(|(label, url)| {
        Some(Link {
            label,
            url: url.clone()?,
        })
    });
    known.collect()
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

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    /// Every file under a folder.
    fn files_in(folder: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        let inside = |path: PathBuf| {
            if path.is_dir() {
                files_in(&path)
            } else {
                vec![path]
            }
        };
        paths.flat_map(inside).collect()
    }

    #[test]
    fn no_template_switches_escaping_off_or_holds_code() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        for path in files_in(&folder) {
            let template = std::fs::read_to_string(&path).unwrap();
            for forbidden in [
                "|safe",
                "| safe",
                "escape=",
                " style=",
                "<style",
                "<script>",
                "javascript:",
                " onclick",
                " onload",
            ] {
                assert!(!template.contains(forbidden), "{forbidden}: {path:?}");
            }
        }
    }
}
