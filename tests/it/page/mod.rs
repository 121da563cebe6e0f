//! What a supporter sees, in each language, and what stays hidden.

mod erasing;
mod headers;
mod hostile_text;
mod languages;
mod own_words;
mod prefix;
mod reference_page;
mod states;
pub(crate) mod visibility;
