//! `bagel donations`: the ledger for the creator's eye and tools, while the
//! server runs on the same file.

use serde_json::{Value, json};

use bagel::status::Status;
use stand_in::{Action, Call, Fault, FaultKind};

use crate::support::program::{Program, Said};
use crate::support::test_app::TestApp;
use crate::support::visits::Given;

/// Without credentials: the ledger is all that is needed.
async fn donations(app: &TestApp, args: &[&str]) -> Said {
    app.program().run(&[&["donations"], args].concat()).await
}

async fn listed(app: &TestApp, args: &[&str]) -> Vec<Value> {
    let said = donations(app, &[&["list", "--format", "json"], args].concat()).await;
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    serde_json::from_str(&said.out).unwrap()
}

/// A donation whose webhook tells another amount.
async fn in_review(app: &TestApp) -> Given {
    let given = app.donate().await;
    let webhook = app.stand_in.webhook(&given.intent).unwrap();
    let webhook = webhook.set("amount_cents", 499).sign();
    assert_eq!(app.deliver(&webhook).await, 200);
    assert_eq!(app.status(given.id).await, Status::Review);
    given
}

#[tokio::test]
async fn json_is_one_array_with_every_donation() {
    let app = TestApp::open().await;
    let waiting = app.donate_with(&json!({"amount": "1.00"})).await;
    let paid = app.donate().await;
    app.press(&paid, Action::Pay).await;
    app.poll(paid.id).await;
    let all = listed(&app, &[]).await;
    assert_eq!(all.len(), 2);
    let find = |given: &Given| {
        let id = given.id.to_string();
        all.iter()
            .find(|it| it["id"] == id.as_str())
            .unwrap()
            .clone()
    };
    let donation = find(&paid);
    let expected = json!({
        "status": "CONFIRMED", "amount_cents": 500, "currency": "USD", "name": "Ada",
        "message": "Thank you", "provider": "allscale", "provider_intent_id": paid.intent,
        "show_name": false, "show_message": false, "show_amount": false, "language": "en",
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&donation[field], value, "{field}");
    }
    assert!(donation["created_at"].as_str().unwrap().ends_with('Z'));
    assert!(donation["tx_hash"].is_string() && donation["chain_id"].is_i64());
    let donation = find(&waiting);
    assert_eq!(donation["status"], "CREATED");
    for field in ["name", "message", "tx_hash", "chain_id"] {
        assert_eq!(donation.get(field), Some(&Value::Null), "{field}");
    }
}

#[tokio::test]
async fn a_status_may_be_asked_for() {
    let app = TestApp::open().await;
    app.donate().await;
    let paid = app.donate().await;
    app.press(&paid, Action::Pay).await;
    let confirmed = listed(&app, &["--status", "confirmed"]).await;
    assert_eq!(confirmed.len(), 1);
    assert_eq!(confirmed[0]["id"], paid.id.to_string());
    assert!(listed(&app, &["--status", "REVIEW"]).await.is_empty());
    let said = donations(&app, &["list", "--status", "paid"]).await;
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("CONFIRMED"), "{}", said.err);
}

#[tokio::test]
async fn csv_survives_quotes_newlines_and_formulas() {
    let app = TestApp::open().await;
    let message = "two\nlines, \"quoted\"";
    app.donate_with(&json!({"amount": 5, "name": "=HYPERLINK(\"x\")", "message": message}))
        .await;
    let said = donations(&app, &["list", "--format", "csv"]).await;
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    let quoted = "\"'=HYPERLINK(\"\"x\"\")\",\"two\nlines, \"\"quoted\"\"\"";
    assert!(said.out.contains(quoted), "{}", said.out);
    assert!(said.out.starts_with("id,created_at,") && said.out.ends_with("\r\n"));

    let mut reader = csv::Reader::from_reader(said.out.as_bytes());
    let column = |name: &str, reader: &mut csv::Reader<&[u8]>| {
        let headers = reader.headers().unwrap();
        headers.iter().position(|it| it == name).unwrap()
    };
    let (name, text) = (column("name", &mut reader), column("message", &mut reader));
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (&rows[0][name], &rows[0][text]),
        ("'=HYPERLINK(\"x\")", message)
    );
}

#[tokio::test]
async fn an_empty_ledger_is_listed_in_every_format() {
    let app = TestApp::open().await;
    for (format, lines) in [("table", 1), ("json", 1), ("csv", 1)] {
        let said = donations(&app, &["list", "--format", format]).await;
        assert_eq!(said.code, Some(0), "{said:?}");
        assert_eq!(said.out.lines().count(), lines, "{}", said.out);
    }
}

#[tokio::test]
async fn a_ledger_at_rest_is_one_file_again_after_a_look() {
    let program = Program::on_ledger("sqlite://new.db");
    let said = program
        .run(&["donations", "list", "--format", "json"])
        .await;
    assert_eq!(
        (said.code, said.out.as_str()),
        (Some(0), "[]\n"),
        "{said:?}"
    );
    assert!(said.err.contains("no ledger at new.db"), "{}", said.err);
    let files = std::fs::read_dir(program.folder.path()).unwrap();
    let names: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
    assert_eq!(names, ["new.db"]);
}

