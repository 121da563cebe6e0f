use super::*;
use crate::donation::tests::donation;
use crate::donation::{DonationId, Payment};
use crate::ids::ForeignId;
use crate::money::{Cents, Currency, Money};

fn five(currency: Currency) -> Money {
    Money {
        cents: Cents(500),
        currency,
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
    let paid = report(Status::Confirmed, Charged::Amount(five(Currency::Usd)));
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
        Charged::Amount(four),
        Charged::Amount(five(Currency::Eur)),
        Charged::Amount(five(Currency::Usdt)),
        Charged::other("175.00", "THB"),
        Charged::Absent,
    ] {
        let judgement = judge(
            &donation(Status::OnChain),
            &report(Status::Confirmed, charged.clone()),
        );
        assert!(matches!(judgement, Judgement::Review(_)), "{charged:?}");
    }
}

#[test]
fn another_intent_or_provider_is_for_review() {
    let mut foreign = report(Status::Confirmed, Charged::Amount(five(Currency::Usd)));
    foreign.intent = ForeignId::clean("i2").unwrap();
    let judgement = judge(&donation(Status::Created), &foreign);
    assert_eq!(judgement, Judgement::Review("intent i2, ours is i1".into()));

    let mut elsewhere = donation(Status::Created);
    elsewhere.provider = "another".into();
    let paid = report(Status::Confirmed, Charged::Amount(five(Currency::Usd)));
    assert!(matches!(judge(&elsewhere, &paid), Judgement::Review(_)));
}

#[test]
fn an_intent_reported_for_another_donation_is_for_review() {
    let mut crossed = report(Status::Confirmed, Charged::Amount(five(Currency::Usd)));
    crossed.order = Some(DonationId::random());
    let judgement = judge(&donation(Status::Viewed), &crossed);
    assert!(matches!(judgement, Judgement::Review(_)), "{judgement:?}");
}

#[test]
fn what_the_creator_rejected_is_only_reopened_by_the_payment_asked_for() {
    let mut rejected = donation(Status::Rejected);
    rejected.review_reason = Some("amount 4.99 USD, asked 5.00 USD".into());
    for again in [
        report(Status::Confirmed, Charged::Absent),
        report(Status::OnChain, Charged::Absent),
    ] {
        assert_eq!(judge(&rejected, &again), Judgement::Keep);
    }
    let paid = report(Status::Confirmed, Charged::Amount(five(Currency::Usd)));
    assert_eq!(judge(&rejected, &paid), Judgement::Move(Status::Confirmed));
}

#[test]
fn an_intent_not_yet_known_is_taken_from_the_report() {
    let mut early = donation(Status::Created);
    early.intent = None;
    let paid = report(Status::Confirmed, Charged::Amount(five(Currency::Usd)));
    assert_eq!(judge(&early, &paid), Judgement::Move(Status::Confirmed));
}

#[test]
fn a_step_on_the_way_needs_no_amount() {
    let step = report(Status::OnChain, Charged::Absent);
    assert_eq!(
        judge(&donation(Status::Created), &step),
        Judgement::Move(Status::OnChain)
    );
    assert_eq!(judge(&donation(Status::OnChain), &step), Judgement::Keep);
    assert_eq!(judge(&donation(Status::Confirmed), &step), Judgement::Keep);
}

#[test]
fn coins_of_another_kind_are_not_counted_as_those_asked() {
    for (coin, cents) in [("USDT", Some(490)), ("USDC", None)] {
        let mut native = donation(Status::Review);
        native.request.asked = five(Currency::Usdt);
        native.payment.paid = ForeignId::clean("4.9000");
        native.payment.coin_symbol = ForeignId::clean(coin);
        assert_eq!(came(&native).map(|came| came.cents.0), cents, "{coin}");
    }
}

const EVERY: Duration = Duration::from_secs(30);

fn seconds(status: Status, looks: u32) -> Option<u64> {
    next_look(status, looks, false, EVERY).map(|wait| wait.as_secs())
}

#[test]
fn an_unopened_checkout_is_looked_at_ever_more_rarely() {
    let waits: Vec<_> = (0..5).filter_map(|n| seconds(Status::Created, n)).collect();
    assert_eq!(waits, [30, 120, 480, 1920, 7680]);
    assert_eq!(seconds(Status::Created, 40), Some(86_400));
}

#[test]
fn an_opened_one_keeps_a_ceiling() {
    assert_eq!(seconds(Status::Viewed, 0), Some(30));
    for status in [Status::Viewed, Status::OnChain, Status::Pending] {
        assert_eq!(seconds(status, 40), Some(900));
    }
}

#[test]
fn a_negative_one_is_looked_at_ever_more_rarely() {
    let day = 86_400;
    let waits: Vec<_> = (0..6).filter_map(|n| seconds(Status::Timeout, n)).collect();
    assert_eq!(
        waits,
        [3600, day - 3600, 2 * day, 4 * day, 8 * day, 16 * day]
    );
}

#[test]
fn nothing_is_left_to_find_once_settled_or_unknown() {
    assert_eq!(next_look(Status::Confirmed, 0, true, EVERY), None);
    assert_eq!(seconds(Status::Confirmed, 0), Some(30));
    assert_eq!(seconds(Status::Confirmed, DETAIL_LOOKS), None);
    assert_eq!(seconds(Status::Review, 0), None);
    assert_eq!(seconds(Status::Unknown, 0), None);
}
