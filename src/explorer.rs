//! Where everybody can see a transaction: the explorers of the chains we know.

use crate::donation::Donation;
use crate::provider::Providers;

/// A transaction on its chain's explorer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// The explorer's host, such as `basescan.org`.
    pub explorer: &'static str,
    pub url: String,
}

/// The transaction that paid `donation`, as far as it is known. A stand-in's
/// are on no chain.
pub fn transaction(donation: &Donation, providers: &Providers) -> Option<Link> {
    let provider = providers.find(&donation.provider);
    if provider.is_some_and(|provider| provider.is_stand_in()) {
        return None;
    }
    let explorer = explorer(donation.payment.chain_id?)?;
    let hash = donation.payment.tx_hash.as_ref()?;
    Some(Link {
        explorer,
        url: format!("https://{explorer}/tx/{hash}"),
    })
}

/// The explorer of a chain, by its EIP-155 id: those of "Whole intent" in
/// Allscale's guide.
fn explorer(chain_id: i64) -> Option<&'static str> {
    Some(match chain_id {
        1 => "etherscan.io",
        10 => "optimistic.etherscan.io",
        56 => "bscscan.com",
        137 => "polygonscan.com",
        8453 => "basescan.org",
        42161 => "arbiscan.io",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::donation::Payment;
    use crate::donation::tests::donation;
    use crate::ids::ForeignId;
    use crate::money::Currency;
    use crate::outward::BaseUrl;
    use crate::provider::{Settings, allscale};
    use crate::status::Status;

    fn paid(chain_id: Option<i64>, hash: &str) -> Donation {
        Donation {
            payment: Payment {
                chain_id,
                tx_hash: ForeignId::tx_hash(hash),
                ..Payment::default()
            },
            ..donation(Status::Confirmed)
        }
    }

    fn allscale_at(base_url: &str) -> Providers {
        let store = allscale::Settings {
            base_url: BaseUrl::parse(base_url).unwrap(),
            api_key: "key".to_owned(),
            api_secret: "secret".into(),
            currency: Currency::Usd,
            stable_coins: vec![allscale::StableCoin::Usdt],
            signed_responses: false,
        };
        let settings = Settings {
            allscale: Some(store),
            ..Settings::default()
        };
        Providers::from_settings(&settings, &Clock::System).unwrap()
    }

    #[test]
    fn a_transaction_is_linked_on_the_chains_we_know() {
        let live = allscale_at("https://openapi.allscale.io");
        let hash = format!("0x{}", "ab".repeat(32));
        let link = transaction(&paid(Some(8453), &hash), &live).unwrap();
        assert_eq!(link.url, format!("https://basescan.org/tx/{hash}"));
        for nowhere in [paid(None, &hash), paid(Some(1), ""), paid(Some(5), &hash)] {
            assert_eq!(transaction(&nowhere, &live), None);
        }
    }

    #[test]
    fn a_stand_ins_transaction_is_on_no_chain() {
        let here = allscale_at("http://localhost:1");
        assert_eq!(transaction(&paid(Some(1), "0xab"), &here), None);
    }
}
