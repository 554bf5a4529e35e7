//! How a measurement is told: a Markdown table for people, JSON for machines.

use std::fmt::Display;
use std::io::{self, Write};
use std::time::Duration;

use clap::ValueEnum;
use serde::Serialize;

use crate::machine::Machine;

/// How a report looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A table for people.
    Markdown,
    /// One JSON object.
    Json,
}

/// What was measured, where, and how to measure it again.
#[derive(Clone, Debug, Serialize)]
pub struct Report<R> {
    /// The command that makes this report.
    pub command: String,
    /// The machine.
    pub machine: Machine,
    /// What one has to know to read the results.
    pub notes: Vec<String>,
    /// One row a thing measured.
    pub results: Vec<R>,
}

/// A row of a report's table.
pub trait Row {
    /// The names of the columns.
    const COLUMNS: &'static [&'static str];

    /// Returns the cells, as many as there are columns.
    fn cells(&self) -> Vec<String>;
}

impl<R: Row + Serialize> Report<R> {
    /// Returns the report of `results` on this machine.
    #[must_use]
    pub fn new(results: Vec<R>, notes: Vec<String>) -> Self {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        Self {
            command: format!(
                "cargo run --release -p jadwal-bench -- {}",
                arguments.join(" ")
            ),
            machine: Machine::here(),
            notes,
            results,
        }
    }

    /// Writes the report to `out`.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn write(&self, format: Format, out: &mut dyn Write) -> io::Result<()> {
        if format == Format::Json {
            serde_json::to_writer_pretty(&mut *out, self)?;
            return writeln!(out);
        }
        let machine = &self.machine;
        writeln!(out, "`{}`\n", self.command)?;
        writeln!(
            out,
            "{} cores ({}), {} of memory, {}\n",
            machine.cores,
            machine.processor,
            bytes(machine.memory_bytes),
            machine.kernel
        )?;
        write_line(out, R::COLUMNS)?;
        write_line(out, &vec!["---"; R::COLUMNS.len()])?;
        for row in &self.results {
            write_line(out, &row.cells())?;
        }
        writeln!(out)?;
        self.notes
            .iter()
            .try_for_each(|note| writeln!(out, "- {note}"))
    }
}

fn write_line(out: &mut dyn Write, cells: &[impl Display]) -> io::Result<()> {
    write!(out, "|")?;
    cells.iter().try_for_each(|cell| write!(out, " {cell} |"))?;
    writeln!(out)
}

/// Returns `count` for people, in binary units.
pub(crate) fn bytes(count: u64) -> String {
    match count {
        0..0x100000 => format!("{} KiB", count >> 10),
        0x100000..0x40000000 => format!("{} MiB", count >> 20),
        _ => format!("{:.1} GiB", count as f64 / f64::from(1 << 30)),
    }
}

/// Returns `time` in milliseconds for people.
pub(crate) fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

/// Returns the middle of `values`, the upper one of two; `None` where there are none.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Returns the smallest of the sorted `values` that at least `share` of them do not exceed.
pub(crate) fn quantile(values: &[Duration], share: f64) -> Option<Duration> {
    let rank = (values.len() as f64 * share).ceil() as usize;
    values.get(rank.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Speed(u32);

    impl Row for Speed {
        const COLUMNS: &'static [&'static str] = &["what", "speed"];

        fn cells(&self) -> Vec<String> {
            vec!["this".to_owned(), self.0.to_string()]
        }
    }

    fn written(format: Format) -> String {
        let report = Report::new(vec![Speed(7)], vec!["measured warm".to_owned()]);
        let mut out = Vec::new();
        report.write(format, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_report_is_a_table_or_json() {
        let table = written(Format::Markdown);
        let end = "| what | speed |\n| --- | --- |\n| this | 7 |\n\n- measured warm\n";
        assert!(table.ends_with(end), "{table}");
        let json: serde_json::Value = serde_json::from_str(&written(Format::Json)).unwrap();
        assert_eq!(json["results"][0], 7);
        assert!(json["machine"]["cores"].as_u64() > Some(0));
    }

    #[test]
    fn quantiles_are_values_that_were_seen() {
        let values: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        for (share, expected) in [(0.5, 100), (0.99, 198), (1.0, 200), (0.0, 1)] {
            assert_eq!(
                quantile(&values, share),
                Some(Duration::from_millis(expected))
            );
        }
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(median([3.0, 1.0, 2.0]), Some(2.0));
    }

    #[test]
    fn sizes_are_in_binary_units() {
        for (count, expected) in [(4096, "4 KiB"), (3 << 20, "3 MiB"), (3 << 29, "1.5 GiB")] {
            assert_eq!(bytes(count), expected);
        }
    }
}
