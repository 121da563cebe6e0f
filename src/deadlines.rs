//! Deadlines: the time limits of a request, of a notification and of a stop,
//! from the innermost wait to the outermost.
//!
//! Owns them all but those of one connection, which stand beside it. Each must end before the one around it, so that the
//! error comes from where the cause is known; the compiler holds that order.
//! How often something is done stands where it is done, not here.

use std::time::Duration;

// ---- A call to somebody else

/// Until there is a connection: name, TCP and TLS.
pub const CONNECT: Duration = Duration::from_secs(2);
/// From a call to the last byte of its answer.
pub const CALL: Duration = Duration::from_secs(5);

// ---- The ledger

/// Postgres: the longest wait for a connection of the pool.
pub const ACQUIRE: Duration = Duration::from_secs(3);
/// `SQLite`: one job of the writer; those in its batch are still answered.
pub const JOB: Duration = Duration::from_secs(3);
/// One transaction, the wait for its connection included. A database that hangs
/// enforces no limit of its own.
pub const TRANSACTION: Duration = Duration::from_secs(4);
/// One statement, by the database's own clock: it ends what we stopped waiting
/// for. Also how long `SQLite` waits for another program that writes.
pub const STATEMENT: Duration = Duration::from_secs(5);
/// One connection in use, whatever is done with it.
pub const CONNECTION: Duration = Duration::from_secs(10);

// ---- A request

/// A webhook that waits for its turn to ask the provider.
pub const TURN: Duration = Duration::from_secs(3);
/// A poll's own look, while the provider may be asked at once; after it the
/// ledger answers alone.
pub const POLL: Duration = Duration::from_millis(700);
/// A look that a poll asked for and that waits for its turn; the page has polled
/// twice meanwhile.
pub const QUEUED: Duration = Duration::from_secs(15);
/// A repeated checkout that waits for the first one.
pub const REPEAT: Duration = Duration::from_secs(8);
/// An answer to a request that goes on without its client.
pub const ANSWER: Duration = Duration::from_secs(9);
/// Any request, from its head to its answer.
pub const REQUEST: Duration = Duration::from_secs(10);
/// The head of a request.
pub const HEAD: Duration = Duration::from_secs(5);
/// The body of a request, from its head on; the largest takes 25 kB a second.
pub const BODY: Duration = Duration::from_secs(3);

// ---- A notification

/// A whole mail: servers check one for a while before they accept it.
pub const MAIL: Duration = Duration::from_secs(20);
/// One attempt to deliver.
pub const DELIVERY: Duration = Duration::from_secs(30);

/// Lease: a worker that has not ended its work by then is gone, and another one
/// claims it.
pub const LEASE: Duration = Duration::from_mins(1);

// ---- A stop

/// Requests under way may end after SIGTERM.
pub const DRAIN: Duration = Duration::from_secs(7);
/// The work that they began.
pub const FINISH: Duration = Duration::from_secs(2);
/// The ledger's connections.
pub const LET_GO: Duration = Duration::from_secs(1);
/// What Docker gives a container before it kills it.
const KILLED_AFTER: Duration = Duration::from_secs(10);

const _: () = {
    assert!(shorter(CONNECT, CALL));
    assert!(shorter(ACQUIRE, TRANSACTION), "a full pool is 503");
    assert!(shorter(JOB, TRANSACTION), "the jobs beside it are answered");
    assert!(shorter(TRANSACTION, STATEMENT), "we stop waiting first");
    assert!(shorter(STATEMENT, CONNECTION));
    assert!(shorter(POLL, TURN) && shorter(TURN, QUEUED));
    assert!(shorter(CALL, REPEAT), "the first checkout has ended");
    assert!(
        shorter(TURN.saturating_add(CALL), ANSWER),
        "it can be asked"
    );
    assert!(shorter(REPEAT, ANSWER) && shorter(ANSWER, REQUEST));
    assert!(shorter(HEAD, REQUEST) && shorter(BODY, REQUEST));
    assert!(shorter(CONNECT, MAIL) && shorter(MAIL, DELIVERY));
    assert!(shorter(DELIVERY, LEASE), "no attempt outlives its claim");
    assert!(shorter(CALL.saturating_add(TRANSACTION), LEASE));
    let stop = DRAIN.saturating_add(FINISH).saturating_add(LET_GO);
    assert!(!shorter(KILLED_AFTER, stop), "the stop is our own");
};

const fn shorter(inner: Duration, outer: Duration) -> bool {
    inner.as_nanos() < outer.as_nanos()
}
