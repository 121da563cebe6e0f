//! What the tests share: the app under test, programs, ledgers, data that is made up.

pub(crate) mod accounts;
pub(crate) mod any_ledger;
pub(crate) mod balancer;
pub(crate) mod bare_ledger;
pub(crate) mod creator;
pub(crate) mod deliveries;
pub(crate) mod dump;
pub(crate) mod fake_time;
pub(crate) mod forging;
pub(crate) mod front;
pub(crate) mod measured;
pub(crate) mod own_postgres;
pub(crate) mod program;
pub(crate) mod provider_kind;
pub(crate) mod relay;
pub(crate) mod scratch_ledgers;
pub(crate) mod seeded;
pub(crate) mod served;
mod sweeps;
pub(crate) mod test_app;
pub(crate) mod tiny_disk;
pub(crate) mod visits;
pub(crate) mod wire;
