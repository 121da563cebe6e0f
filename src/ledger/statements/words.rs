//! What a supporter may change later: who sees their words, and whether there
//! are any. Neither touches the money, the status or what is to be told.

use super::Connection;
use crate::clock::Millis;
use crate::donation::DonationId;
use crate::ledger::LedgerError;
use crate::visibility::Visibility;

pub(super) async fn set_visibility(
    tx: &mut Connection,
    id: DonationId,
    visibility: Visibility,
    now: Millis,
) -> Result<bool, LedgerError> {
    let changed = sqlx::query(
        "UPDATE donations SET show_name = $2, show_message = $3, show_amount = $4, updated_at = $5
         WHERE id = $1",
    )
    .bind(id.to_string())
    .bind(i64::from(visibility.name))
    .bind(i64::from(visibility.message))
    .bind(i64::from(visibility.amount))
    .bind(now.0)
    .execute(tx)
    .await?;
    Ok(changed.rows_affected() == 1)
}

pub(super) async fn erase_words(
    tx: &mut Connection,
    id: DonationId,
    now: Millis,
) -> Result<bool, LedgerError> {
    let erased = sqlx::query(
        "UPDATE donations SET name = NULL, message = NULL, show_name = 0, show_message = 0,
                              updated_at = $2
         WHERE id = $1",
    )
    .bind(id.to_string())
    .bind(now.0)
    .execute(tx)
    .await?;
    Ok(erased.rows_affected() == 1)
}
