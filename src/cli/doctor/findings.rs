//! What the doctor found: a line each, with a tick, a cross or a warning.

use std::fmt::Display;
use std::io::{self, Write};

use crate::provider::Finding;

/// Writes each finding as it is found, and remembers whether one was a cross.
pub(super) struct Findings<'o> {
    out: &'o mut dyn Write,
    wrong: bool,
}

impl<'o> Findings<'o> {
    pub(super) fn new(out: &'o mut dyn Write) -> Self {
        Self { out, wrong: false }
    }

    /// Nothing to do here.
    pub(super) fn good(&mut self, text: impl Display) -> io::Result<()> {
        self.line("✓", text)
    }

    /// Works, but is probably not meant, or not yet complete.
    pub(super) fn warning(&mut self, text: impl Display) -> io::Result<()> {
        self.line("!", text)
    }

    /// Has to be set right before supporters come.
    pub(super) fn bad(&mut self, text: impl Display) -> io::Result<()> {
        self.wrong = true;
        self.line("✗", text)
    }

    /// What a provider found about itself.
    pub(super) fn add(&mut self, finding: Finding) -> io::Result<()> {
        match finding {
            Finding::Good(text) => self.good(text),
            Finding::Warning(text) => self.warning(text),
            Finding::Bad(text) => self.bad(text),
        }
    }

    /// The last line; `false` when something is wrong.
    pub(super) fn conclude(self) -> io::Result<bool> {
        let text = if self.wrong {
            "Something is wrong: set right what is marked ✗ and run this again."
        } else {
            "Nothing is wrong."
        };
        writeln!(self.out, "\n{text}")?;
        Ok(!self.wrong)
    }

    /// Further lines of a text stand under its first.
    fn line(&mut self, mark: &str, text: impl Display) -> io::Result<()> {
        let text = text.to_string().replace('\n', "\n      ");
        writeln!(self.out, "  {mark} {text}")
    }
}
