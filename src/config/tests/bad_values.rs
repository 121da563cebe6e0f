//! What cannot be used, or is missing, in each row of the table: every one is
//! named, and none is repeated.

use super::*;

/// [`EVERYTHING`] but `left_out`, and `more`.
fn everything_but(left_out: &[&str], more: &[(&str, &str)]) -> Checked {
    let kept = EVERYTHING.into_iter();
    let kept: Vec<_> = kept.filter(|(name, _)| !left_out.contains(name)).collect();
    check(&[more, &kept].concat())
}

/// How many providers and targets there are.
fn set_up(config: &Config) -> usize {
    let (providers, targets) = (&config.providers, &config.notify);
    let all = [
        providers.allscale.is_some(),
        providers.alchemy_pay.is_some(),
        targets.webhook.is_some(),
        targets.discord.is_some(),
        targets.slack.is_some(),
        targets.ntfy.is_some(),
        targets.telegram.is_some(),
        #[cfg(feature = "email")]
        targets.email.is_some(),
    ];
    all.into_iter().filter(|it| *it).count()
}

const TOO_LONG: &str = match str::from_utf8(&[b'x'; 501]) {
    Ok(text) => text,
    Err(_) => unreachable!(),
};

/// At least one for each variable that is no secret.
const BAD: &[(&str, &str)] = &[
    ("ALLSCALE_BASE_URL", "http://CANARY.example"),
    ("ALLSCALE_BASE_URL", "CANARY"),
    ("BAGEL_CURRENCY", "usd"),
    ("BAGEL_CURRENCY", "CANARY"),
    ("ALLSCALE_CURRENCY", "CANARY"),
    ("ALLSCALE_STABLE_COINS", "CANARY"),
    ("ALLSCALE_STABLE_COINS", "USDT,USDT"),
    ("ALLSCALE_SIGNED_RESPONSES", "CANARY"),
    ("ALCHEMY_PAY_APP_ID", "CANARY&x=1"),
    ("ALCHEMY_PAY_ENV", "CANARY"),
    ("ALCHEMY_PAY_CHECKOUT_URL", "http://CANARY.example"),
    ("ALCHEMY_PAY_CHECKOUT_URL", "http://localhost:8081"),
    ("ALCHEMY_PAY_API_URL", "CANARY"),
    ("DATABASE_URL", "postgres://bagel:CANARY@db:port/bagel"),
    ("DATABASE_URL", "postgres://bagel:CANARY@db"),
    ("DATABASE_URL", "mysql://CANARY"),
    ("DATABASE_URL", "data/CANARY.db"),
    ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "sqlite://CANARY/"),
    ("DATABASE_URL", "sqlite://CANARY.db?mode=rwc"),
    ("DATABASE_URL", "sqlite://:memory:"),
    ("BAGEL_BIND", "8080"),
    ("BAGEL_BIND", "CANARY:8080"),
    ("BAGEL_PUBLIC_URL", "http://CANARY.example"),
    ("BAGEL_PUBLIC_URL", "https://ada:CANARY@a.example"),
    ("BAGEL_TRUSTED_PROXIES", "10.0.0.0/33"),
    ("BAGEL_TRUSTED_PROXIES", "10.0.0.1,CANARY"),
    ("BAGEL_CHECKOUT_PER_MINUTE", "0"),
    ("BAGEL_CHECKOUT_PER_MINUTE", "-1"),
    ("BAGEL_STATUS_PER_MINUTE", "1000001"),
    ("BAGEL_STATUS_PER_MINUTE", "CANARY"),
    ("BAGEL_CHECKOUTS_PER_MINUTE_IN_ALL", "1000001"),
    ("BAGEL_CHECKOUTS_PER_MINUTE_IN_ALL", "-1"),
    ("BAGEL_PROVIDER_CALLS_PER_SECOND", "0"),
    ("BAGEL_PROVIDER_CALLS_PER_SECOND", "1001"),
    ("BAGEL_RECONCILE_SECONDS", "0"),
    ("BAGEL_RECONCILE_SECONDS", "3601"),
    ("BAGEL_LOG_FORMAT", "CANARY"),
    ("RUST_LOG", "bagel=CANARY"),
    ("BAGEL_NAME", "CANARY\nCANARY"),
    ("BAGEL_NAME", TOO_LONG),
    // Cards sign the name, and these two part what is signed.
    ("BAGEL_NAME", "Ada & Grace"),
    ("BAGEL_NAME", "a=b"),
    ("BAGEL_BIO", "CANARY\0"),
    ("BAGEL_THANKS", "CANARY\u{1b}"),
    ("BAGEL_BIO", TOO_LONG),
    ("BAGEL_AVATAR", "CANARY.png"),
    ("BAGEL_AVATAR", "me.svg"),
    ("BAGEL_AVATAR", "huge.png"),
    ("BAGEL_AVATAR", "http://example.com/CANARY.png"),
    ("BAGEL_AVATAR", "https://a;CANARY/me.png"),
    ("BAGEL_PRESETS", "CANARY"),
    ("BAGEL_PRESETS", "1,2,"),
    ("BAGEL_PRESETS", "5,5.00"),
    ("BAGEL_PRESETS", "1,2,3,4,5,6,7,8,9"),
    ("BAGEL_PRESETS", "0.05"),
    ("BAGEL_PRESETS", "10000.01"),
    ("BAGEL_CUSTOM_AMOUNT", "CANARY"),
    ("BAGEL_MIN_AMOUNT", "0"),
    ("BAGEL_MIN_AMOUNT", "0.001"),
    ("BAGEL_MIN_AMOUNT", "20000"),
    ("BAGEL_MAX_AMOUNT", "1000000.01"),
    ("BAGEL_MAX_AMOUNT", "CANARY"),
    ("BAGEL_VISIBILITY_DEFAULT", "name,CANARY"),
    ("BAGEL_VISIBILITY_DEFAULT", "name,"),
    ("BAGEL_VISIBILITY_DEFAULT", "nothing,name"),
    ("BAGEL_THEME", "CANARY"),
    ("BAGEL_ACCENT", "CANARY"),
    ("BAGEL_ACCENT", "red"),
    ("BAGEL_TWITTER", "CANARY CANARY"),
    ("BAGEL_GITHUB", "javascript:CANARY"),
    ("BAGEL_WEBSITE", "CANARY.example"),
    ("BAGEL_WEBSITE", "javascript:alert('CANARY')"),
    ("BAGEL_WEBSITE", "http://CANARY.example"),
    ("BAGEL_NOTIFY_WEBHOOK_URL", "http://CANARY.example"),
    ("BAGEL_NOTIFY_WEBHOOK_SECRET", "whsec_CANARY"),
    ("BAGEL_NOTIFY_DISCORD_URL", "http://CANARY.example"),
    ("BAGEL_NOTIFY_SLACK_URL", "CANARY"),
    ("BAGEL_NOTIFY_NTFY_URL", "https://CANARY.example/"),
    ("BAGEL_NOTIFY_TELEGRAM_TOKEN", "CANARY"),
    ("BAGEL_NOTIFY_TELEGRAM_CHAT", "CANARY"),
    ("BAGEL_NOTIFY_TELEGRAM_URL", "http://CANARY.example"),
    ("BAGEL_NOTIFY_SMTP_URL", "smtp://CANARY.example"),
    ("BAGEL_NOTIFY_EMAIL_FROM", "CANARY"),
    ("BAGEL_NOTIFY_EMAIL_TO", "CANARY"),
];

