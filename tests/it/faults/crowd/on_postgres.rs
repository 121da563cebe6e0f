//! A crowd whose database may go away: one program on a Postgres server of its
//! own.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::{Crowd, What};
use crate::support::own_postgres::OwnPostgres;
use crate::support::program::{Running, Said};
use crate::support::scratch_ledgers::Scratch;

pub(crate) struct OnPostgres {
    pub(crate) server: OwnPostgres,
    pub(crate) scratch: Scratch,
    pub(crate) crowd: Arc<Crowd>,
    program: Running,
    people: JoinSet<()>,
}

impl OnPostgres {
    pub(crate) async fn start() -> Self {
        let server = OwnPostgres::start().await;
        let scratch = Scratch::postgres_on(server.url()).await;
        let crowd = Arc::new(Crowd::new(&scratch.url(), 1).await);
        let program = crowd.start(0);
        crowd.ready(0).await;
        let people = crowd.people(3);
        Self {
            server,
            scratch,
            crowd,
            program,
            people,
        }
    }

    /// How long after `since` a checkout was opened and a webhook was taken.
    pub(crate) async fn serves_again(&self, since: Instant) -> Duration {
        let checkout = self.crowd.answered(What::Checkout, 200, since).await;
        let webhook = self.crowd.answered(What::Webhook, 200, since).await;
        checkout.max(webhook)
    }

    /// Ends all visits, then stops the program; gives its output and
    /// what [`Crowd::examine`] found.
    pub(crate) async fn end(self, stream: usize) -> (Said, String) {
        self.crowd.over.store(true, SeqCst);
        self.people.join_all().await;
        let said = stopped(self.program).await;
        (said, self.crowd.examine(&self.scratch, stream).await)
    }

    /// Stops the program under load while the database stands still; gives how
    /// long that took.
    pub(crate) async fn stop_while_frozen(self) -> Duration {
        self.server.freeze();
        let frozen = Instant::now();
        stopped(self.program).await;
        let took = frozen.elapsed();
        self.server.thaw();
        took
    }
}

async fn stopped(program: Running) -> Said {
    let said = program.stop().await;
    assert_eq!(said.code, Some(0), "{}", said.err);
    said
}
