//! Bounded: a pooled connection with a time limit.
//!
//! A host that vanishes leaves connections that stay silent for ever. The pool
//! would wait for them: for the end of a query, and for the ping of each
//! connection that is returned. Owns that neither wait is unbounded; a silent
//! connection is closed, and the pool opens another.

use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres};
use tokio::time::timeout;

use super::Connection;
use crate::deadlines;
use crate::ledger::{LedgerError, Work};

/// Does `work` on a connection of the pool, for at most `limit`.
pub(super) async fn with_connection<T, F>(
    pool: &PgPool,
    limit: Duration,
    work: F,
) -> Result<T, LedgerError>
where
    F: for<'t> FnOnce(&'t mut Connection) -> Work<'t, T>,
{
    let mut bounded = Bounded(pool.acquire().await?);
    let done = timeout(limit, work(&mut bounded.0)).await;
    done.unwrap_or(Err(LedgerError::TooSlow))
}

struct Bounded(PoolConnection<Postgres>);

impl Drop for Bounded {
    /// Runs on cancellation too. A connection that is not back in the time that
    /// the server gives a statement is closed.
    fn drop(&mut self) {
        tokio::spawn(timeout(deadlines::STATEMENT, self.0.return_to_pool()));
    }
}
