//! A connection is lent for a while, and no longer.
//!
//! A host that vanishes without a word leaves connections that stay silent for
//! ever. The pool would wait for them: for the end of a query, and for the sign
//! of life it asks of each connection that comes back. Owns that neither is
//! waited for without end; a connection that is silent is thrown away, and the
//! pool opens another.

use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres};
use tokio::time::timeout;

use super::Connection;
use crate::ledger::{LedgerError, Work};

/// How long the server lets any statement of a visitor's take, and so whatever
/// it is still at when a connection comes back.
const STATEMENT: Duration = Duration::from_secs(5);
/// Longer than anybody waits for what is done with one connection.
pub(super) const WHILE: Duration = Duration::from_secs(10);

/// Does `work` on a connection of the pool, which may take as long as `bound`.
pub(super) async fn lend<T, F>(pool: &PgPool, bound: Duration, work: F) -> Result<T, LedgerError>
where
    F: for<'t> FnOnce(&'t mut Connection) -> Work<'t, T>,
{
    let mut lent = Lent(pool.acquire().await?);
    let done = timeout(bound, work(&mut lent.0)).await;
    done.unwrap_or(Err(LedgerError::TooSlow))
}

struct Lent(PoolConnection<Postgres>);

impl Drop for Lent {
    /// Also when who had it gave up. What is not back in time is closed.
    fn drop(&mut self) {
        tokio::spawn(timeout(STATEMENT, self.0.return_to_pool()));
    }
}
