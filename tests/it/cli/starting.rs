//! Programs that start: many at once on an empty database, while another one
//! migrates for long, or with no database there at all.

use std::time::{Duration, Instant};

use sqlx::{Connection, PgConnection};
use tokio::time::sleep;

use crate::faults::crowd::Crowd;
use crate::support::accounts::stand_in;
use crate::support::own_postgres::PASSWORD;
use crate::support::program::{Program, free_port};
use crate::support::scratch_ledgers::Scratch;

const REPLICAS: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_programs_start_at_once_on_an_empty_database() {
    let scratch = Scratch::postgres().await;
    let crowd = Crowd::new(&scratch.url(), REPLICAS).await;
    let programs: Vec<_> = (0..REPLICAS).map(|nth| crowd.start(nth)).collect();
    for nth in 0..REPLICAS {
        crowd.ready(nth).await;
        assert_eq!(crowd.get(nth, "/readyz").await.unwrap().status(), 200);
    }
    for program in programs {
        let said = program.stop().await;
        assert_eq!(said.code, Some(0), "{}", said.err);
    }
}

/// Longer than any statement of a request may take.
const LONG: Duration = Duration::from_secs(6);

#[tokio::test]
async fn a_program_waits_until_another_has_migrated() {
    let scratch = Scratch::postgres().await;
    let mut other = PgConnection::connect(&scratch.url()).await.unwrap();
    let mut migrating = other.begin().await.unwrap();
    let lock = "SELECT pg_advisory_xact_lock(x'626167656c00'::BIGINT)";
    sqlx::raw_sql(lock).execute(&mut *migrating).await.unwrap();
    let begun = Instant::now();
    let opening = tokio::spawn(async move { scratch.open().await });
    sleep(LONG).await;
    migrating.commit().await.unwrap();
    opening.await.unwrap().close().await;
    assert!(begun.elapsed() > LONG);
}

#[tokio::test]
async fn a_database_that_is_not_there_is_named_and_its_password_is_not() {
    let database = format!("postgres://bagel:{PASSWORD}@127.0.0.1:{}/tips", free_port());
    let stand_in = stand_in().await;
    let program = Program::for_store(&stand_in).var("DATABASE_URL", &database);
    for command in ["serve", "doctor"] {
        let said = program.run(&[command]).await;
        assert_ne!(said.code, Some(0));
        let said = said.out + &said.err;
        for part in [
            "Postgres at 127.0.0.1:",
            "Connection refused",
            "DATABASE_URL",
        ] {
            assert!(said.contains(part), "{said}");
        }
        assert!(!said.contains(PASSWORD), "{said}");
    }
}
