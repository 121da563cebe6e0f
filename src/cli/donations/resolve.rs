//! `bagel donations resolve`: the creator's verdict on a payment that is not what
//! was asked.
//!
//! What is counted is what came: where that is known in the donation's own
//! currency it is taken, and else asked for. The verdict goes through
//! [`crate::settle`].

use std::io::Write;

use anyhow::{anyhow, bail};

use super::{Handle, absent};
use crate::clock::Clock;
use crate::donation::{Donation, DonationId};
use crate::ledger::{Ledger, Resolved, Verdict};
use crate::money::{Cents, Money};
use crate::notify::Listeners;
use crate::settle;

/// Which donation, and what becomes of it.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// As for `show`
    #[arg(value_parser = Handle::parse)]
    id: Handle,
    #[command(flatten)]
    verdict: Flags,
    /// With --confirm: how much to count, in the donation's currency, such as 4.99
    #[arg(long, conflicts_with = "reject", allow_hyphen_values = true)]
    amount: Option<String>,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Flags {
    /// The money arrived: count what came
    #[arg(long)]
    confirm: bool,
    /// It does not count
    #[arg(long)]
    reject: bool,
}

impl Options {
    /// Carries the verdict out and says what was counted.
    pub(super) async fn run(
        &self,
        ledger: &dyn Ledger,
        listeners: &Listeners,
        out: &mut impl Write,
    ) -> anyhow::Result<()> {
        let id = self.id.find(ledger).await?;
        let donation = ledger.donation(id).await?.ok_or_else(|| absent(self.id))?;
        let verdict = self.verdict(&donation)?;
        let now = Clock::System.now();
        match settle::resolve(ledger, listeners, id, verdict, now).await? {
            Resolved::Done(donation) => Ok(writeln!(out, "{}", outcome(&donation))?),
            Resolved::NotInReview => {
                bail!("donation {id} is not in REVIEW, so there is nothing to resolve")
            }
            Resolved::AmountUnknown(donation) => Err(how_much(&donation)),
        }
    }

    fn verdict(&self, donation: &Donation) -> anyhow::Result<Verdict> {
        if self.verdict.reject {
            return Ok(Verdict::Reject);
        }
        let read = |text: &String| {
            let currency = donation.request.asked.currency;
            let counted = Cents::parse(text, currency).ok().filter(|it| it.0 > 0);
            counted.ok_or_else(|| {
                anyhow!(
                    "--amount has to be a number of {}, such as 4.99",
                    currency.code()
                )
            })
        };
        let counted = self.amount.as_ref().map(read).transpose()?;
        Ok(Verdict::Confirm(counted))
    }
}

/// `0b9f… is now CONFIRMED: counted 4.99 USD (asked 5.00)`.
fn outcome(donation: &Donation) -> String {
    let (id, status) = (donation.id, donation.status.name());
    let Money { cents, currency } = donation.request.asked;
    match donation.counted() {
        Some(counted) => format!(
            "{id} is now {status}: counted {counted} (asked {})",
            currency.decimal(cents)
        ),
        None => format!("{id} is now {status}"),
    }
}

fn how_much(donation: &Donation) -> anyhow::Error {
    let (id, asked): (DonationId, Money) = (donation.id, donation.request.asked);
    let arrived = donation.arrived();
    let arrived = arrived
        .as_deref()
        .unwrap_or("an amount that it did not tell");
    anyhow!(
        "the provider reported {arrived}, so how much of {asked} came is not known in {code}. Look in \
         its dashboard, and say it:\nbagel donations resolve {id} --confirm --amount {amount}",
        code = asked.currency.code(),
        amount = asked.currency.decimal(asked.cents),
    )
}