/// How any secret may look after a slip of the hand.
const BADLY_COPIED: [&str; 7] = [
    "",
    "  ",
    " CANARY",
    "CANARY\n",
    "CAN ARY",
    "CANARY\u{200b}",
    "'CANARY'",
];

/// Bad values of one variable, each under its name or that of its file.
fn bad_values(variable: &Variable) -> Vec<(String, &'static str)> {
    let own = BAD.iter().filter(|(name, _)| *name == variable.name);
    let mut values: Vec<_> = own.map(|(_, value)| *value).collect();
    let mut files = vec!["missing-CANARY", "binary"];
    match variable.value {
        Value::Secret(placeholder) | Value::UnsetSecret(placeholder) => {
            values.extend(BADLY_COPIED);
            values.push(placeholder);
            files.push("empty");
        }
        // An address, which this file does not hold.
        Value::DefaultSecret(_) => files.push("ALLSCALE_API_SECRET"),
        Value::Default(_) | Value::Unset(_) => {}
    }
    let values = values.into_iter().map(|it| (variable.name.to_owned(), it));
    let file = variable.file();
    let files = files.iter().filter_map(|it| Some((file.clone()?, *it)));
    values.chain(files).collect()
}

/// Whether one provider or target is gone when `place` is bad.
fn takes_its_part_along(place: &str) -> bool {
    let areas = ["ALLSCALE_", "ALCHEMY_PAY_", "BAGEL_NOTIFY_"];
    areas.iter().any(|area| place.starts_with(area))
}

