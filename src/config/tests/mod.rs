//! The configuration from outside: pairs of name and value in, a
//! configuration or remarks out.

mod bad_values;

use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::Duration;

use secrecy::ExposeSecret;

use super::*;
use crate::outward::BaseUrl;

const KEY: &str = "st_CANARY-key";
const SECRET: &str = "st_CANARY$secret#16";
const HOOK: &str = "https://CANARY.example/CANARY";
pub(super) const GOOD: [(&str, &str); 2] =
    [("ALLSCALE_API_KEY", KEY), ("ALLSCALE_API_SECRET", SECRET)];

/// Every secret, and what belongs to one.
pub(super) const EVERYTHING: [(&str, &str); 17] = [
    GOOD[0],
    GOOD[1],
    ("ALCHEMY_PAY_APP_ID", "app0id"),
    ("ALCHEMY_PAY_APP_SECRET", "CANARY"),
    ("BAGEL_PUBLIC_URL", "https://bagel.example/tips"),
    ("DATABASE_URL", "postgres://bagel:CANARY@db.example/tips"),
    ("BAGEL_NOTIFY_WEBHOOK_URL", HOOK),
    (
        "BAGEL_NOTIFY_WEBHOOK_SECRET",
        "whsec_CANARYCANARYCANARYCANARYCANARYCA",
    ),
    ("BAGEL_NOTIFY_DISCORD_URL", HOOK),
    ("BAGEL_NOTIFY_SLACK_URL", "http://127.0.0.1:1/CANARY"),
    ("BAGEL_NOTIFY_NTFY_URL", HOOK),
    ("BAGEL_NOTIFY_NTFY_TOKEN", "tk_CANARY"),
    ("BAGEL_NOTIFY_TELEGRAM_TOKEN", "1:CANARY"),
    ("BAGEL_NOTIFY_TELEGRAM_CHAT", "-1001"),
    ("BAGEL_NOTIFY_SMTP_URL", "smtps://x:CANARY@a.example"),
    ("BAGEL_NOTIFY_EMAIL_FROM", "Bagel <bagel@a.example>"),
    ("BAGEL_NOTIFY_EMAIL_TO", "ada@a.example"),
];

/// A file called like one of [`EVERYTHING`] holds its value, and a line break.
fn file(path: &Path) -> io::Result<Vec<u8>> {
    let path = path.to_str().unwrap();
    let secret = EVERYTHING.into_iter().find(|(name, _)| *name == path);
    match path {
        "me.png" => Ok(b"\x89PNG\r\n\x1a\n....".to_vec()),
        "me.jpg" => Ok(b"\xff\xd8\xff\xe0....".to_vec()),
        "me.webp" => Ok(b"RIFF....WEBPVP8 ".to_vec()),
        "me.svg" => Ok(b"<svg onload=alert(1)>".to_vec()),
        "huge.png" => Ok([b"\x89PNG\r\n\x1a\n".to_vec(), vec![0; 512 * 1024]].concat()),
        "empty" => Ok(b"\n".to_vec()),
        "binary" => Ok(b"st_\xff\xff".to_vec()),
        _ => secret
            .map(|(_, value)| format!("{value}\r\n").into_bytes())
            .ok_or(ErrorKind::NotFound.into()),
    }
}

pub(super) fn check(vars: &[(&str, &str)]) -> Checked {
    let lookup = |name: &str| {
        vars.iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| (*value).to_owned())
    };
    Checked::from_vars(lookup, file)
}

/// The configuration of good credentials and `vars`.
pub(super) fn config(vars: &[(&str, &str)]) -> Result<Config, Problems> {
    check(&[vars, &GOOD].concat()).into_config()
}

pub(super) fn places(remarks: &[Remark]) -> Vec<&str> {
    remarks.iter().map(|remark| &*remark.place).collect()
}

