//! What a supporter reads about each status. Neutral where nothing is certain:
//! "failed" is never said without the provider's word.

use crate::language::Catalog;
use crate::status::Status;

/// The sentence of a status, for the page and the API; some name the creator.
pub(super) fn sentence(status: Status, words: &Catalog, creator: &str) -> String {
    words.say_with(key(status), "creator", creator)
}

fn key(status: Status) -> &'static str {
    match status {
        Status::Created => "status-created",
        Status::Viewed => "status-viewed",
        Status::TempWalletReceived => "status-temp-wallet-received",
        Status::ManualOperation => "status-manual-operation",
        Status::SendBack => "status-send-back",
        Status::OnChain => "status-on-chain",
        Status::Pending => "status-pending",
        Status::Confirmed => "status-confirmed",
        Status::Failed => "status-failed",
        Status::Rejected => "status-rejected",
        Status::Underpaid => "status-underpaid",
        Status::Canceled => "status-canceled",
        Status::Timeout => "status-timeout",
        Status::Review => "status-review",
        Status::Unknown => "status-unknown",
    }
}
