//! Wrong settings: exit 2 at once, every problem named, no value shown.

use std::time::{Duration, Instant};

use crate::support::program::{Program, free_port};

#[tokio::test]
async fn every_problem_is_named_at_once_and_no_value_is_shown() {
    let program = Program::new()
        .var("ALLSCALE_API_KEY", "CANARY ")
        .var("ALLSCALE_API_SECRET", "")
        .var("BAGEL_CURRENCY", "CANARY")
        .var("DATABASE_URL", "mysql://CANARY")
        .var("BAGEL_BIND", "CANARY")
        .var("BAGEL_PUBLIC_URL", "http://CANARY.example")
        .var("BAGEL_STATUS_PER_MINUTE", "0")
        .var("BAGEL_PRESET", "CANARY")
        .file(
            ".env",
            "BAGEL_NAME=ok\nthis is CANARY\nBAGEL_TWITTER=http://CANARY\n",
        );
    let began = Instant::now();
    let said = program.run(&[]).await;
    assert!(
        began.elapsed() < Duration::from_secs(1),
        "{:?}",
        began.elapsed()
    );
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
    for place in [
        ".env line 2",
        "ALLSCALE_API_KEY",
        "ALLSCALE_API_SECRET",
        "BAGEL_CURRENCY",
        "DATABASE_URL",
        "BAGEL_BIND",
        "BAGEL_PUBLIC_URL",
        "BAGEL_STATUS_PER_MINUTE",
        "BAGEL_TWITTER",
        "did you mean BAGEL_PRESETS?",
    ] {
        assert!(said.err.contains(place), "{place}: {}", said.err);
    }
    assert!(!said.err.contains("CANARY"), "{}", said.err);
}

#[tokio::test]
async fn two_currencies_are_refused_by_both_names() {
    let with = |currency: &str, older: &str| {
        Program::new()
            .var("ALLSCALE_API_KEY", "st_key")
            .var("ALLSCALE_API_SECRET", "st_CANARY_0123456789")
            .var("BAGEL_CURRENCY", currency)
            .var("ALLSCALE_CURRENCY", older)
            // The next step: it must fail there when the currency is right.
            .var("DATABASE_URL", "sqlite://elsewhere/bagel.db")
    };
    let said = with("EUR", "JPY").run(&["serve"]).await;
    assert_eq!(said.code, Some(2), "{said:?}");
    let told = "BAGEL_CURRENCY: and ALLSCALE_CURRENCY name two currencies: keep BAGEL_CURRENCY";
    assert!(said.err.contains(told), "{}", said.err);
    let said = with("EUR", "JPY").run(&["doctor"]).await;
    assert!(said.out.contains(told), "{}", said.out);
    for older in ["EUR", ""] {
        let said = with("EUR", older).run(&["serve"]).await;
        assert_eq!(said.code, Some(1), "{said:?}");
    }
}

#[tokio::test]
async fn serve_without_credentials_explains_the_demo() {
    for args in [&["serve"][..], &[]] {
        let said = Program::new().run(args).await;
        assert_eq!(said.code, Some(2), "{said:?}");
        for part in ["Allscale's dashboard", "ALCHEMY_PAY_APP_ID", "bagel demo"] {
            assert!(said.err.contains(part), "{}", said.err);
        }
    }
}

#[tokio::test]
async fn a_ledger_elsewhere_is_not_made_up() {
    let program = Program::new()
        .var("ALLSCALE_API_KEY", "st_key")
        .var("ALLSCALE_API_SECRET", "st_CANARY_0123456789")
        .var("BAGEL_BIND", &format!("127.0.0.1:{}", free_port()))
        .var("DATABASE_URL", "sqlite://elsewhere/bagel.db");
    let said = program.run(&["serve"]).await;
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.err.contains("elsewhere"), "{}", said.err);
    assert!(!program.folder.path().join("elsewhere").exists());
    assert!(!said.err.contains("CANARY"), "{}", said.err);
}

#[tokio::test]
async fn help_tells_every_command_and_no_secret() {
    let program = Program::new().var("ALLSCALE_API_SECRET", "st_CANARY_0123456789");
    let said = program.run(&["--help"]).await;
    assert_eq!(said.code, Some(0));
    for command in [
        "serve",
        "demo",
        "stand-in",
        "doctor",
        "donations",
        "healthcheck",
    ] {
        assert!(said.out.contains(command), "{}", said.out);
    }
    assert!(!said.out.contains("CANARY"));
}
