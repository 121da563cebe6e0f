//! Figures: what a load can be measured by, and the numbers made of many.

use std::time::Duration;

/// One kind of figure.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Figure {
    Ready,
    Rate,
    Cpu,
    Half,
    NinetyNine,
    Longest,
    Idle,
    Peak,
    ServerBusy,
    LoadBusy,
    OthersBusy,
}

impl Figure {
    /// What stands in the table.
    pub(crate) const SHOWN: [Self; 8] = [
        Self::Ready,
        Self::Rate,
        Self::Cpu,
        Self::Half,
        Self::NinetyNine,
        Self::Longest,
        Self::Idle,
        Self::Peak,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Ready => "first page after, ms",
            Self::Rate => "requests/s",
            Self::Cpu => "CPU ms per 1,000",
            Self::Half => "p50, ms",
            Self::NinetyNine => "p99, ms",
            Self::Longest => "longest, ms",
            Self::Idle => "memory, MiB",
            Self::Peak => "peak memory, MiB",
            Self::ServerBusy => "server, %",
            Self::LoadBusy => "load and provider, %",
            Self::OthersBusy => "others, %",
        }
    }
}

/// The wait that so many in a hundred did not exceed: the nearest rank. Zero
/// where there are none.
pub(crate) fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let rank = (sorted.len() * percent).div_ceil(100);
    let place = rank.saturating_sub(1);
    sorted.get(place).copied().unwrap_or_default()
}

/// Zero where there are none.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.get(middle) {
        None => 0.0,
        Some(upper) if sorted.len() % 2 == 1 => *upper,
        Some(upper) => f64::midpoint(sorted[middle - 1], *upper),
    }
}

/// The median of how many times each is the other's value in the same round.
#[expect(clippy::float_arithmetic, reason = "a ratio, no money")]
pub(crate) fn ratio(values: &[f64], of: &[f64]) -> Option<f64> {
    let pairs = values.iter().zip(of).filter(|(_, of)| **of > 0.0);
    let ratios: Vec<f64> = pairs.map(|(value, of)| value / of).collect();
    (!ratios.is_empty()).then(|| median(&ratios))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percentile_of(millis: &[u64], percent: usize) -> u128 {
        let waits: Vec<Duration> = millis.iter().copied().map(Duration::from_millis).collect();
        percentile(&waits, percent).as_millis()
    }

    #[test]
    fn a_percentile_is_a_wait_that_happened() {
        let hundred: Vec<u64> = (1..=100).collect();
        assert_eq!(percentile_of(&hundred, 50), 50);
        assert_eq!(percentile_of(&hundred, 99), 99);
        assert_eq!(percentile_of(&hundred, 100), 100);
        assert_eq!(percentile_of(&[7], 50), 7);
        assert_eq!(percentile_of(&[1, 9], 99), 9);
        assert_eq!(percentile_of(&[], 99), 0);
    }

    #[test]
    fn a_median_is_the_middle() {
        for (values, middle) in [
            (&[3.0, 1.0, 2.0][..], "2"),
            (&[4.0, 1.0, 2.0, 3.0], "2.5"),
            (&[], "0"),
        ] {
            assert_eq!(median(values).to_string(), middle);
        }
    }

    #[test]
    fn ratios_are_taken_within_a_round() {
        // The machine was half as fast in the second round, for both.
        let found = ratio(&[200.0, 100.0, 200.0], &[100.0, 50.0, 100.0]);
        assert_eq!(found.map(|it| it.to_string()).as_deref(), Some("2"));
        assert!(ratio(&[1.0], &[0.0]).is_none());
        assert!(ratio(&[], &[]).is_none());
    }
}
