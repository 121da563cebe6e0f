//! `GET /thanks/{id}`: how one donation stands, on any device.
//!
//! Shows the ledger's state and never asks a provider. Whoever has the id may
//! see it, so it is not stored, not indexed, and leaks no address.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{Html, IntoResponse};

use super::Web;
use super::error::Error;
use super::sentences::sentence;
use super::views::{Link, Thanks};
use crate::donation::{Donation, DonationId, Payment};
use crate::status::Status;

pub(super) async fn get(
    State(web): State<Arc<Web>>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Error> {
    let id = DonationId::parse(&id).ok_or(Error::NotFound)?;
    let donation = web.app.ledger.donation(id).await?.ok_or(Error::NotFound)?;
    let html = view(&web, &donation)
        .render()
        .map_err(|_| Error::Internal)?;
    let private = [
        (header::CACHE_CONTROL.as_str(), "no-store"),
        ("x-robots-tag", "noindex"),
        (header::REFERRER_POLICY.as_str(), "no-referrer"),
    ];
    Ok((private, Html(html)))
}

fn view(web: &Web, donation: &Donation) -> Thanks {
    let status = donation.status;
    let asked = donation.asked;
    Thanks {
        chrome: web.chrome(None),
        id: donation.id.to_string(),
        amount: asked.currency.show(asked.cents),
        creator: web.app.config.page.name.clone(),
        supporter: donation
            .name
            .as_ref()
            .map_or("", |name| name.as_str())
            .into(),
        message: donation
            .message
            .as_ref()
            .map_or("", |text| text.as_str())
            .into(),
        status: status.code().into(),
        status_name: status.name().into(),
        sentence: sentence(status).into(),
        terminal: status.is_terminal(),
        tx: transaction(&donation.payment).filter(|_| !is_stand_in(web, donation)),
        checkout_url: donation.checkout_url.clone().filter(|_| is_payable(status)),
        page_url: format!("{}/", web.prefix()),
    }
}

fn is_payable(status: Status) -> bool {
    matches!(
        status,
        Status::Created | Status::Viewed | Status::TempWalletReceived
    )
}

/// A stand-in's transactions are on no chain.
fn is_stand_in(web: &Web, donation: &Donation) -> bool {
    let provider = web.app.providers.find(&donation.provider);
    provider.is_some_and(|provider| provider.is_stand_in())
}

/// The transaction on its chain's explorer ("Whole intent" in Allscale's guide).
fn transaction(payment: &Payment) -> Option<Link> {
    let explorer = match payment.chain_id? {
        1 => "etherscan.io",
        10 => "optimistic.etherscan.io",
        56 => "bscscan.com",
        137 => "polygonscan.com",
        8453 => "basescan.org",
        42161 => "arbiscan.io",
        _ => return None,
    };
    Some(Link {
        label: format!("See the transaction on {explorer}"),
        url: format!("https://{explorer}/tx/{}", payment.tx_hash.as_ref()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::ForeignId;

    #[test]
    fn a_transaction_is_linked_on_the_chains_we_know() {
        let paid = |chain_id, hash: &str| Payment {
            chain_id,
            tx_hash: ForeignId::tx_hash(hash),
            ..Payment::default()
        };
        let hash = format!("0x{}", "ab".repeat(32));
        let link = transaction(&paid(Some(8453), &hash)).unwrap();
        assert_eq!(link.url, format!("https://basescan.org/tx/{hash}"));
        for nowhere in [paid(None, &hash), paid(Some(1), ""), paid(Some(5), &hash)] {
            assert!(transaction(&nowhere).is_none());
        }
    }
}
