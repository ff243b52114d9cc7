//! Two texts compared line by line.

/// What a line is, read from the shipped text to the company's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// In both.
    Same,
    /// In the company's own alone.
    Added,
    /// In the shipped alone.
    Removed,
}

/// A line of the comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub mark: Mark,
    /// The line.
    pub text: String,
}

/// The most cells of the comparison's table. A template is bounded and a shipped one short, so that only nonsense is
/// larger: it is then shown as a whole in place of a whole.
const CELLS: usize = 1_000_000;

/// The lines of both texts, the longest common sequence marked as such; nothing when they are the same.
pub fn compared(shipped: &str, own: &str) -> Vec<Line> {
    if shipped == own {
        return Vec::new();
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (shipped.lines().collect(), own.lines().collect());
    let line = |mark, text: &str| Line { mark, text: text.to_owned() };
    if old.len() * new.len() > CELLS {
        let gone = old.iter().map(|text| line(Mark::Removed, text));
        return gone.chain(new.iter().map(|text| line(Mark::Added, text))).collect();
    }
    // How many lines the rest of both have in common, from each pair of places on.
    let wide = new.len() + 1;
    let mut common = vec![0_u32; (old.len() + 1) * wide];
    for (row, left) in old.iter().enumerate().rev() {
        for (column, right) in new.iter().enumerate().rev() {
            let at = row * wide + column;
            common[at] =
                if left == right { common[at + wide + 1] + 1 } else { common[at + wide].max(common[at + 1]) };
        }
    }
    let (mut row, mut column, mut lines) = (0, 0, Vec::new());
    while row < old.len() || column < new.len() {
        let at = row * wide + column;
        if row < old.len() && column < new.len() && old[row] == new[column] {
            lines.push(line(Mark::Same, old[row]));
            (row, column) = (row + 1, column + 1);
        } else if column >= new.len() || (row < old.len() && common[at + wide] >= common[at + 1]) {
            lines.push(line(Mark::Removed, old[row]));
            row += 1;
        } else {
            lines.push(line(Mark::Added, new[column]));
            column += 1;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(shipped: &str, own: &str) -> String {
        let sign = |mark| match mark {
            Mark::Same => ' ',
            Mark::Added => '+',
            Mark::Removed => '-',
        };
        compared(shipped, own).iter().map(|line| format!("{}{};", sign(line.mark), line.text)).collect()
    }

    #[test]
    fn lines_in_both_stay_and_the_others_are_marked() {
        assert_eq!(shown("a\nb\nc\n", "a\nx\nc\nd\n"), " a;-b;+x; c;+d;");
        assert_eq!(shown("a\n", "a\n"), "");
        assert_eq!(shown("", "a\n"), "+a;");
        assert_eq!(shown("a\nb\n", "b\n"), "-a; b;");
    }

    #[test]
    fn texts_of_many_lines_are_shown_one_after_the_other() {
        let many = "x\n".repeat(1_001);
        let lines = compared(&many, &"y\n".repeat(1_001));
        assert_eq!(lines.len(), 2_002);
        assert!(lines[..1_001].iter().all(|line| line.mark == Mark::Removed));
    }
}
