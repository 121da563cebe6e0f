//! The commands a creator runs, and what they print.

mod backups;
pub(crate) mod canary;
pub(crate) mod copying;
mod demo_cli;
mod doctor;
mod donations_cli;
mod image;
mod logs;
mod not_copied;
mod settings_cli;
mod starting;
mod verifying;