#[tokio::test]
async fn the_table_is_for_the_eye() {
    let app = TestApp::open().await;
    let paid = app.donate().await;
    app.press(&paid, Action::Pay).await;
    let said = donations(&app, &["list"]).await;
    let row = said.out.lines().nth(1).unwrap();
    for part in [&paid.id.to_string(), "CONFIRMED", "5.00 USD", "Ada"] {
        assert!(row.contains(part), "{row}");
    }
    assert!(
        said.out.ends_with("1 confirmed, 5.00 USD in all\n"),
        "{}",
        said.out
    );
}

#[tokio::test]
async fn one_donation_is_shown() {
    let app = TestApp::open().await;
    let given = app.donate().await;
    let said = donations(&app, &["show", &given.id.to_string()]).await;
    let shown: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(shown["provider_intent_id"], given.intent.as_str());
    let by_reference = donations(&app, &["show", &given.id.reference().to_string()]).await;
    assert_eq!(by_reference.out, said.out);
    let unknown = "00000000-0000-4000-8000-000000000000";
    for (id, code, why) in [
        (unknown, 1, "no donation"),
        ("00000000", 1, "no donation 00000000"),
        ("12", 2, "donations list"),
    ] {
        for args in [&["show", id][..], &["resolve", id, "--confirm"]] {
            let said = donations(&app, args).await;
            assert_eq!((said.code, said.out.as_str()), (Some(code), ""), "{said:?}");
            assert!(said.err.contains(why), "{}", said.err);
        }
    }
}

#[tokio::test]
async fn review_ends_by_the_creators_verdict() {
    let app = TestApp::open().await;
    for (verdict, status, counted) in [
        ("--reject", Status::Rejected, (0, 0)),
        ("--confirm", Status::Confirmed, (1, 499)),
    ] {
        let given = in_review(&app).await;
        let id = given.id.to_string();
        let review = listed(&app, &["--status", "REVIEW"]).await;
        assert_eq!(review[0]["id"], id.as_str());
        let reason = review[0]["review_reason"].as_str().unwrap();
        assert!(
            reason.contains("4.99") && reason.contains("5.00"),
            "{reason}"
        );

        let said = donations(&app, &["resolve", &id, verdict]).await;
        assert_eq!(said.code, Some(0), "{said:?}");
        let outcome = if status == Status::Confirmed {
            "CONFIRMED: counted 4.99 USD (asked 5.00)"
        } else {
            "REJECTED"
        };
        assert_eq!(said.out, format!("{id} is now {outcome}\n"));
        assert_eq!(app.status(given.id).await, status);
        assert_eq!(app.counted().await, counted);

        let again = donations(&app, &["resolve", &id, "--confirm"]).await;
        assert_eq!((again.code, again.out.as_str()), (Some(1), ""), "{again:?}");
        assert!(again.err.contains("not in REVIEW"), "{}", again.err);
        assert_eq!(app.counted().await, counted);
    }
}

#[tokio::test]
async fn a_verdict_is_one_of_two() {
    let app = TestApp::open().await;
    let id = in_review(&app).await.id.to_string();
    for flags in [&[][..], &["--confirm", "--reject"]] {
        let said = donations(&app, &[&["resolve", &id], flags].concat()).await;
        assert_eq!(said.code, Some(2), "{said:?}");
    }
    assert_eq!(app.counted().await, (0, 0));
}

#[tokio::test]
async fn a_look_finds_what_was_paid_late_and_nobody_told_of() {
    let app = TestApp::open().await;
    let given = app.donate().await;
    app.press(&given, Action::Expire).await;
    app.poll(given.id).await;
    app.press(&given, Action::PayLost).await;
    let id = given.id.to_string();
    let program = Program::for_store(&app.stand_in);
    let program = program.var(
        "DATABASE_URL",
        &format!("sqlite://{}", app.ledger_path().display()),
    );
    let look = async |what: &str| program.run(&["donations", "look", what]).await;
    let said = look(&id).await;
    assert_eq!(said.out, format!("{id}: TIMEOUT is now CONFIRMED\n"));
    assert_eq!((said.code, app.counted().await), (Some(0), (1, 500)));

    let again = look(&id).await;
    assert_eq!((again.code, again.out.as_str()), (Some(1), ""), "{again:?}");
    assert!(again.err.contains("nothing to ask"), "{}", again.err);

    let open = app.donate().await.id;
    let all = look("--all").await;
    assert_eq!(all.out, format!("{open}: CREATED as before\n"));
    let down = Fault::always(Call::Status, FaultKind::Http(503));
    app.stand_in.faults.inject(down);
    let said = look("--all").await;
    let told = format!("{open}: not answered: ");
    assert!(
        said.code == Some(1) && said.out.starts_with(&told),
        "{said:?}"
    );
}

#[tokio::test]
async fn webhooks_of_unknown_donations_are_listed() {
    let app = TestApp::open().await;
    let given = app.donate().await;
    let webhook = app.stand_in.webhook(&given.intent).unwrap();
    let webhook = webhook
        .set("all_scale_checkout_intent_id", "feedfeedfeedfeedfeedfeed")
        .set("order_id", Value::Null)
        .webhook_id("wh_unmatched")
        .sign();
    assert_eq!(app.deliver(&webhook).await, 200);
    let said = donations(&app, &["unmatched"]).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    for part in ["feedfeedfeedfeedfeedfeed", "wh_unmatched", "5.00 USD"] {
        assert!(said.out.contains(part), "{}", said.out);
    }
}
