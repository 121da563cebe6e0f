//! What breaks: processes, disks, databases, networks, providers.

mod both_replicas;
mod cancelled_writes;
pub(crate) mod crowd;
mod database_frozen;
mod database_restarts;
mod dead_connections;
pub(crate) mod disconnects;
mod drain;
mod failing_provider;
mod full_disk;
mod killing;
mod ledger_down;
mod provider_down;
mod provider_faults;
mod resets;
mod retry_after;
mod three_replicas;
mod vanished_host;
