//! The rules of a donation: what a provider's word does to it, and when the
//! provider is asked again. All of it is pure.
//!
//! The ledger applies these rules inside the transaction that settles. Nothing
//! here reads a clock, a setting or a ledger.

#[cfg(test)]
mod tests;

use std::time::Duration;

use crate::clock::Millis;
use crate::donation::{Donation, Payment};
use crate::ids::ForeignId;
use crate::money::{Cents, Coins, Currency, Money};
use crate::report::{Charged, Report, Source};
use crate::status::Status;

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
/// The longest pause between looks at a checkout that the supporter opened.
const ENGAGED_CEILING: Duration = Duration::from_mins(15);
/// A checkout is given up at this age.
const GIVE_UP: Duration = Duration::from_hours(30 * 24);
/// Looks spent on details (fee, net) of a payment that is settled already.
const DETAIL_LOOKS: u32 = 6;

/// What a report does to a donation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Judgement {
    /// Nothing new.
    Keep,
    /// Settled already; only details of the payment are added.
    Fill,
    /// The donation moves on.
    Move(Status),
    /// Not what was asked; the text tells the creator what differs.
    Review(String),
}

/// Decides what `report` does to `donation`: the moves of a donation and what
/// confirms it, as the design states them. Pure.
pub fn judge(donation: &Donation, report: &Report) -> Judgement {
    let difference = difference(donation, report);
    let as_asked = difference.is_none() && report.status == Status::Confirmed;
    match (donation.status, difference) {
        (Status::Review, _) | (Status::Confirmed, Some(_)) => Judgement::Keep,
        _ if donation.is_rejected_by_creator() && !as_asked => Judgement::Keep,
        (Status::Confirmed, None) if report.status == Status::Confirmed => Judgement::Fill,
        (_, Some(reason)) => Judgement::Review(reason),
        (status, None) if status.may_become(report.status) => Judgement::Move(report.status),
        _ => Judgement::Keep,
    }
}

/// What in `report` is other than asked, in words for the creator.
fn difference(donation: &Donation, report: &Report) -> Option<String> {
    if donation.provider != report.provider {
        return Some(format!(
            "reported by {}, asked of {}",
            report.provider, donation.provider
        ));
    }
    if let Some(intent) = donation
        .intent
        .as_ref()
        .filter(|own| **own != report.intent)
    {
        return Some(format!("intent {}, ours is {intent}", report.intent));
    }
    if let Some(order) = report.order.filter(|order| *order != donation.id) {
        return Some(format!("reported for donation {order}"));
    }
    let asked = donation.request.asked;
    match &report.charged {
        Charged::Amount(money) if *money != asked => Some(format!("amount {money}, asked {asked}")),
        Charged::Other(told) => Some(format!("amount {told}, asked {asked}")),
        Charged::Absent if report.status == Status::Confirmed => {
            Some(format!("paid without an amount, asked {asked}"))
        }
        _ if report.status == Status::Confirmed => other_coins(donation, &report.payment),
        Charged::Amount(_) | Charged::Absent => None,
    }
}

/// What came in the coin of the payment, where it is not about what was asked in
/// that coin.
fn other_coins(donation: &Donation, payment: &Payment) -> Option<String> {
    let came = payment.paid.as_ref()?;
    let asked = payment.coin_amount.as_ref();
    let asked = asked.or(donation.payment.coin_amount.as_ref());
    let asked = asked.map_or_else(|| native(donation), |asked| Some(asked.to_string()));
    let read = Coins::parse(came.as_str());
    // Priced in fiat, and the coins that were asked are not told.
    let unknown = asked.is_none() && read.is_some_and(|came| came.is_about(came));
    if unknown || is_about(came.as_str(), asked.as_deref()) {
        return None;
    }
    let coin = payment.coin_symbol.as_ref();
    let coin = coin.map_or_else(String::new, |coin| format!(" {coin}"));
    let asked = asked.unwrap_or_else(|| donation.request.asked.to_string());
    Some(format!("received {came}{coin}, asked {asked}{coin}"))
}

/// What was asked in coins, where the donation is priced in them.
fn native(donation: &Donation) -> Option<String> {
    let asked = donation.request.asked;
    (asked.currency == Currency::Usdt).then(|| asked.currency.decimal(asked.cents))
}

fn is_about(came: &str, asked: Option<&str>) -> bool {
    let asked = asked.and_then(Coins::parse);
    let came = Coins::parse(came).zip(asked);
    came.is_some_and(|(came, asked)| came.is_about(asked))
}

