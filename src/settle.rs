//! The one settle point: webhook, poll and sweep all end here.
//!
//! Owns the rule that decides what a provider's word does to a donation
//! ([`judge`], pure) and the only doors through which a donation's status changes. The
//! ledger applies the judgement in one transaction, so webhook and poll may
//! race and the result is the same. A payment that is not what was asked goes
//! to REVIEW: never CONFIRMED, never dropped.

use tracing::{info, warn};

use crate::app::App;
use crate::clock::Millis;
use crate::donation::{Donation, DonationId};
use crate::ids::ForeignId;
use crate::ledger::{Ledger, LedgerError, NotOpened, Settled, Settlement, Verdict};
use crate::notify::Listeners;
use crate::report::{Charged, Identity, Report, Source};
use crate::status::Status;

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
    match report.charged {
        Charged::Told(money) if money != donation.asked => {
            Some(format!("amount {money}, asked {}", donation.asked))
        }
        Charged::Unreadable => Some(format!("amount unreadable, asked {}", donation.asked)),
        Charged::NotTold if report.status == Status::Confirmed => {
            Some(format!("paid without an amount, asked {}", donation.asked))
        }
        Charged::Told(_) | Charged::NotTold => None,
    }
}

/// Settles what a provider reported. A 2xx to a webhook may be sent only after
/// this returned `Ok`.
pub async fn settle(
    app: &App,
    report: Report,
    source: Source,
    identity: Option<Identity>,
) -> Result<Settled, LedgerError> {
    let (intent, status) = (report.intent.clone(), report.status.name());
    let audience = app.listeners.audience(report.provider);
    let settled = app
        .ledger
        .settle(Settlement {
            report,
            source,
            identity,
            audience,
            now: app.clock.now(),
            sweep_every: app.config.reconcile_every,
        })
        .await?;
    app.news.notify_waiters();
    match settled {
        Settled::Kept(Status::Review) => {
            warn!(intent.id = %intent, "a payment differs from what was asked and waits for review");
        }
        Settled::Unmatched => {
            warn!(intent.id = %intent, "an authentic webhook belongs to no donation we know; kept for review");
        }
        outcome => info!(intent.id = %intent, status, ?source, ?outcome, "settled"),
    }
    Ok(settled)
}

/// Settles that no checkout came of a donation; `intent` is given when one was
/// made that nobody should be sent to.
pub async fn not_opened(
    app: &App,
    id: DonationId,
    how: NotOpened,
    intent: Option<ForeignId>,
) -> Result<(), LedgerError> {
    info!(donation.id = %id, ?how, "no checkout was opened");
    app.ledger
        .note_not_opened(id, how, intent, app.clock.now())
        .await
}