#[test]
fn credentials_are_all_it_takes() {
    let config = config(&[]).unwrap();
    let allscale = config.providers.allscale.unwrap();
    assert_eq!(allscale.api_key, KEY);
    assert_eq!(allscale.api_secret.expose_secret(), SECRET);
    assert_eq!(
        allscale.base_url,
        BaseUrl::parse("https://openapi.allscale.io").unwrap()
    );
    assert!(!allscale.signed_responses && config.warnings.is_empty());
    assert_eq!(
        config.database,
        Database::Sqlite {
            path: "data/bagel.db".into(),
            create_folder: true
        }
    );
    assert_eq!(config.bind.to_string(), "127.0.0.1:8080");
    assert_eq!(config.reconcile_every, Duration::from_secs(30));
    assert_eq!(
        (
            config.checkout_per_minute.get(),
            config.status_per_minute.get()
        ),
        (5, 600)
    );
    assert_eq!((&*config.page.name, config.page.theme), ("me", Theme::Auto));
}

#[test]
fn the_table_tells_the_defaults_of_a_page_in_usd() {
    let told = TABLE
        .iter()
        .filter(|it| !matches!(it.value, Value::UnsetSecret(_)));
    let told: Vec<_> = told.map(|it| (it.name, it.default())).collect();
    let checked = check(&told);
    assert_eq!(
        places(&checked.problems.0),
        ["ALLSCALE_API_KEY", "ALLSCALE_API_SECRET"]
    );
    assert_eq!(checked.config.page, config(&[]).unwrap().page);
}

#[test]
fn the_examples_work() {
    let mut examples: Vec<_> = TABLE
        .iter()
        .filter(|it| it.name != "BAGEL_AVATAR" && !it.name.starts_with("BAGEL_NOTIFY_"))
        .filter_map(|variable| match variable.value {
            Value::Unset(text) => Some((variable.name, text)),
            _ => None,
        })
        .collect();
    examples.push(("BAGEL_AVATAR", "me.png"));
    examples.push(("ALCHEMY_PAY_APP_SECRET", "CANARY"));
    let config = config(&examples).unwrap();
    assert!(config.providers.alchemy_pay.is_some());
    assert_eq!(config.page.twitter.unwrap(), "https://x.com/your_handle");
    assert_eq!(config.trusted_proxies.len(), 2);
}

#[test]
fn good_values_are_taken() {
    for (name, value) in [
        ("ALLSCALE_BASE_URL", "http://localhost:8081"),
        ("BAGEL_CURRENCY", "USDT"),
        ("ALLSCALE_CURRENCY", "USDT"),
        ("ALLSCALE_SIGNED_RESPONSES", "yes"),
        ("ALLSCALE_SIGNED_RESPONSES", "TRUE"),
        ("DATABASE_URL", "sqlite:///data/bagel.db"),
        ("BAGEL_BIND", "[::]:0"),
        ("BAGEL_PUBLIC_URL", "https://bagel.example.com/tips/"),
        ("BAGEL_TRUSTED_PROXIES", "10.1.2.3/8, ::1,192.0.2.1"),
        ("BAGEL_CHECKOUT_PER_MINUTE", "6000"),
        ("BAGEL_RECONCILE_SECONDS", "3600"),
        ("BAGEL_LOG_FORMAT", "json"),
        ("RUST_LOG", "warn,bagel=trace"),
        ("BAGEL_NAME", " Ada & Grace <3 "),
        ("BAGEL_BIO", "two\nlines"),
        ("BAGEL_THANKS", "so\nkind"),
        ("BAGEL_AVATAR", "https://example.com/me.png?s=1"),
        ("BAGEL_PRESETS", "2.50, 5"),
        ("BAGEL_CUSTOM_AMOUNT", "0"),
        ("BAGEL_MIN_AMOUNT", "1"),
        ("BAGEL_MAX_AMOUNT", "10"),
        ("BAGEL_VISIBILITY_DEFAULT", "name, amount"),
        ("BAGEL_THEME", "dark"),
        ("BAGEL_ACCENT", "#0A7"),
        ("BAGEL_TWITTER", "@ada_l"),
        ("BAGEL_GITHUB", "https://github.com/ada"),
        ("BAGEL_WEBSITE", "https://ada.example"),
        ("BAGEL_WEBSITE", " \t"),
        ("BAGEL_BIND", ""),
    ] {
        assert!(config(&[(name, value)]).is_ok(), "{name}={value}");
    }
}

