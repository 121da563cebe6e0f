//! The connections to the server: so many at most, kept while they are good.
//!
//! A connection is kept after work that ended well; every other one is closed.
//! A `begin` that is cancelled in flight leaves its connection inside a
//! transaction (a known fault of sqlx 0.9.0), which would swallow what the next
//! borrower writes.
//!
//! A kept connection may be dead: its server restarted, or its host vanished
//! without a word. sqlx's own pool pings each one that is returned, and would
//! have to ping it again before it is lent: more round trips than most work
//! takes. Here a statement that may be repeated is its own ping: where it finds
//! the connection dead, it is done again on another. All other work begins with
//! a ping.

use std::fmt;
use std::io::{self, ErrorKind::ConnectionRefused, ErrorKind::TimedOut};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sqlx::error::DatabaseError;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

use crate::deadlines;
use crate::ledger::{LedgerError, Work};

/// At the same time.
const MOST: u32 = 16;
/// The longest a kept connection may be silent; then another is opened.
const SIGN_OF_LIFE: Duration = Duration::from_secs(1);
/// A connection that was not needed for so long is closed.
const IDLE: Duration = Duration::from_mins(10);
/// The longest pause between attempts to reach a server that starts.
const PAUSE: Duration = Duration::from_millis(500);
/// The longest search for the cause of a wait.
const GLANCE: Duration = Duration::from_millis(500);

/// Lends connections. A clone lends the same ones.
#[derive(Clone)]
pub(super) struct Connections(Arc<Shared>);

struct Shared {
    options: PgConnectOptions,
    permits: Arc<Semaphore>,
    /// The last one kept is lent first, so that what is not needed ages.
    kept: Mutex<Vec<Kept>>,
}

struct Kept {
    connection: PgConnection,
    since: Instant,
}

/// A connection in use. Dropping it closes it.
pub(super) struct Lent {
    connection: PgConnection,
    is_new: bool,
    lender: Connections,
    permit: OwnedSemaphorePermit,
}

impl Connections {
    /// None is opened before it is needed.
    pub(super) fn new(options: PgConnectOptions) -> Self {
        Self(Arc::new(Shared {
            options,
            permits: Arc::new(Semaphore::new(MOST as usize)),
            kept: Mutex::default(),
        }))
    }

    /// A connection that is alive.
    pub(super) async fn alive(&self) -> Result<Lent, sqlx::Error> {
        in_time(async {
            loop {
                let mut lent = self.next().await?;
                if lent.is_new || lent.answers().await {
                    return Ok(lent);
                }
                self.forget();
            }
        })
        .await
    }

