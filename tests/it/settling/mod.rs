//! What is paid is counted, whatever order its news come in.

mod came;
mod cards;
mod drowning;
mod found_by_asking;
mod moves;
mod paid;
mod published_states;
mod races;
mod review;
mod strange_answers;
mod sweeping;
mod telling;