/// What came, where that is known in the donation's own currency: of a payment in
/// coins only when it was about what was asked, or when coins were asked for.
pub fn came(donation: &Donation) -> Option<Money> {
    let (asked, payment) = (donation.request.asked, &donation.payment);
    let told = || charged(donation).filter(|told| told.currency == asked.currency);
    let Some(paid) = &payment.paid else {
        return told();
    };
    if asked.currency == Currency::Usdt {
        let coin = payment.coin_symbol.as_ref().map(ForeignId::as_str);
        if coin.is_some_and(|coin| coin != asked.currency.code()) {
            return None;
        }
        let cents = Cents::parse_whole_hundredths(paid.as_str())?;
        let currency = asked.currency;
        return Some(Money { cents, currency });
    }
    let coins = payment.coin_amount.as_ref().map(ForeignId::as_str);
    told().filter(|_| is_about(paid.as_str(), coins))
}

/// [`Donation::reported`] as money, where it is an amount in a currency we know.
fn charged(donation: &Donation) -> Option<Money> {
    let (amount, code) = donation.reported.as_deref()?.rsplit_once(' ')?;
    let currency = Currency::from_code(code)?;
    let cents = Cents::parse_coins(amount)?;
    Some(Money { cents, currency })
}

/// Whether a report that names only our own id may settle `donation`. A further
/// intent of a settled donation is money of its own, for the creator to see.
pub fn is_open(donation: &Donation) -> bool {
    !donation.is_settled() || donation.intent.is_none()
}

/// Adds to the donation what the report knows of the payment. A detail that is
/// missing from the report stays as it is.
pub fn fill(donation: &mut Donation, report: &Report) {
    let (known, new) = (&mut donation.payment, report.payment.clone());
    donation.intent.get_or_insert_with(|| report.intent.clone());
    donation.reported = report.charged.told().or(donation.reported.take());
    known.tx_hash = new.tx_hash.or(known.tx_hash.take());
    known.chain_id = new.chain_id.or(known.chain_id);
    known.coin_symbol = new.coin_symbol.or(known.coin_symbol.take());
    known.coin_amount = new.coin_amount.or(known.coin_amount.take());
    known.paid = new.paid.or(known.paid.take());
    known.fee = new.fee.or(known.fee.take());
    known.net = new.net.or(known.net.take());
}

/// Sets when the sweep looks next at a donation that becomes `next`. The count
/// of looks begins anew when a donation closes, opens again or is paid.
pub fn schedule(
    donation: &mut Donation,
    next: Status,
    (report, source): (&Report, Source),
    every: Duration,
    now: Millis,
) {
    let phase = |status: Status| (status.is_negative(), status == Status::Confirmed);
    if phase(donation.status) != phase(next) {
        donation.looks = 0;
    } else if source == Source::Sweep {
        donation.looks = donation.looks.saturating_add(1);
    }
    let complete = !report.details_may_follow || donation.payment.is_complete();
    let wait = next_look(next, donation.looks, complete, every);
    donation.next_look = next_look_at(donation, wait, now);
}

/// How long after its `looks`-th look a donation is looked at again; `None`
/// when there is nothing left to find. `complete`: no detail of the payment is
/// missing; `every` is the first interval.
pub fn next_look(status: Status, looks: u32, complete: bool, every: Duration) -> Option<Duration> {
    let times = |base: u32| every.saturating_mul(base.saturating_pow(looks)).min(DAY);
    let doubled = times(2);
    match status {
        Status::Unknown | Status::Review => None,
        Status::Confirmed => (!complete && looks < DETAIL_LOOKS).then_some(doubled),
        // A payment may arrive late: after an hour, and a day, 3, 7, 15 and 31.
        closed if closed.is_negative() => Some(match looks {
            0 => HOUR,
            1 => DAY.saturating_sub(HOUR),
            more => DAY.saturating_mul(2_u32.saturating_pow(more - 1)),
        }),
        engaged if engaged.is_engaged() => Some(doubled.min(ENGAGED_CEILING)),
        // Nobody has opened it yet, and most such are never paid.
        _ => Some(times(4)),
    }
}

/// [`next_look`]'s `wait` as a time, with an end: a checkout is given up after 30
/// days, with one look beyond.
pub fn next_look_at(donation: &Donation, wait: Option<Duration>, now: Millis) -> Option<Millis> {
    let given_up = now > donation.created_at.after(GIVE_UP);
    wait.filter(|_| !given_up).map(|wait| now.after(wait))
}
