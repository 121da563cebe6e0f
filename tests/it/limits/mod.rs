//! What one client may take, and what all of them together cost.

mod bodies;
mod connections;
mod load;
mod memory;
mod openings;
mod pages;
mod per_client;
mod siege;
mod slowloris;
