//! The writer: any mix of jobs in one batch, and each way to fail.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use sqlx::sqlite::SqliteConnectOptions;

use super::*;

/// What a job does after it has written its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    Succeed,
    Fail,
    Panic,
    /// Writes the same number again, which the table refuses.
    Collide,
    /// Its requester has gone meanwhile.
    Leave,
    /// Nothing: it is one statement without a savepoint.
    End,
}

impl Then {
    fn kind(self) -> Kind {
        match self {
            Self::End => Kind::Statement,
            _ => Kind::Transaction,
        }
    }
}

struct Ledger {
    pool: SqlitePool,
    _folder: tempfile::TempDir,
}

impl Ledger {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteConnectOptions::new()
            .filename(folder.path().join("jobs.db"))
            .create_if_missing(true);
        let pool = super::super::open::writer(&options).await.unwrap();
        let table = "CREATE TABLE numbers (number INTEGER PRIMARY KEY, text TEXT)";
        sqlx::raw_sql(table).execute(&pool).await.unwrap();
        Self {
            pool,
            _folder: folder,
        }
    }

    async fn numbers(&self) -> Vec<i64> {
        let all = sqlx::query_scalar("SELECT number FROM numbers ORDER BY number");
        all.fetch_all(&self.pool).await.unwrap()
    }

    /// Does the jobs in one batch; what each was answered.
    async fn batch(&self, jobs: &[(i64, Then)]) -> Vec<Option<Result<i64, LedgerError>>> {
        let (mut batch, answers): (Vec<_>, Vec<_>) = jobs
            .iter()
            .map(|&(number, then)| {
                let (job, answer) =
                    requested(then.kind(), move |tx| Box::pin(write(tx, number, then)));
                (job, (then != Then::Leave).then_some(answer))
            })
            .unzip();
        let failure = commit(&self.pool, &mut batch).await.err();
        for job in batch {
            job.answer(failure.as_ref().map(again));
        }
        let mut heard = Vec::new();
        for answer in answers {
            heard.push(match answer {
                Some(answer) => Some(answer.await.unwrap()),
                None => None,
            });
        }
        heard
    }
}

type Answer = oneshot::Receiver<Result<i64, LedgerError>>;

fn requested<F>(kind: Kind, work: F) -> (Box<dyn Job>, Answer)
where
    F: for<'t> FnOnce(&'t mut Connection) -> Work<'t, i64> + Send + 'static,
{
    let (requester, answer) = oneshot::channel();
    let (work, result) = (Some(work), None);
    let job = Requested {
        kind,
        work,
        result,
        requester,
    };
    (Box::new(job), answer)
}

async fn insert(tx: &mut Connection, number: i64, text: &str) -> Result<(), LedgerError> {
    let row = sqlx::query("INSERT INTO numbers VALUES ($1, $2)").bind(number);
    row.bind(text.to_owned()).execute(tx).await?;
    Ok(())
}

async fn write(tx: &mut Connection, number: i64, then: Then) -> Result<i64, LedgerError> {
    insert(tx, number, "").await?;
    match then {
        Then::Succeed | Then::Leave | Then::End => Ok(number),
        Then::Fail => Err(LedgerError::Inconsistent("a row")),
        Then::Panic => panic!("a job panics"),
        Then::Collide => insert(tx, number, "").await.map(|()| number),
    }
}

/// The numbers that are there in the end: those of the jobs that succeed.
fn numbers_after(jobs: &[(i64, Then)]) -> Vec<i64> {
    let succeed = |then: &Then| matches!(then, Then::Succeed | Then::Leave | Then::End);
    let kept = jobs.iter().filter(|(_, then)| succeed(then));
    let kept: BTreeSet<_> = kept.map(|(number, _)| *number).collect();
    kept.into_iter().collect()
}

