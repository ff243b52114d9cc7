//! Counting: what the test programs say at their end, in one sum.

use std::fmt;

/// How many passed, failed, and were not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Ran and held.
    pub passed: u64,
    /// Ran and did not hold, or could not run.
    pub failed: u64,
    /// Left out.
    pub skipped: u64,
}

impl Tally {
    /// Both together.
    pub fn and(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// How a phase ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Its counts.
    pub tally: Tally,
    /// What else there is to say; mostly nothing.
    pub note: String,
}

impl Ended {
    /// Counts as they are, except that a program that failed without saying where counts as one failure.
    pub fn of(tally: Tally, succeeded: bool) -> Self {
        let unexplained = !succeeded && tally.failed == 0;
        Self { tally: Tally { failed: tally.failed + u64::from(unexplained), ..tally }, note: String::new() }
    }

    /// A phase that did not run, and why.
    pub fn skipped(why: &str) -> Self {
        Self { tally: Tally { skipped: 1, ..Tally::default() }, note: why.to_owned() }
    }
}

/// Reads nextest's `Summary [ 0.5s] 12 tests run: 10 passed (1 slow), 1 failed, 1 timed out, 2 skipped`.
pub fn nextest(line: &str) -> Option<Tally> {
    let line = line.trim_start().strip_prefix("Summary [")?;
    let (_, counts) = line.split_once(" run: ")?;
    // What stands in brackets explains a count and is none of its own.
    let counts: String = counts
        .split('(')
        .enumerate()
        .filter_map(
            |(n, part)| if n == 0 { Some(part) } else { part.split_once(')').map(|(_, after)| after) },
        )
        .collect();
    let mut tally = Tally::default();
    for part in counts.split(',') {
        let mut words = part.split_whitespace();
        let (Some(count), Some(what)) =
            (words.next().and_then(|count| count.parse::<u64>().ok()), words.next())
        else {
            continue;
        };
        match what {
            "passed" => tally.passed += count,
            "skipped" => tally.skipped += count,
            _ => tally.failed += count,
        }
    }
    Some(tally)
}

/// Reads libtest's `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in …`.
pub fn libtest(line: &str) -> Option<Tally> {
    let counts = line.trim_start().strip_prefix("test result: ")?;
    let count = |what: &str| {
        let before = counts.split(what).next().filter(|before| before.len() < counts.len())?;
        before.split_whitespace().next_back()?.parse::<u64>().ok()
    };
    Some(Tally { passed: count(" passed")?, failed: count(" failed")?, skipped: count(" ignored")? })
}

/// Reads one line of node's closing counts: `ℹ pass 3`, `# fail 0`. `todo` and `cancelled` are no passes.
pub fn node(line: &str) -> Option<Tally> {
    let mut words = line.strip_prefix('ℹ').or_else(|| line.strip_prefix('#'))?.split_whitespace();
    let what = words.next()?;
    let count = words.next()?.parse::<u64>().ok()?;
    if words.next().is_some() {
        return None;
    }
    match what {
        "pass" => Some(Tally { passed: count, ..Tally::default() }),
        "fail" | "cancelled" => Some(Tally { failed: count, ..Tally::default() }),
        "skipped" | "todo" => Some(Tally { skipped: count, ..Tally::default() }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64, skipped: u64) -> Option<Tally> {
        Some(Tally { passed, failed, skipped })
    }

    #[test]
    fn nextests_summary_is_read_whatever_it_mentions() {
        assert_eq!(nextest("     Summary [   0.009s] 3 tests run: 3 passed, 0 skipped"), tally(3, 0, 0));
        assert_eq!(
            nextest(
                "Summary [1.2s] 9/12 tests run: 6 passed (1 slow, 1 leaky), 1 failed, 2 timed out, 4 skipped"
            ),
            tally(6, 3, 4)
        );
        assert_eq!(nextest("    PASS [   0.005s] xtask Summary"), None);
    }

    #[test]
    fn libtests_result_is_read() {
        let line = "test result: FAILED. 3 passed; 2 failed; 1 ignored; 0 measured; 7 filtered out; finished in 0.01s";
        assert_eq!(libtest(line), tally(3, 2, 1));
        assert_eq!(libtest("test result_of_a_gate ... ok"), None);
    }

    #[test]
    fn nodes_counts_are_read_line_by_line() {
        assert_eq!(node("ℹ pass 3"), tally(3, 0, 0));
        assert_eq!(node("# fail 2"), tally(0, 2, 0));
        assert_eq!(node("ℹ cancelled 1"), tally(0, 1, 0));
        assert_eq!(node("ℹ todo 1"), tally(0, 0, 1));
        assert_eq!(node("# pass the gate"), None);
        assert_eq!(node("ℹ tests 3"), None);
    }

    #[test]
    fn a_program_that_fails_without_a_count_is_one_failure() {
        assert_eq!(Ended::of(Tally::default(), false).tally.failed, 1);
        assert_eq!(Ended::of(Tally { failed: 2, ..Tally::default() }, false).tally.failed, 2);
        assert_eq!(Ended::of(Tally { passed: 2, ..Tally::default() }, true).tally.failed, 0);
    }

    #[test]
    fn the_closing_line_is_plain() {
        assert_eq!(tally(412, 0, 1).unwrap().to_string(), "412 passed, 0 failed, 1 skipped");
    }
}
