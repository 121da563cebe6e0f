//! Results of all rounds, and the table of them, in Markdown.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use crate::figures::{Figure, median, ratio};
use crate::visit::{Kind, Seen};

/// What was seen of each target, load and figure, a value for each round.
pub(crate) struct Results {
    names: Vec<String>,
    values: BTreeMap<(Kind, Figure, usize), Vec<f64>>,
    wrong: Vec<String>,
}

impl Results {
    /// Of these targets; the first is what others are compared with.
    pub(crate) fn new<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        Self {
            names: names.map(str::to_owned).collect(),
            values: BTreeMap::new(),
            wrong: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, target: usize, load: Kind, seen: Seen) {
        for (figure, value) in seen.figures {
            // Every start counts, whatever load follows it.
            let load = match figure {
                Figure::Ready => Kind::Start,
                _ => load,
            };
            let values = self.values.entry((load, figure, target));
            values.or_default().push(value);
        }
        let name = &self.names[target];
        let lines = seen.wrong.into_iter();
        self.wrong
            .extend(lines.map(|line| format!("{name}, {}: {line}", load.name())));
    }

    /// Whether every request was answered and no donation was lost.
    pub(crate) fn is_clean(&self) -> bool {
        self.wrong.is_empty()
    }

    fn of(&self, load: Kind, figure: Figure, target: usize) -> &[f64] {
        let values = self.values.get(&(load, figure, target));
        values.map_or(&[], Vec::as_slice)
    }

    fn figures(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let first = self.names.first().map_or("", String::as_str);
        let ratios = self.names.iter().skip(1);
        let ratios: Vec<String> = ratios.map(|name| format!("{name} / {first}")).collect();
        row(
            f,
            ["", ""]
                .into_iter()
                .chain(self.heads())
                .chain(ratios.iter().map(String::as_str)),
        )?;
        rule(f, self.names.len() + ratios.len())?;
        for &load in Kind::ALL {
            for figure in Figure::SHOWN {
                let of = |target| self.of(load, figure, target);
                let places = 0..self.names.len();
                if places.clone().all(|target| of(target).is_empty()) {
                    continue;
                }
                let values = places.clone().map(|target| Spread(of(target)).to_string());
                let ratios = places.skip(1).map(|target| match ratio(of(target), of(0)) {
                    Some(ratio) => format!("{ratio:.2}"),
                    None => "–".to_owned(),
                });
                let cells: Vec<String> = values.chain(ratios).collect();
                let names = [load.name(), figure.name()].into_iter();
                row(f, names.chain(cells.iter().map(String::as_str)))?;
            }
        }
        writeln!(
            f,
            "\nMedian (least–most) of the rounds; ratios are taken within a round."
        )
    }

    /// How busy each side was: at 100 % it is what bounds the figure.
    fn busy(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let figures = [Figure::ServerBusy, Figure::LoadBusy, Figure::OthersBusy];
        writeln!(f)?;
        row(f, ["", "busy"].into_iter().chain(figures.map(Figure::name)))?;
        rule(f, figures.len())?;
        for &load in Kind::ALL {
            for (target, name) in self.names.iter().enumerate() {
                if self.of(load, Figure::ServerBusy, target).is_empty() {
                    continue;
                }
                let shares =
                    figures.map(|figure| Spread(self.of(load, figure, target)).to_string());
                let names = [load.name(), name].into_iter();
                row(f, names.chain(shares.iter().map(String::as_str)))?;
            }
        }
        Ok(())
    }

    fn heads(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }
}

impl Display for Results {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.figures(f)?;
        self.busy(f)?;
        writeln!(f)?;
        match &*self.wrong {
            [] => writeln!(f, "Every request was answered; lost 0, double 0."),
            wrong => wrong.iter().try_for_each(|line| writeln!(f, "! {line}")),
        }
    }
}

fn row<'a>(f: &mut Formatter<'_>, cells: impl Iterator<Item = &'a str>) -> fmt::Result {
    for cell in cells {
        write!(f, "| {cell} ")?;
    }
    writeln!(f, "|")
}

/// Two columns of names, then numbers.
fn rule(f: &mut Formatter<'_>, numbers: usize) -> fmt::Result {
    writeln!(f, "| --- | --- |{}", " ---: |".repeat(numbers))
}

/// Median (least–most), with three figures that count.
struct Spread<'a>(&'a [f64]);

impl Display for Spread<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let least = self.0.iter().copied().min_by(f64::total_cmp);
        let most = self.0.iter().copied().max_by(f64::total_cmp);
        let (Some(least), Some(most)) = (least, most) else {
            return f.write_str("–");
        };
        write!(f, "{}", number(median(self.0)))?;
        if self.0.len() > 1 {
            write!(f, " ({}–{})", number(least), number(most))?;
        }
        Ok(())
    }
}

/// 12,345 or 12.3 or 1.23.
fn number(value: f64) -> String {
    if value < 10.0 {
        return format!("{value:.2}");
    }
    if value < 100.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .filter_map(|group| str::from_utf8(group).ok())
        .collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_figures_count() {
        for (value, text) in [
            (0.0, "0.00"),
            (1.234, "1.23"),
            (12.34, "12.3"),
            (123.4, "123"),
            (12_345.6, "12,346"),
            (1_234_567.0, "1,234,567"),
        ] {
            assert_eq!(number(value), text);
        }
        assert_eq!(Spread(&[3.0, 1.0, 2.0]).to_string(), "2.00 (1.00–3.00)");
        assert_eq!(Spread(&[3.0]).to_string(), "3.00");
        assert_eq!(Spread(&[]).to_string(), "–");
    }

    #[test]
    fn the_table_compares_with_the_first_and_says_what_went_wrong() {
        let mut results = Results::new(["ours", "theirs"].into_iter());
        for (target, rate) in [(0, 100.0), (1, 250.0)] {
            let figures = vec![(Figure::Rate, rate), (Figure::Ready, 7.0)];
            let wrong = Vec::new();
            results.add(target, Kind::Page, Seen { figures, wrong });
        }
        let text = results.to_string();
        assert!(text.contains("| 100 | 250 | 2.50 |"), "{text}");
        assert!(text.contains("| started, idle | first page after, ms | 7.00 |"));
        assert!(text.contains("lost 0, double 0") && results.is_clean());

        let wrong = vec!["3 requests: 500".to_owned()];
        let figures = Vec::new();
        results.add(1, Kind::Status, Seen { figures, wrong });
        let text = results.to_string();
        assert!(text.contains("! theirs, status, 256 open: 3 requests: 500"));
        assert!(!text.contains("lost 0") && !results.is_clean());
    }
}
