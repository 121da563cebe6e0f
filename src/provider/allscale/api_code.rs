//! [`ApiCode`]: "Error codes" of Allscale's guide, and what an operator can do
//! about each.

/// The provider's error codes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ApiCode {
    /// 10001
    Validation,
    /// 20001
    MissingAuthHeaders,
    /// 20002
    BadSignature,
    /// 30001
    Forbidden,
    /// 40001
    RateLimited,
    /// 50001
    IntentNotFound,
    /// 50002
    IntentNotCreated,
    /// 90000
    Internal,
    /// 99999, which the provider itself calls unknown.
    Unspecified,
    /// One that the guide does not list.
    Unknown(i64),
}

impl ApiCode {
    /// The code of a number other than 0.
    pub fn from_number(number: i64) -> Self {
        match number {
            10001 => Self::Validation,
            20001 => Self::MissingAuthHeaders,
            20002 => Self::BadSignature,
            30001 => Self::Forbidden,
            40001 => Self::RateLimited,
            50001 => Self::IntentNotFound,
            50002 => Self::IntentNotCreated,
            90000 => Self::Internal,
            99999 => Self::Unspecified,
            unlisted => Self::Unknown(unlisted),
        }
    }

    pub fn number(self) -> i64 {
        match self {
            Self::Validation => 10001,
            Self::MissingAuthHeaders => 20001,
            Self::BadSignature => 20002,
            Self::Forbidden => 30001,
            Self::RateLimited => 40001,
            Self::IntentNotFound => 50001,
            Self::IntentNotCreated => 50002,
            Self::Internal => 90000,
            Self::Unspecified => 99999,
            Self::Unknown(number) => number,
        }
    }

    /// What it means, and what the operator can do about it.
    pub fn explanation(self) -> &'static str {
        match self {
            Self::Validation => "the request was found invalid",
            Self::MissingAuthHeaders => {
                "authentication headers did not arrive: does something on the way strip them?"
            }
            Self::BadSignature => {
                "bad signature: check the API secret for a wrong store or stray white space, \
                 and this machine's clock; `bagel doctor` tells more"
            }
            Self::Forbidden => {
                "forbidden: allow this server's address in the store's settings in the \
                 provider's dashboard"
            }
            Self::RateLimited => "too many calls",
            Self::IntentNotFound => "no such checkout intent",
            Self::IntentNotCreated => "the checkout intent could not be created",
            Self::Internal => "an error inside the provider",
            Self::Unspecified => "an error the provider calls unknown",
            Self::Unknown(_) => "an error code that is not documented",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_go_both_ways() {
        for number in [
            10001, 20001, 20002, 30001, 40001, 50001, 50002, 90000, 99999,
        ] {
            let code = ApiCode::from_number(number);
            assert_eq!(code.number(), number);
            assert!(!matches!(code, ApiCode::Unknown(_)));
        }
        assert_eq!(ApiCode::from_number(-1), ApiCode::Unknown(-1));
    }
}
