//! A rule as a form: a sentence of conditions with pickers where one says the rule exactly, and otherwise its text.
//!
//! A form holds what somebody is in the middle of, so a row may be unfinished; what is saved is whole. A sentence that
//! says what the rule says already leaves its text alone.

mod row;
#[cfg(test)]
mod tests;
mod words;

use throughline_domain::playbook::{
    Rule,
    rule::sentence::{Group, Join, Part, Sentence},
};

pub use self::{
    row::{COLUMN, Row},
    words::{fault, in_words},
};
use super::spec::Absent;
use crate::{form::Posted, i18n::Text, key};

/// How a rule is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Left out.
    None,
    /// `true`, or `required: true`.
    Always,
    /// `false`.
    Never,
    /// Conditions.
    Says,
    /// CEL.
    Text,
}

impl Mode {
    pub const ALL: [Mode; 5] = [Mode::None, Mode::Always, Mode::Never, Mode::Says, Mode::Text];

    pub fn name(self) -> &'static str {
        match self {
            Mode::None => "none",
            Mode::Always => "always",
            Mode::Never => "never",
            Mode::Says => "says",
            Mode::Text => "text",
        }
    }

    /// What is offered where leaving it out means this.
    pub fn offered(absent: Absent) -> &'static [Mode] {
        match absent {
            Absent::Always => &[Mode::None, Mode::Says, Mode::Never, Mode::Text],
            Absent::Never => &[Mode::None, Mode::Always, Mode::Says, Mode::Text],
            Absent::Not => &[Mode::Says, Mode::Always, Mode::Text],
        }
    }
}

/// A rule in the middle of being edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleForm {
    pub mode: Mode,
    pub text: String,
    pub join: String,
    pub rows: Vec<Row>,
}

/// Most lines a form takes.
const MOST_ROWS: usize = 60;
/// How deep groups go in a form.
const DEEPEST: usize = 2;

impl RuleForm {
    /// The form of a rule as it stands; `always` where it is said by another key.
    pub fn filled(rule: Option<&str>, always: bool) -> Self {
        let empty = Self {
            mode: Mode::None,
            text: String::new(),
            join: Join::All.name().to_owned(),
            rows: Vec::new(),
        };
        let Some(rule) = rule else {
            return Self { mode: if always { Mode::Always } else { Mode::None }, ..empty };
        };
        let text = rule.trim().to_owned();
        let sentence = Rule::parse(rule).ok().and_then(|rule| Sentence::of(&rule));
        match sentence {
            Some(Sentence::Always) => Self { mode: Mode::Always, text, ..empty },
            Some(Sentence::Never) => Self { mode: Mode::Never, text, ..empty },
            Some(Sentence::Says(group)) => match rows(&group) {
                Some(rows) => Self { mode: Mode::Says, text, join: group.join().name().to_owned(), rows },
                None => Self { mode: Mode::Text, text, ..empty },
            },
            None => Self { mode: Mode::Text, text, ..empty },
        }
    }

    /// The fields of the form.
    pub fn fields(&self, prefix: &str) -> Vec<(String, String)> {
        let mut fields = vec![
            (format!("{prefix}.mode"), self.mode.name().to_owned()),
            (format!("{prefix}.text"), self.text.clone()),
            (format!("{prefix}.join"), self.join.clone()),
        ];
        for (index, row) in self.rows.iter().enumerate() {
            let mut put = |name: &str, value: &str| {
                fields.push((format!("{prefix}.{index}.{name}"), value.to_owned()));
            };
            put("depth", &row.depth.to_string());
            if row.group {
                put("join", &row.join);
                continue;
            }
            put("field", &row.field);
            put("column", &row.column);
            put("op", &row.op);
            put("value", &row.value);
            if row.any_case {
                put("any_case", "on");
            }
            if row.known {
                put("known", "on");
            }
        }
        fields
    }

    /// The form as it was posted.
    pub fn posted(posted: &Posted, prefix: &str) -> Self {
        let mode = posted.get(&format!("{prefix}.mode"));
        let mode = Mode::ALL.into_iter().find(|known| Some(known.name()) == mode).unwrap_or(Mode::None);
        let mut rows: Vec<Row> = Vec::new();
        for index in 0..MOST_ROWS {
            let name = |name: &str| format!("{prefix}.{index}.{name}");
            let Some(depth) = posted.get(&name("depth")).and_then(|depth| depth.parse::<usize>().ok()) else {
                break;
            };
            // A line stands at most one deeper than a group above it.
            let most = rows.last().map_or(0, |above| above.depth + usize::from(above.group));
            let text = |part: &str| posted.typed(&name(part)).trim().to_owned();
            rows.push(Row {
                depth: depth.min(most).min(DEEPEST),
                group: posted.fields.iter().any(|(field, _)| *field == name("join")),
                join: text("join"),
                field: text("field"),
                column: text("column"),
                op: text("op"),
                value: text("value"),
                any_case: posted.ticked(&name("any_case")),
                known: posted.ticked(&name("known")),
            });
        }
        let text = posted.typed(&format!("{prefix}.text")).replace("\r\n", "\n").trim().to_owned();
        let join = posted.get(&format!("{prefix}.join")).unwrap_or("all").to_owned();
        Self { mode, text, join, rows }
    }

