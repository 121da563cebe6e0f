//! `bagel doctor` tells what is wrong and what to do, and never a secret.

use stand_in::{Call, Fault, FaultKind, StandIn};

use crate::support::accounts::stand_in;
use crate::support::program::{Program, Said};

fn healthy(stand_in: &StandIn) -> Program {
    Program::for_store(stand_in).var("BAGEL_PUBLIC_URL", "https://bagel.example.com/tips")
}

/// The lines that begin with this mark.
fn marked<'s>(said: &'s Said, mark: &str) -> Vec<&'s str> {
    let lines = said.out.lines().map(str::trim_start);
    lines.filter(|line| line.starts_with(mark)).collect()
}

/// The one line marked as wrong, with what stands below it.
fn the_cross(said: &Said) -> &str {
    assert_eq!(said.code, Some(1), "{said:?}");
    assert_eq!(marked(said, "✗").len(), 1, "{}", said.out);
    &said.out[said.out.find('✗').unwrap()..]
}

#[tokio::test]
async fn all_is_good() {
    let stand_in = stand_in().await;
    let said = healthy(&stand_in).run(&["doctor"]).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(marked(&said, "✓").len(), 8, "{}", said.out);
    assert!(marked(&said, "!").is_empty() && marked(&said, "✗").is_empty());
    let webhook = "https://bagel.example.com/tips/webhooks/allscale";
    assert!(said.out.contains(webhook), "{}", said.out);
    assert_eq!(said.err, "");
    for call in ["/v1/test/ping", "/v1/test/post", "/v1/test/fail"] {
        let made = stand_in
            .journal
            .requests()
            .iter()
            .any(|it| it.target == call);
        assert!(made, "{call}");
    }
}

#[tokio::test]
async fn a_wrong_secret_is_explained_in_the_guides_order() {
    let stand_in = stand_in().await;
    let said = healthy(&stand_in)
        .var("ALLSCALE_API_SECRET", "st_CANARY_of_another_store")
        .run(&["doctor"])
        .await;
    let cross = the_cross(&said);
    let order = [
        "20002",
        "raw body",
        "line breaks",
        "trailing slash",
        "query",
        "timestamp",
        "white space",
        "Base64",
    ];
    let places: Vec<_> = order.iter().map(|part| cross.find(part).unwrap()).collect();
    assert!(places.is_sorted(), "{cross}");
    assert!(!format!("{said:?}").contains("CANARY"));
}

#[tokio::test]
async fn a_wrong_clock_is_found() {
    let stand_in = stand_in().await;
    for (skew, direction) in [(1000, "behind"), (-1000, "ahead of")] {
        stand_in.set_clock_skew(skew);
        let said = healthy(&stand_in).run(&["doctor"]).await;
        assert_eq!(said.code, Some(1));
        let crosses = marked(&said, "✗");
        assert!(crosses[0].contains(direction), "{}", said.out);
        assert!(crosses[1].contains("20002"), "{}", said.out);
        assert!(said.out.contains("THIS IS IT"), "{}", said.out);
    }
    stand_in.set_clock_skew(120);
    let said = healthy(&stand_in).run(&["doctor"]).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(marked(&said, "!")[0].contains("behind"), "{}", said.out);
}

#[tokio::test]
async fn amounts_that_a_card_cannot_pay_are_a_warning() {
    let stand_in = stand_in().await;
    for (name, value, warns) in [
        ("BAGEL_NAME", "Ada", false),
        ("BAGEL_MAX_AMOUNT", "10000.01", true),
        ("BAGEL_MIN_AMOUNT", "0.49", true),
        ("BAGEL_CURRENCY", "JPY", false),
    ] {
        let program = Program::for_both(&stand_in).var(name, value);
        let said = program.run(&["doctor"]).await;
        assert_eq!(said.code, Some(0), "{said:?}");
        let outside = marked(&said, "!").join(" ").contains("Alchemy Pay takes");
        assert_eq!(outside, warns, "{name}={value}: {}", said.out);
    }
    assert_eq!(stand_in.journal.calls().fiats, 4);
}