#[test]
fn every_problem_is_told_at_once() {
    let checked = check(&[
        ("BAGEL_CURRENCY", "DEM"),
        ("ALLSCALE_API_KEY", ""),
        ("ALLSCALE_API_SECRET", "CANARY"),
        ("BAGEL_BIND", "x"),
        ("BAGEL_PUBLIC_URL", "x"),
        ("BAGEL_PRESETS", "200000"),
    ]);
    // In an unknown currency an amount is neither right nor wrong.
    let expected = [
        "BAGEL_CURRENCY",
        "ALLSCALE_API_KEY",
        "BAGEL_BIND",
        "BAGEL_PUBLIC_URL",
    ];
    assert_eq!(places(&checked.problems.0), expected);
    assert!(checked.config.providers.allscale.as_ref().is_none() && !checked.is_good(Part::Bind));
    assert!(checked.config.public_url.is_none() && checked.is_good(Part::Ledger));
    let told = checked.into_config().unwrap_err().to_string();
    assert!(told.contains("must be one of USD, EUR,"), "{told}");
    assert!(
        told.ends_with("is shorter than 16 characters: copied whole?"),
        "{told}"
    );
    assert!(!told.contains("CANARY"), "{told}");
}

#[test]
fn a_picture_is_known_by_its_first_bytes() {
    for (path, expected) in [
        ("me.png", "image/png"),
        ("me.jpg", "image/jpeg"),
        ("me.webp", "image/webp"),
    ] {
        let avatar = config(&[("BAGEL_AVATAR", path)]).unwrap().page.avatar;
        assert!(matches!(avatar, Avatar::File { content_type, .. } if content_type == expected));
    }
    let remote = config(&[("BAGEL_AVATAR", "https://Example.com:8443/me")]).unwrap();
    let Avatar::Url { origin, .. } = remote.page.avatar else {
        panic!("not a URL")
    };
    assert_eq!(origin, "https://example.com:8443");
}

#[test]
fn a_demo_needs_no_environment() {
    let settings = config(&[]).unwrap().providers.allscale.unwrap();
    let public_url = PublicUrl::parse("http://localhost:8080").unwrap();
    let bind = "127.0.0.1:0".parse().unwrap();
    let demo = Config::for_demo(bind, settings, "/tmp/x/bagel.db".into(), public_url);
    assert_eq!((&*demo.page.name, demo.bind), ("Ada", bind));
    let told = format!("{demo:?} {:?}", check(&GOOD));
    assert!(!told.contains("CANARY"), "{told}");
}

/// A configuration without problems has a provider.
#[test]
fn nothing_is_served_without_a_provider() {
    let names = [
        "ALLSCALE_API_KEY",
        "ALLSCALE_API_SECRET",
        "ALLSCALE_API_SECRET_FILE",
        "ALCHEMY_PAY_APP_ID",
        "ALCHEMY_PAY_APP_SECRET",
        "ALCHEMY_PAY_APP_SECRET_FILE",
        "BAGEL_PUBLIC_URL",
    ];
    let good = [
        "st_key",
        "st_CANARY",
        "ALLSCALE_API_SECRET",
        "app",
        "CANARY",
        "ALCHEMY_PAY_APP_SECRET",
        "https://bagel.example",
    ];
    let choices: Vec<_> = names.into_iter().zip(good).collect();
    let mut served = 0;
    for number in 0..3_usize.pow(7) {
        let digit = |place: u32| number / 3_usize.pow(place) % 3;
        let vars = (0..).zip(&choices).filter_map(|(place, (name, good))| {
            let values = [None, Some(""), Some(*good)];
            values[digit(place)].map(|value| (*name, value))
        });
        let vars: Vec<_> = vars.collect();
        let Ok(config) = check(&vars).into_config() else {
            continue;
        };
        served += 1;
        let providers = config.providers;
        let any = providers.allscale.is_some() || providers.alchemy_pay.is_some();
        assert!(any, "{vars:?}");
    }
    assert!(served > 50, "only {served} could be served");
}