    /// Does what a button of the form asks for: `add`, `group` (behind this line, or at the end) or `remove`.
    pub fn press(&mut self, what: &str, at: Option<usize>) {
        let place = at.filter(|at| *at < self.rows.len());
        let end = |rows: &[Row], at: usize| {
            let depth = rows.get(at).map_or(0, |row| row.depth);
            let inner = rows.iter().skip(at + 1).take_while(|row| row.depth > depth).count();
            at + 1 + inner
        };
        match (what, place) {
            ("remove", Some(at)) => {
                let end = end(&self.rows, at);
                self.rows.drain(at..end);
            }
            ("add" | "group", place) if self.rows.len() < MOST_ROWS - 2 => {
                let (at, depth) = match place {
                    Some(at) => (end(&self.rows, at), self.rows.get(at).map_or(0, |row| row.depth + 1)),
                    None => (self.rows.len(), 0),
                };
                let depth = depth.min(DEEPEST);
                let blank = |depth| Row { depth, op: ">=".to_owned(), known: true, ..Row::default() };
                if what == "add" || depth == DEEPEST {
                    self.rows.insert(at, blank(depth));
                } else {
                    let join = Join::Any.name().to_owned();
                    self.rows.insert(at, Row { depth, group: true, join, ..Row::default() });
                    self.rows.insert(at + 1, blank(depth + 1));
                    self.rows.insert(at + 2, blank(depth + 1));
                }
            }
            _ => {}
        }
        self.mode = Mode::Says;
    }

    /// The rule it says; none: left out. Where it says what `held` says, that is the answer, byte for byte.
    ///
    /// # Errors
    /// What is unfinished or does not fit, with the line it stands in.
    pub fn rule(&self, t: &Text, held: Option<&str>) -> Result<Option<String>, (Option<usize>, String)> {
        let same = |sentence: &Sentence| {
            let held = held?;
            let as_sentence = Rule::parse(held).ok().and_then(|rule| Sentence::of(&rule))?;
            (as_sentence == *sentence).then(|| held.to_owned())
        };
        let sentence = match self.mode {
            Mode::None => return Ok(None),
            Mode::Text => {
                let unchanged = held.filter(|held| held.trim() == self.text);
                return Ok(Some(unchanged.map_or_else(|| self.text.clone(), str::to_owned)));
            }
            Mode::Always => Sentence::Always,
            Mode::Never => Sentence::Never,
            Mode::Says => Sentence::Says(self.group(t)?),
        };
        Ok(Some(same(&sentence).unwrap_or_else(|| sentence.rule())))
    }

    fn group(&self, t: &Text) -> Result<Group, (Option<usize>, String)> {
        let mut at = 0;
        let parts = self.parts(t, &mut at, 0)?;
        let sentence = Group::new(named(&self.join), parts);
        let empty = || (None, t.get(key!("editor-rule-empty")).into_owned());
        let group = sentence.ok_or_else(empty)?;
        if Sentence::Says(group.clone()).can_be_said() {
            Ok(group)
        } else {
            Err((None, t.get(key!("editor-rule-too-long")).into_owned()))
        }
    }

    fn parts(&self, t: &Text, at: &mut usize, depth: usize) -> Result<Vec<Part>, (Option<usize>, String)> {
        let mut parts = Vec::new();
        while let Some(row) = self.rows.get(*at).filter(|row| row.depth >= depth) {
            let index = *at;
            *at += 1;
            if row.group {
                let inner = self.parts(t, at, row.depth + 1)?;
                parts.extend(Group::new(named(&row.join), inner).map(Part::Group));
            } else {
                parts.push(Part::Is(row.condition(t).map_err(|why| (Some(index), why))?));
            }
        }
        Ok(parts)
    }

    /// In words, as far as it is a sentence.
    pub fn told(&self, t: &Text) -> Option<String> {
        match self.mode {
            Mode::Says => self.group(t).ok().map(|group| words::told(t, &group)),
            _ => None,
        }
    }
}

fn named(join: &str) -> Join {
    Join::ALL.into_iter().find(|known| known.name() == join).unwrap_or(Join::All)
}

/// The lines of a group; none where a value could not be typed on one line.
fn rows(group: &Group) -> Option<Vec<Row>> {
    let mut lines = Vec::new();
    fill(group, 0, &mut lines)?;
    Some(lines)
}

fn fill(group: &Group, depth: usize, lines: &mut Vec<Row>) -> Option<()> {
    for part in group.parts() {
        match part {
            Part::Is(condition) => lines.push(Row { depth, ..Row::of(condition)? }),
            Part::Group(inner) if depth < DEEPEST => {
                let join = inner.join().name().to_owned();
                lines.push(Row { depth, group: true, join, ..Row::default() });
                fill(inner, depth + 1, lines)?;
            }
            Part::Group(_) => return None,
        }
    }
    Some(())
}
