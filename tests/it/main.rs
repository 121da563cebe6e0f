//! ONE black-box test binary: the real app on port 0, speaking HTTP, against
//! the stand-in provider. Helpers are named as what people do; background work
//! is stepped by hand, never slept for.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod any_ledger;
mod balancer;
mod bench;
mod by;
mod creator;
mod deliveries;
mod dice;
mod fake_time;
mod figures;
mod forging;
mod house;
mod own_postgres;
mod prefilled;
mod program;
mod relay;
mod scratch_ledgers;
mod served;
mod stores;
mod tiny_disk;
mod town;
mod visits;
mod wire;

mod amounts;
mod backups;
mod bad_requests;
mod both_replicas;
mod canary;
mod cancelled_writes;
mod cards;
mod checkout;
mod clicks;
mod connections;
mod contents;
mod contract;
mod copying;
mod database_frozen;
mod database_restarts;
mod demo_cli;
mod disconnects;
mod doctor;
mod donations_cli;
mod drain;
mod drowning;
mod erasing;
mod failing_provider;
mod forgeries;
mod form;
mod found_by_asking;
mod freshness;
mod full_disk;
mod headers;
mod hostile_text;
mod idempotency;
mod image;
mod killing;
mod languages;
mod ledger_down;
mod limits;
mod load;
mod logs;
mod memory;
mod moves;
mod not_copied;
mod overtaking;
mod own_words;
mod prefix;
mod provider_down;
mod provider_faults;
mod races;
mod reference_page;
mod replay_storm;
mod replays;
mod resets;
mod review;
mod settings_cli;
mod settling;
mod shared_limit;
mod signed_responses;
mod skewed_clock;
mod slowloris;
mod starting;
mod status_api;
mod strange_answers;
mod sweeping;
mod targets;
mod telling;
mod three_replicas;
mod unauthentic;
mod unkept;
mod vanished_host;
mod verifying;
mod visibility;
mod webhooks;