/// Carries out the creator's verdict on a donation in REVIEW; `None` when the
/// donation is not there, or not in REVIEW.
pub async fn resolve(
    ledger: &dyn Ledger,
    listeners: &Listeners,
    id: DonationId,
    verdict: Verdict,
    now: Millis,
) -> Result<Option<Donation>, LedgerError> {
    let Some(donation) = ledger.donation(id).await? else {
        return Ok(None);
    };
    let audience = listeners.audience(&donation.provider);
    ledger.resolve(id, verdict, audience, now).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::donation::Payment;
    use crate::money::{Cents, Currency, Money};
    use crate::visibility::Visibility;

    fn five(currency: Currency) -> Money {
        Money {
            cents: Cents(500),
            currency,
        }
    }

    fn donation(status: Status) -> Donation {
        Donation {
            id: DonationId::random(),
            created_at: Millis(0),
            updated_at: Millis(0),
            status,
            asked: five(Currency::Usd),
            name: None,
            message: None,
            visibility: Visibility::NOTHING,
            language: None,
            provider: "allscale".into(),
            intent: ForeignId::clean("i1"),
            checkout_url: None,
            review_reason: None,
            payment: Payment::default(),
            looks: 0,
            next_look: None,
        }
    }

    fn report(status: Status, charged: Charged) -> Report {
        Report {
            provider: "allscale",
            intent: ForeignId::clean("i1").unwrap(),
            order: None,
            status,
            charged,
            payment: Payment::default(),
            details_may_follow: true,
        }
    }

    #[test]
    fn the_right_amount_confirms_from_any_open_or_negative_state() {
        let paid = report(Status::Confirmed, Charged::Told(five(Currency::Usd)));
        for status in Status::ALL {
            let expected = match status {
                Status::Review => Judgement::Keep,
                Status::Confirmed => Judgement::Fill,
                _ => Judgement::Move(Status::Confirmed),
            };
            assert_eq!(judge(&donation(status), &paid), expected, "{status:?}");
        }
    }

    #[test]
    fn another_amount_currency_or_none_is_for_review() {
        let four = Money {
            cents: Cents(499),
            currency: Currency::Usd,
        };
        for charged in [
            Charged::Told(four),
            Charged::Told(five(Currency::Eur)),
            Charged::Told(five(Currency::Usdt)),
            Charged::Unreadable,
            Charged::NotTold,
        ] {
            let judgement = judge(
                &donation(Status::OnChain),
                &report(Status::Confirmed, charged),
            );
            assert!(matches!(judgement, Judgement::Review(_)), "{charged:?}");
        }
    }

    #[test]
    fn another_intent_or_provider_is_for_review() {
        let mut foreign = report(Status::Confirmed, Charged::Told(five(Currency::Usd)));
        foreign.intent = ForeignId::clean("i2").unwrap();
        let judgement = judge(&donation(Status::Created), &foreign);
        assert_eq!(judgement, Judgement::Review("intent i2, ours is i1".into()));

        let mut elsewhere = donation(Status::Created);
        elsewhere.provider = "another".into();
        let paid = report(Status::Confirmed, Charged::Told(five(Currency::Usd)));
        assert!(matches!(judge(&elsewhere, &paid), Judgement::Review(_)));
    }

    #[test]
    fn an_intent_reported_for_another_donation_is_for_review() {
        let mut crossed = report(Status::Confirmed, Charged::Told(five(Currency::Usd)));
        crossed.order = Some(DonationId::random());
        let judgement = judge(&donation(Status::Viewed), &crossed);
        assert!(matches!(judgement, Judgement::Review(_)), "{judgement:?}");
    }

    #[test]
    fn what_the_creator_rejected_is_only_reopened_by_the_payment_asked_for() {
        let mut rejected = donation(Status::Rejected);
        rejected.review_reason = Some("amount 4.99 USD, asked 5.00 USD".into());
        for again in [
            report(Status::Confirmed, Charged::NotTold),
            report(Status::OnChain, Charged::NotTold),
        ] {
            assert_eq!(judge(&rejected, &again), Judgement::Keep);
        }
        let paid = report(Status::Confirmed, Charged::Told(five(Currency::Usd)));
        assert_eq!(judge(&rejected, &paid), Judgement::Move(Status::Confirmed));
    }

    #[test]
    fn an_intent_not_yet_known_is_taken_from_the_report() {
        let mut early = donation(Status::Created);
        early.intent = None;
        let paid = report(Status::Confirmed, Charged::Told(five(Currency::Usd)));
        assert_eq!(judge(&early, &paid), Judgement::Move(Status::Confirmed));
    }

    #[test]
    fn a_step_on_the_way_needs_no_amount() {
        let step = report(Status::OnChain, Charged::NotTold);
        assert_eq!(
            judge(&donation(Status::Created), &step),
            Judgement::Move(Status::OnChain)
        );
        assert_eq!(judge(&donation(Status::OnChain), &step), Judgement::Keep);
        assert_eq!(judge(&donation(Status::Confirmed), &step), Judgement::Keep);
    }
}