fn any_job() -> impl Strategy<Value = (i64, Then)> {
    use Then::{Collide, End, Fail, Leave, Panic, Succeed};
    let all = vec![Succeed, Succeed, Fail, Panic, Collide, Leave, End, End];
    let then = prop::sample::select(all);
    // Few numbers, so that jobs collide with each other too.
    (0..12_i64, then)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_jobs_in_one_batch_end_as_if_each_had_run_alone(
        jobs in prop::collection::vec(any_job(), 1..40)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(async {
            let (together, alone) = (Ledger::open().await, Ledger::open().await);
            let in_one = together.batch(&jobs).await;
            let mut one_by_one = Vec::new();
            for job in &jobs {
                one_by_one.extend(alone.batch(&[*job]).await);
            }
            prop_assert_eq!(together.numbers().await, alone.numbers().await);
            prop_assert_eq!(together.numbers().await, numbers_after(&jobs));
            prop_assert_eq!(format!("{in_one:?}"), format!("{one_by_one:?}"));
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn where_the_disk_is_full_no_job_of_the_batch_has_happened() {
    for kind in [Kind::Transaction, Kind::Statement] {
        where_the_disk_is_full(kind).await;
    }
}

async fn where_the_disk_is_full(kind: Kind) {
    let ledger = Ledger::open().await;
    let most = |pages: &str| format!("PRAGMA max_page_count = {pages}").leak();
    sqlx::raw_sql(&*most("4"))
        .execute(&ledger.pool)
        .await
        .unwrap();
    let small = |number| requested(kind, move |tx| Box::pin(write(tx, number, Then::End)));
    let (first, heard) = small(1);
    let (large, refused) = requested(kind, |tx| {
        Box::pin(async move {
            insert(tx, 2, &"x".repeat(100_000)).await?;
            Ok(2)
        })
    });
    let (last, also_heard) = small(3);
    let mut batch = vec![first, large, last];
    let failure = commit(&ledger.pool, &mut batch).await.err();
    for job in batch {
        job.answer(failure.as_ref().map(again));
    }
    let refused = refused.await.unwrap();
    assert!(refused.is_err(), "{refused:?}");
    let there = ledger.numbers().await;
    for (number, heard) in [(1, heard), (3, also_heard)] {
        let heard = heard.await.unwrap();
        assert_eq!(
            heard.is_ok(),
            there.contains(&number),
            "{heard:?}, {there:?}"
        );
    }
    sqlx::raw_sql(&*most("1000"))
        .execute(&ledger.pool)
        .await
        .unwrap();
    let after = ledger.batch(&[(4, Then::Succeed)]).await;
    assert!(matches!(after[..], [Some(Ok(4))]), "{after:?}");
}

#[tokio::test]
async fn who_went_before_its_turn_is_passed_over_and_who_went_later_is_not() {
    let ledger = Ledger::open().await;
    let held = ledger.pool.acquire().await.unwrap();
    let writer = Writer::start(ledger.pool.clone());
    let write = |number| {
        let writer = writer.clone();
        async move {
            let work = writer.write(move |tx| Box::pin(write(tx, number, Then::Succeed)));
            work.await
        }
    };
    // Taken at once, and waits for the connection.
    let first = tokio::spawn(write(1));
    tokio::task::yield_now().await;
    while writer.0.capacity() < WAITING {
        tokio::task::yield_now().await;
    }
    let gone = tokio::spawn(write(2));
    let last = tokio::spawn(write(3));
    while writer.0.capacity() > WAITING - 2 {
        tokio::task::yield_now().await;
    }
    first.abort();
    gone.abort();
    assert!(gone.await.unwrap_err().is_cancelled());
    drop(held);
    assert_eq!(last.await.unwrap().unwrap(), 3);
    assert_eq!(ledger.numbers().await, [1, 3]);
}

#[tokio::test]
async fn a_job_that_takes_too_long_is_undone_alone() {
    let ledger = Ledger::open().await;
    let writer = Writer::start(ledger.pool.clone());
    let held = ledger.pool.acquire().await.unwrap();
    let slow = writer.write(|tx| {
        Box::pin(async move {
            insert(tx, 1, "").await?;
            std::future::pending().await
        })
    });
    let quick = writer.write(|tx| Box::pin(write(tx, 2, Then::Succeed)));
    let release = async { drop(held) };
    let (slow, quick, ()) = tokio::join!(slow, quick, release);
    assert!(
        matches!(slow, Err::<(), _>(LedgerError::TooSlow)),
        "{slow:?}"
    );
    assert_eq!(quick.unwrap(), 2);
    assert_eq!(ledger.numbers().await, [2]);
}

#[tokio::test]
async fn once_it_is_closed_nothing_is_written() {
    let ledger = Ledger::open().await;
    let writer = Writer::start(ledger.pool.clone());
    ledger.pool.close().await;
    let refused = writer.write(|tx| Box::pin(write(tx, 1, Then::Succeed)));
    assert!(matches!(refused.await, Err(LedgerError::Unavailable(_))));
}

#[tokio::test]
async fn what_waits_is_one_commit() {
    let ledger = Ledger::open().await;
    let commits = Arc::new(AtomicUsize::new(0));
    let mut held = ledger.pool.acquire().await.unwrap();
    let counted = Arc::clone(&commits);
    let mut handle = held.lock_handle().await.unwrap();
    handle.set_commit_hook(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        true
    });
    drop(handle);
    let writer = Writer::start(ledger.pool.clone());
    let jobs: Vec<_> = (0..100)
        .map(|number| {
            let writer = writer.clone();
            tokio::spawn(async move {
                let work = writer.write(move |tx| Box::pin(write(tx, number, Then::Succeed)));
                work.await.unwrap()
            })
        })
        .collect();
    tokio::task::yield_now().await;
    drop(held);
    for written in jobs {
        written.await.unwrap();
    }
    assert_eq!(ledger.numbers().await.len(), 100);
    // Those taken before the connection was free, and all the others.
    let commits = commits.load(Ordering::Relaxed);
    assert!((1..=2).contains(&commits), "{commits} commits for 100 jobs");
}
