//! No secret is found anywhere, neither the API's nor the database's: a whole
//! life of the program at `trace`, its answers, its files and its commands are
//! searched for it.

use std::fmt::Write;
use std::path::Path;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use serde_json::json;
use stand_in::{Action, Call, Fault, FaultKind};

use crate::support::measured::measured;
use crate::support::program::Program;
use crate::support::scratch_ledgers::Scratch;
use crate::support::served::{Served, donation_of};

/// Every spelling of the secret that a program might print.
fn spellings(secret: &str) -> Vec<String> {
    let hex = |format: fn(&mut String, u8)| {
        let mut text = String::new();
        secret.bytes().for_each(|byte| format(&mut text, byte));
        text
    };
    let mut all = vec![
        secret.to_owned(),
        secret.to_uppercase(),
        secret.chars().rev().collect(),
        secret[3..].to_owned(),
        hex(|text, byte| write!(text, "{byte:02x}").unwrap()),
        hex(|text, byte| write!(text, "{byte:02X}").unwrap()),
        hex(|text, byte| write!(text, "%{byte:02X}").unwrap()),
        format!("{:?}", secret.as_bytes()),
    ];
    // Base64 depends on what stands before it: all three alignments.
    for skip in 0..3 {
        for engine in [
            BASE64_STANDARD,
            BASE64_STANDARD_NO_PAD,
            BASE64_URL_SAFE_NO_PAD,
        ] {
            let text = engine.encode(&secret[skip..]);
            all.push(text.trim_end_matches('=')[..text.len() - 4].to_owned());
        }
    }
    all
}

/// Everything that was said anywhere.
#[derive(Default)]
pub(crate) struct Heard(Vec<(String, Vec<u8>)>);

impl Heard {
    pub(crate) fn note(&mut self, place: &str, bytes: impl AsRef<[u8]>) {
        self.0.push((place.to_owned(), bytes.as_ref().to_vec()));
    }

    async fn response(&mut self, response: reqwest::Response) {
        let head = format!("{:?} {:?}", response.url(), response.headers());
        self.note("headers", head);
        self.note("body", response.bytes().await.unwrap());
    }

    pub(crate) async fn command(&mut self, program: &Program, args: &[&str]) -> Option<i32> {
        let said = program.run(args).await;
        self.note(&format!("{args:?} stdout"), said.out);
        self.note(&format!("{args:?} stderr"), said.err);
        said.code
    }

    /// A whole life of the program, and every command beside it.
    async fn life(&mut self, served: Served) {
        live(&served, self).await;
        commands(&served.program, self).await;
        self.files(served.program.folder.path());
        let (said, program) = served.stop().await;
        assert!(said.err.contains("TRACE"), "it did log at trace");
        self.note("stdout", said.out);
        self.note("stderr", said.err);
        self.files(program.folder.path());
    }

    pub(crate) fn files(&mut self, folder: &Path) {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                self.files(&entry.path());
            } else {
                self.note(&format!("{entry:?}"), std::fs::read(entry.path()).unwrap());
            }
        }
    }

    /// Where a spelling of the secret stands, if anywhere.
    pub(crate) fn find(&self, secret: &str) -> Option<String> {
        let spellings = spellings(secret);
        let holds =
            |bytes: &[u8], it: &str| bytes.windows(it.len()).any(|part| part == it.as_bytes());
        self.0.iter().find_map(|(place, bytes)| {
            let found = spellings.iter().find(|it| holds(bytes, it))?;
            Some(format!("{place} holds {found}"))
        })
    }
}

async fn live(served: &Served, heard: &mut Heard) {
    let first = donation_of(served.checkout().await).await;
    let intent = served.stand_in.intents.all().pop().unwrap().id;
    for path in ["/", "/nothing", "/readyz", &format!("/thanks/{first}")] {
        heard.response(served.get(path).send().await.unwrap()).await;
    }
    let webhook = served.stand_in.signed_webhook(&intent).unwrap();
    let forged = webhook.clone().with_body("{}");
    let stale = served
        .stand_in
        .webhook(&intent)
        .unwrap()
        .shifted(-3600)
        .sign();
    for webhook in [&webhook, &webhook, &forged, &stale] {
        served.stand_in.send(webhook).await.unwrap();
    }
    served
        .stand_in
        .act(&intent, Action::PayTwice)
        .await
        .unwrap();
    for fault in [
        FaultKind::Http(500),
        FaultKind::Garbage,
        FaultKind::Huge,
        FaultKind::DropAfterCommit,
        FaultKind::Redirect("http://127.0.0.1:9/".into()),
        FaultKind::Field("checkout_url".into(), json!("javascript:1")),
        FaultKind::Error {
            code: 20002,
            message: "no".into(),
        },
    ] {
        served
            .stand_in
            .faults
            .inject(Fault::once(Call::Create, fault));
        heard.response(served.checkout().await).await;
    }
    let second = donation_of(served.checkout().await).await;
    let path = format!("/api/status?intent_id={second}");
    heard
        .response(served.get(&path).send().await.unwrap())
        .await;
}

