//! From the form to the checkout, and what a poll answers.

mod amounts;
mod bad_requests;
mod clicks;
mod form;
mod idempotency;
mod opening;
mod prefilled;
mod round_trips;
mod status_api;
