//! `bagel demo` needs nothing and touches nothing; `bagel stand-in` alone
//! serves `bagel serve`; `bagel healthcheck` tells whether one lives.

use std::net::TcpListener;
use std::time::Duration;

use tokio::time::timeout;

use crate::support::program::{Program, Running, Said, free_port};

struct Ports {
    page: String,
    stand_in: String,
}

fn ports() -> Ports {
    Ports {
        page: free_port().to_string(),
        stand_in: free_port().to_string(),
    }
}

fn start(program: &Program, ports: &Ports) -> Running {
    program.start(&[
        "demo",
        "--port",
        &ports.page,
        "--stand-in-port",
        &ports.stand_in,
    ])
}

async fn run(program: &Program, ports: &Ports) -> Said {
    program
        .run(&[
            "demo",
            "--port",
            &ports.page,
            "--stand-in-port",
            &ports.stand_in,
        ])
        .await
}

async fn body(url: &str) -> String {
    let response = bagel::outward::loopback_client().unwrap().get(url).send();
    response.await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn the_demo_prints_both_addresses_and_ends_well() {
    let (program, ports) = (Program::new(), ports());
    let mut demo = start(&program, &ports);
    let said = demo.said_until("Ctrl-C").await;
    for port in [&ports.page, &ports.stand_in] {
        let address = format!("http://localhost:{port}");
        assert!(said.contains(&address), "{said}");
        body(&address).await;
    }
    let said = demo.stop().await;
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
}

#[tokio::test]
async fn the_demo_ignores_settings_and_leaves_the_folder_alone() {
    let program = Program::new()
        .var("ALLSCALE_API_KEY", "st_CANARY")
        .var("ALLSCALE_API_SECRET", "broken CANARY")
        .var("ALLSCALE_BASE_URL", "https://canary.example")
        .var("ALLSCALE_CURRENCY", "JPY")
        .var("DATABASE_URL", "sqlite://canary.db")
        .file(".env", "BAGEL_NAME=Canary\nthis is broken\n");
    let ports = ports();
    let mut demo = start(&program, &ports);
    let greeting = demo.said_until("donations list").await;
    let page = body(&format!("http://localhost:{}/", ports.page)).await;
    assert!(page.contains("USD") && !page.contains("Canary"), "{page}");
    assert!(page.to_lowercase().contains("no real money"), "{page}");
    assert!(page.contains("Pay with card") && page.contains("Pay with USDT"));
    assert!(!program.folder.path().join("canary.db").exists());
    assert!(!program.folder.path().join("data").exists());

    let listing = greeting
        .lines()
        .find(|line| line.contains("DATABASE_URL"))
        .unwrap();
    let ledger = listing
        .trim()
        .split_once(' ')
        .unwrap()
        .0
        .split_once('=')
        .unwrap()
        .1;
    let listed = Program::on_ledger(ledger);
    let listed = listed.run(&["donations", "list", "--format", "json"]).await;
    assert_eq!((listed.out.as_str(), listed.err.as_str()), ("[]\n", ""));
    assert_eq!(demo.stop().await.code, Some(0));
}

#[tokio::test]
async fn a_taken_port_is_told_with_the_way_out() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().port().to_string();
    let free = free_port().to_string();
    for (page, stand_in, setting) in [
        (&taken, &free, "--port"),
        (&free, &taken, "--stand-in-port"),
    ] {
        let ports = Ports {
            page: page.clone(),
            stand_in: stand_in.clone(),
        };
        let said = run(&Program::new(), &ports).await;
        assert_eq!((said.code, said.out.as_str()), (Some(1), ""), "{said:?}");
        assert!(
            said.err.contains(&taken) && said.err.contains(setting),
            "{}",
            said.err
        );
    }
}

#[tokio::test]
async fn the_demo_is_for_this_machine() {
    for args in [["--host", "192.0.2.7"], ["--port", "0"]] {
        let said = Program::new().run(&["demo", args[0], args[1]]).await;
        assert_eq!(said.code, Some(2), "{said:?}");
    }
}

#[tokio::test]
async fn serve_works_beside_the_stand_in_alone() {
    let (program, ports) = (Program::new(), ports());
    let mut stand_in = program.start(&["stand-in", "--port", &ports.stand_in]);
    let settings = stand_in.said_until("ALCHEMY_PAY_APP_SECRET=").await;
    let page = format!("http://localhost:{}", ports.page);
    let bind = format!("127.0.0.1:{}", ports.page);
    let app = Program::new()
        .file(".env", &settings)
        .var("BAGEL_PUBLIC_URL", &page)
        .var("BAGEL_BIND", &bind);
    let doctor = app.run(&["doctor"]).await;
    assert_eq!(doctor.code, Some(0), "{doctor:?}");
    for provider in ["Allscale at", "Alchemy Pay at"] {
        assert!(doctor.out.contains(provider), "{}", doctor.out);
    }

    let health = app.run(&["healthcheck"]).await;
    assert_eq!(health.code, Some(1), "nobody serves yet");
    assert!(health.err.contains(&bind), "{}", health.err);
    let server = app.start(&["serve"]);
    let up = async { while app.run(&["healthcheck"]).await.code != Some(0) {} };
    timeout(Duration::from_secs(30), up).await.unwrap();
    assert!(body(&page).await.contains("Pay with card"));
    let said = server.stop().await;
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(
        !said.err.contains('\u{1b}'),
        "no colours in a file: {}",
        said.err
    );
    assert!(app.folder.path().join("data/bagel.db").exists());
    stand_in.stop().await;
}