#[tokio::test]
async fn a_server_that_is_not_on_the_allow_list_reads_of_it_first() {
    let stand_in = stand_in().await;
    let fault = FaultKind::Error {
        code: 8012,
        message: "FOREIGN".into(),
    };
    stand_in.faults.inject(Fault::always(Call::Query, fault));
    let said = Program::for_both(&stand_in).run(&["doctor"]).await;
    let cross = the_cross(&said);
    let place = |text: &str| cross.find(text).unwrap();
    assert!(place("8012") < place("1. The allow list"), "{cross}");
    assert!(place("allow list") < place("ALCHEMY_PAY_ENV"), "{cross}");
    assert!(!said.out.contains("FOREIGN"), "{}", said.out);
}

#[tokio::test]
async fn a_provider_that_cannot_be_reached_is_told() {
    let stand_in = stand_in().await;
    let program = healthy(&stand_in);
    let base_url = stand_in.base_url();
    stand_in.stop().await;
    let said = program.run(&["doctor"]).await;
    let cross = the_cross(&said);
    assert!(cross.contains("cannot be reached"), "{cross}");
    assert!(cross.contains(&base_url), "{cross}");
}

#[tokio::test]
async fn odd_answers_are_told() {
    let stand_in = stand_in().await;
    for kind in [FaultKind::Http(500), FaultKind::Empty] {
        stand_in.faults.inject(Fault::always(Call::Ping, kind));
        let said = healthy(&stand_in).run(&["doctor"]).await;
        assert!(the_cross(&said).contains("ping"), "{}", said.out);
        stand_in.faults.clear();
    }
}

#[tokio::test]
async fn unsigned_replies_are_told_where_signed_ones_are_asked_for() {
    let stand_in = stand_in().await;
    let said = healthy(&stand_in)
        .var("ALLSCALE_SIGNED_RESPONSES", "true")
        .run(&["doctor"])
        .await;
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(marked(&said, "✗")[0].contains("not signed"), "{}", said.out);
    assert!(said.out.contains("ALLSCALE_SIGNED_RESPONSES=false"));
}

#[tokio::test]
async fn a_ledger_that_cannot_be_written_is_told() {
    let stand_in = stand_in().await;
    for url in ["sqlite:///proc/bagel.db", "sqlite://missing/bagel.db"] {
        let program = healthy(&stand_in).var("DATABASE_URL", url);
        let said = program.run(&["doctor"]).await;
        let cross = the_cross(&said);
        let path = url.trim_start_matches("sqlite://");
        let folder = path.trim_end_matches("/bagel.db");
        assert!(cross.contains(folder), "{cross}");
    }
}

#[tokio::test]
async fn what_may_be_meant_is_a_warning() {
    let stand_in = stand_in().await;
    let said = Program::for_store(&stand_in).run(&["doctor"]).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    let warnings = marked(&said, "!");
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("BAGEL_PUBLIC_URL"), "{warnings:?}");
}

#[tokio::test]
async fn a_short_secret_is_a_warning() {
    let stand_in = stand_in().await;
    // Whether it is right is for the provider to say, so it is asked all the same.
    let said = healthy(&stand_in)
        .var("ALLSCALE_API_SECRET", "st_CANARY")
        .run(&["doctor"])
        .await;
    let warnings = marked(&said, "!");
    assert!(warnings[0].contains("shorter"), "{}", said.out);
    assert!(the_cross(&said).contains("20002"), "{}", said.out);
    assert!(!format!("{said:?}").contains("CANARY"));
}

#[tokio::test]
async fn each_setting_is_judged_by_itself() {
    let stand_in = stand_in().await;
    let said = healthy(&stand_in)
        .var("ALLSCALE_API_SECRET", " st_CANARY_with_a_space")
        .var("BAGEL_BIND", "CANARY")
        .var("BAGEL_PRESETS", "CANARY")
        .run(&["doctor"])
        .await;
    assert_eq!(said.code, Some(1));
    let crosses = marked(&said, "✗");
    assert_eq!(crosses.len(), 3, "{}", said.out);
    assert!(crosses[0].contains("white space"), "{}", said.out);
    assert!(said.out.contains("✓ The ledger"), "{}", said.out);
    assert!(said.out.contains("No provider was asked"), "{}", said.out);
    assert!(!format!("{said:?}").contains("CANARY"));
}

#[tokio::test]
async fn the_key_in_the_place_of_the_secret_is_found() {
    let stand_in = stand_in().await;
    let said = healthy(&stand_in)
        .var("ALLSCALE_API_SECRET", stand_in.allscale.key())
        .run(&["doctor"])
        .await;
    assert!(the_cross(&said).contains("same value"), "{}", said.out);
}
