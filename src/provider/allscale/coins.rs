//! The stable coins that a supporter may pay in.
//!
//! Owns their numbers and symbols in Allscale's guide, and how a creator's list of
//! them is read. A price in fiat is compared in fiat, whichever of them it was
//! paid in.

/// A stable coin that Allscale takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StableCoin {
    Usdt,
    Usdc,
}

impl StableCoin {
    const ALL: [Self; 2] = [Self::Usdt, Self::Usdc];

    /// Its number on the wire.
    pub(super) fn number(self) -> i64 {
        match self {
            Self::Usdt => 1,
            Self::Usdc => 2,
        }
    }

    pub fn symbol(self) -> &'static str {
        match self {
            Self::Usdt => "USDT",
            Self::Usdc => "USDC",
        }
    }

    /// Reads `USDT,USDC`: one or both, the preferred one first.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, &'static str> {
        let mut coins = Vec::new();
        for symbol in text.split(',').map(str::trim) {
            let coin = Self::ALL.into_iter().find(|coin| coin.symbol() == symbol);
            let coin = coin.ok_or("must be USDT, USDC, or both with a comma between them")?;
            if coins.contains(&coin) {
                return Err("has the same coin twice");
            }
            coins.push(coin);
        }
        Ok(coins)
    }
}

/// The coins to name in a checkout: none where they are what Allscale accepts
/// anyway.
pub(super) fn accepted(coins: &[StableCoin]) -> Option<Vec<i64>> {
    let numbers = coins.iter().map(|coin| coin.number());
    (coins != [StableCoin::Usdt]).then(|| numbers.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_each_coin_once_and_the_preferred_one_first() {
        for (text, told) in [
            ("USDT", None),
            ("USDT,USDC", Some(vec![1, 2])),
            ("USDC, USDT", Some(vec![2, 1])),
            ("USDC", Some(vec![2])),
        ] {
            let coins = StableCoin::parse_list(text).unwrap();
            assert_eq!(accepted(&coins), told, "{text}");
        }
        for text in ["", "usdt", "BUSD", "USDT,", "USDT USDC", "USDT,USDT"] {
            assert!(StableCoin::parse_list(text).is_err(), "{text}");
        }
    }
}