    /// Does one statement. Where its connection turns out to be dead it is done
    /// again on another, and so maybe twice.
    pub(super) async fn repeatable<T, F>(&self, statement: F) -> Result<T, LedgerError>
    where
        F: for<'t> FnOnce(&'t mut PgConnection) -> Work<'t, T> + Clone,
    {
        let lent = in_time(self.next()).await?;
        if lent.is_new {
            return lent.run(deadlines::CONNECTION, statement).await;
        }
        match lent.run(SIGN_OF_LIFE, statement.clone()).await {
            Err(error) if is_dead(&error) => self.forget(),
            done => return done,
        }
        let another = in_time(self.next()).await?;
        another.run(deadlines::CONNECTION, statement).await
    }

    /// Waits until those in use are returned, and lends no more.
    pub(super) async fn close(&self) {
        let permits = &self.0.permits;
        let all = permits.acquire_many(MOST).await;
        permits.close();
        drop(all);
        let kept = std::mem::take(&mut *self.kept());
        for kept in kept {
            // The server ends it otherwise.
            let _ = kept.connection.close().await;
        }
    }

    /// Why a wait for a connection ended without one: a new connection of its
    /// own reports the cause.
    pub(super) async fn cause(&self, error: sqlx::Error) -> sqlx::Error {
        if !matches!(error, sqlx::Error::PoolTimedOut) {
            return error;
        }
        match timeout(GLANCE, PgConnection::connect_with(&self.0.options)).await {
            Ok(Ok(_)) => error,
            Ok(Err(cause)) => cause,
            Err(_) => io::Error::new(TimedOut, "the server was reached and does not answer").into(),
        }
    }

    /// The one kept last, or a new one.
    async fn next(&self) -> Result<Lent, sqlx::Error> {
        let permit = Arc::clone(&self.0.permits).acquire_owned().await;
        let permit = permit.map_err(|_| sqlx::Error::PoolClosed)?;
        let kept = self.kept().pop();
        let is_new = kept.is_none();
        let connection = match kept {
            Some(kept) => kept.connection,
            None => Box::pin(self.connect()).await?,
        };
        Ok(Lent {
            connection,
            is_new,
            lender: self.clone(),
            permit,
        })
    }

    /// Tries again and again while the server starts.
    async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        let mut pause = Duration::from_millis(10);
        loop {
            match PgConnection::connect_with(&self.0.options).await {
                Err(error) if is_starting(&error) => sleep(pause).await,
                done => return done,
            }
            pause = PAUSE.min(pause * 2);
        }
    }

    /// One was dead: the others were kept before it.
    fn forget(&self) {
        self.kept().clear();
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The address has a password.
impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections").finish_non_exhaustive()
    }
}

impl Lent {
    /// Does `work`, in `limit` at most, and keeps the connection if that ended
    /// well.
    pub(super) async fn run<T, F>(mut self, limit: Duration, work: F) -> Result<T, LedgerError>
    where
        F: for<'t> FnOnce(&'t mut PgConnection) -> Work<'t, T>,
    {
        let done = timeout(limit, work(&mut self.connection)).await;
        let done = done.unwrap_or(Err(LedgerError::TooSlow))?;
        self.keep();
        Ok(done)
    }

    /// Returns the connection, which must be good and in no transaction.
    pub(super) fn keep(self) {
        let now = Instant::now();
        let mut kept = self.lender.kept();
        kept.retain(|kept| now.duration_since(kept.since) < IDLE);
        kept.push(Kept {
            connection: self.connection,
            since: now,
        });
        drop(kept);
        drop(self.permit);
    }

    async fn answers(&mut self) -> bool {
        matches!(timeout(SIGN_OF_LIFE, self.ping()).await, Ok(Ok(())))
    }
}

impl Deref for Lent {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}

async fn in_time(
    lent: impl Future<Output = Result<Lent, sqlx::Error>>,
) -> Result<Lent, sqlx::Error> {
    let lent = timeout(deadlines::ACQUIRE, lent).await;
    lent.unwrap_or(Err(sqlx::Error::PoolTimedOut))
}

/// Whether the fault is the connection's and not the statement's: it is broken
/// or silent, its server stops, or what was prepared on it is of an older schema.
fn is_dead(error: &LedgerError) -> bool {
    const SERVER_STOPS: &str = "57P";
    const OLDER_SCHEMA: &str = "0A000";
    match error {
        LedgerError::TooSlow | LedgerError::Unavailable(sqlx::Error::Io(_)) => true,
        LedgerError::Unavailable(error) => {
            code(error).is_some_and(|code| code.starts_with(SERVER_STOPS) || code == OLDER_SCHEMA)
        }
        _ => false,
    }
}

fn is_starting(error: &sqlx::Error) -> bool {
    const STARTS: &str = "57P03";
    const TOO_MANY_CONNECTIONS: &str = "53300";
    match error {
        sqlx::Error::Io(error) => error.kind() == ConnectionRefused,
        error => code(error).is_some_and(|code| [STARTS, TOO_MANY_CONNECTIONS].contains(&&*code)),
    }
}

fn code(error: &sqlx::Error) -> Option<String> {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.map(Into::into)
}
