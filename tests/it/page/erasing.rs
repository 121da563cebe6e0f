//! What a supporter erased is gone from the file too: from its pages, from
//! their free space, and from the log beside it.

use std::path::Path;
use std::time::Duration;

use bagel::donation::{DonationId, NewDonation, Origin, Request};
use bagel::ids::ForeignId;
use bagel::ledger::Ledger;
use bagel::report::Opened;
use bagel::supporter::{Message, SupporterName};

use crate::contract::{NOW, cutoffs, paid};
use crate::support::bare_ledger::FIVE;
use crate::support::scratch_ledgers::Scratch;

const DONATIONS: usize = 400;

/// A donation whose name and message begin with a word of its own, opened and,
/// every other one, paid: rows grow, and pages are split and packed again.
async fn give(ledger: &dyn Ledger, nth: usize) -> DonationId {
    let id = DonationId::random();
    let word = word(nth);
    let new = NewDonation {
        id,
        created_at: NOW,
        request: Request {
            name: SupporterName::parse(&word).unwrap(),
            message: Message::parse(&format!("{word} {}", "hello ".repeat(nth % 40))).unwrap(),
            ..Request::anonymous(FIVE)
        },
        provider: "allscale",
    };
    ledger.begin(new, None).await.unwrap();
    let intent = format!("i{nth}");
    let opened = Opened {
        checkout_url: format!("https://checkout.example/{}", "path/".repeat(nth % 30)),
        intent: ForeignId::clean(&intent).unwrap(),
    };
    let noted = ledger.note_opened(id, opened, (NOW, Origin(1)), NOW);
    noted.await.unwrap();
    if nth.is_multiple_of(2) {
        let webhook = paid(&intent, &format!("w{nth}"), &format!("n{nth}"));
        ledger.settle(webhook).await.unwrap();
    }
    id
}

fn word(nth: usize) -> String {
    format!("Secret{nth:05}")
}

/// Which of the words stand in a file.
fn found(file: &Path) -> Vec<usize> {
    let bytes = std::fs::read(file).unwrap_or_default();
    let starts = bytes.windows(11).filter(|it| it.starts_with(b"Secret"));
    let mut found: Vec<_> = starts
        .filter_map(|it| std::str::from_utf8(&it[6..]).ok()?.parse().ok())
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[tokio::test]
async fn erased_words_are_nowhere_in_the_file_nor_beside_it() {
    let scratch = Scratch::sqlite();
    let ledger = scratch.open().await;
    let mut ids = Vec::new();
    for nth in 0..DONATIONS {
        ids.push(give(&*ledger, nth).await);
    }
    let file = scratch.file();
    let log = file.with_extension("db-wal");
    assert!(found(&log).len() + found(&file).len() >= DONATIONS);
    for id in ids.iter().step_by(3) {
        assert!(ledger.erase_words(*id, NOW).await.unwrap());
    }
    let now = NOW.after(Duration::from_secs(1));
    ledger.tidy(cutoffs(NOW, NOW, NOW), now).await.unwrap();
    let kept: Vec<_> = (0..DONATIONS)
        .filter(|nth| !nth.is_multiple_of(3))
        .collect();
    assert_eq!(found(&log), [0; 0], "in the log");
    assert_eq!(found(&file), kept);
}