#[test]
fn bad_values_are_named_and_never_repeated() {
    let all = set_up(&check(&EVERYTHING).config);
    for variable in TABLE {
        let values = bad_values(variable);
        assert!(!values.is_empty(), "{} takes anything", variable.name);
        for (place, value) in values {
            let checked = everything_but(&[variable.name], &[(&place, value)]);
            let told = format!("{checked:?} {}", checked.problems);
            assert_eq!(places(&checked.problems.0), [&place], "{value}: {told}");
            assert!(!told.contains("CANARY"), "{told}");
            if takes_its_part_along(&place) {
                assert_eq!(set_up(&checked.config), all - 1, "{place}={value}");
            }
            for part in [Part::Bind, Part::Ledger, Part::Notifications] {
                let is_about_it = place.starts_with(part.prefix());
                assert_eq!(checked.is_good(part), !is_about_it, "{place}");
            }
        }
    }
}

#[test]
fn a_secret_comes_from_its_variable_or_from_a_file() {
    for variable in TABLE {
        let (name, Some(file)) = (variable.name, variable.file()) else {
            continue;
        };
        let moved = everything_but(&[name], &[(&file, name)]);
        assert_eq!(places(&moved.problems.0), [""; 0], "{name}");
        assert_eq!(set_up(&moved.config), set_up(&check(&EVERYTHING).config));
        for text in ["CANARY", ""] {
            let twice = everything_but(&[name], &[(name, text), (&file, name)]);
            assert_eq!(places(&twice.problems.0), [name]);
            assert!(!twice.problems.to_string().contains("CANARY"));
        }
    }
    let name = "ALLSCALE_API_SECRET";
    let moved = everything_but(&[name], &[("ALLSCALE_API_SECRET_FILE", name)]);
    let secret = moved.config.providers.allscale.unwrap().api_secret;
    assert_eq!(secret.expose_secret(), SECRET);
}

#[test]
fn a_part_alone_names_what_belongs_to_it() {
    for missing in [
        &["ALLSCALE_API_KEY"][..],
        &["ALLSCALE_API_SECRET"],
        &["ALCHEMY_PAY_APP_ID"],
        &["ALCHEMY_PAY_APP_SECRET"],
        &["BAGEL_NOTIFY_WEBHOOK_URL"],
        &["BAGEL_NOTIFY_WEBHOOK_SECRET"],
        &["BAGEL_NOTIFY_NTFY_URL"],
        &["BAGEL_NOTIFY_TELEGRAM_TOKEN"],
        &["BAGEL_NOTIFY_TELEGRAM_CHAT"],
        &["BAGEL_NOTIFY_SMTP_URL", "BAGEL_NOTIFY_EMAIL_FROM"],
        &["BAGEL_NOTIFY_SMTP_URL", "BAGEL_NOTIFY_EMAIL_TO"],
        &["BAGEL_NOTIFY_EMAIL_FROM", "BAGEL_NOTIFY_EMAIL_TO"],
    ] {
        let checked = everything_but(missing, &[]);
        assert_eq!(places(&checked.problems.0), missing);
    }
}
