//! What a supporter reads about each status. Neutral where nothing is certain:
//! "failed" is never said without the provider's word.

use crate::status::Status;

/// The sentence of a status, for the page and the API.
pub(super) fn sentence(status: Status) -> &'static str {
    match status {
        Status::Created => "Pay on the checkout page. This page notices by itself.",
        Status::Viewed => "The checkout is open. This page notices when you have paid.",
        Status::TempWalletReceived => {
            "The checkout is ready. This page notices when you have paid."
        }
        Status::ManualOperation => {
            "The payment provider is reviewing this payment. You may close this page."
        }
        Status::SendBack => "The payment provider is sending this payment back to you.",
        Status::OnChain => {
            "Your payment was seen on the chain and waits for confirmation. You may close this page."
        }
        Status::Pending => "Your payment is being processed. You may close this page.",
        Status::Confirmed => "Your payment is confirmed and written down.",
        Status::Failed => "The payment failed. Nothing was recorded as paid; you can try again.",
        Status::Rejected => "The payment was rejected by the provider's compliance check.",
        Status::Underpaid => {
            "Less was paid than the amount asked. Please contact the creator or the payment provider."
        }
        Status::Canceled => "The checkout was cancelled. You can try again whenever you like.",
        Status::Timeout => "The checkout expired before a payment arrived. You can try again.",
        Status::Review => {
            "The payment arrived but differs from what was asked. The creator will have a look."
        }
        Status::Unknown => {
            "The payment provider did not say whether a checkout was opened. If you paid, it will be recorded."
        }
    }
}