async fn commands(program: &Program, heard: &mut Heard) {
    for args in [
        &["--help"][..],
        &["--version"],
        &["serve", "--help"],
        &["doctor", "--help"],
        &["donations", "list"],
        &["donations", "list", "--format", "json"],
        &["donations", "list", "--format", "csv"],
        &["donations", "show", "x"],
        &["donations", "verify"],
        &["donations", "copy", "--from", "sqlite://nothing.db"],
        &["doctor"],
        &["healthcheck"],
        &["nonsense"],
    ] {
        heard.command(program, args).await;
    }
}

#[tokio::test]
async fn the_secret_is_found_nowhere() {
    let served = Served::open(&[("RUST_LOG", "trace")]).await;
    let secret = served.stand_in.allscale.secret().to_owned();
    let mut heard = Heard::default();
    heard.life(served).await;
    assert!(heard.0.iter().any(|(place, _)| place.contains("bagel.db")));
    assert_eq!(heard.find(&secret), None);
    let bytes: usize = heard.0.iter().map(|(_, bytes)| bytes.len()).sum();
    measured(
        "S5",
        format!(
            "{} answers, outputs and files, {} KiB at trace, {} spellings: found nowhere",
            heard.0.len(),
            bytes / 1024,
            spellings(&secret).len()
        ),
    );
}

#[tokio::test]
async fn the_password_of_the_database_is_found_nowhere() {
    let password = format!("pw_{}", uuid::Uuid::new_v4().simple());
    let mut url: url::Url = Scratch::postgres().await.url().parse().unwrap();
    url.set_password(Some(&password)).unwrap();
    let served = Served::open(&[("RUST_LOG", "trace"), ("DATABASE_URL", url.as_str())]).await;
    let mut heard = Heard::default();
    heard.life(served).await;
    // No server listens there.
    url.set_port(Some(1)).unwrap();
    let down = Program::new()
        .file("url", url.as_str())
        .var("DATABASE_URL_FILE", "url");
    for args in [&["doctor"][..], &["donations", "verify"]] {
        assert_eq!(heard.command(&down, args).await, Some(1));
    }
    assert_eq!(heard.find(&password), None);
}

#[test]
fn the_search_finds_every_spelling() {
    for spelling in spellings("st_0123456789abcdef") {
        let mut heard = Heard::default();
        heard.note("log", format!("x {spelling} x"));
        assert!(heard.find("st_0123456789abcdef").is_some(), "{spelling}");
    }
    let mut heard = Heard::default();
    heard.note("log", BASE64_STANDARD.encode("key=st_0123456789abcdef;"));
    assert!(heard.find("st_0123456789abcdef").is_some());
}

#[tokio::test]
async fn no_mistake_in_the_settings_prints_it() {
    let secret = format!("st_{}", uuid::Uuid::new_v4().simple());
    let mut heard = Heard::default();
    let good = || {
        Program::new()
            .var("ALLSCALE_API_KEY", "st_key")
            .var("RUST_LOG", "trace")
    };
    let with = |value: &str| good().var("ALLSCALE_API_SECRET", value);
    for program in [
        with(&secret).var("ALLSCALE_CURRENCY", "DEM"),
        with(&format!("{secret} ")),
        with(&format!("\"{secret}\"")),
        with(&format!("{secret}é")),
        with(&secret).var("ALLSCALE_API_SECRET_FILE", "x"),
        with("").file(".env", &format!("ALLSCALE_API_SECRET={secret}")),
        good().file(".env", &format!("ALLSCALE_API_SECRET={secret} {secret}")),
        good().file(".env", &format!("ALLSCALE_API_SECRET='{secret}")),
        good().file(".env", &format!("ALLSCALE_API_SECRET=\"{secret}\\q\"")),
        good().file(".env", &secret),
        good().var("ALLSCALE_API_SECRET_FILE", &secret),
        good().var("ALLSCALE_SECRET", &secret),
        good().var(
            "ALLSCALE_BASE_URL",
            &format!("https://x:{secret}@x.example"),
        ),
        good().var("DATABASE_URL", &format!("postgres://x:{secret}@x/x")),
        good().var("DATABASE_URL_FILE", &format!("postgres://x:{secret}@x/x")),
        good()
            .file("url", &format!("mysql://x:{secret}@x/x"))
            .var("DATABASE_URL_FILE", "url"),
        good().var("BAGEL_BIND", &secret),
        good().var("RUST_LOG", &format!("[{secret}")),
        good()
            .file("secret", &format!("{secret}\n{secret}"))
            .var("ALLSCALE_API_SECRET_FILE", "secret"),
    ] {
        for command in ["serve", "doctor", "healthcheck"] {
            let code = heard.command(&program, &[command]).await;
            assert!(matches!(code, Some(1 | 2)), "{command}: {:?}", heard.0);
        }
        heard.command(&program, &["donations", "list"]).await;
    }
    assert_eq!(heard.find(&secret), None);
}
