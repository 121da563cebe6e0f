//! A provider's word: believed when it is authentic, once, and only then.

mod authentic;
mod forgeries;
mod freshness;
mod hints;
mod not_stored;
mod overtaking;
mod replay_storm;
mod replays;
mod signed_responses;
mod skewed_clock;
mod unasked;
mod unauthentic;
