//! A rule as a form: a sentence of conditions with pickers where one says the rule exactly, and otherwise its text.
//!
//! A form holds what somebody is in the middle of, so a row may be unfinished; what is saved is whole. A sentence that
//! says what the rule says already leaves its text alone.

use std::str::FromStr as _;

use throughline_domain::playbook::{
    Rule,
    load::place::Place,
    rule::{
        Scope, Type,
        sentence::{Condition, Field, Group, Join, Like, Number, Part, Relation, Sentence, Test},
    },
};

use super::{names, spec::Absent};
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

/// A line of the sentence: a condition, or the head of a group of those below it that stand deeper.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    pub depth: usize,
    pub group: bool,
    pub join: String,
    pub field: String,
    pub column: String,
    pub op: String,
    pub value: String,
    pub any_case: bool,
    pub known: bool,
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
/// What the picker calls a column of the company's own CRM.
pub const COLUMN: &str = "deal.extra";

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
            Mode::Says => self.group(t).ok().map(|group| told(t, &group)),
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

impl Row {
    /// A condition as a line, where each of its values survives being typed.
    fn of(condition: &Condition) -> Option<Self> {
        let (field, column) = match &condition.field {
            Field::Extra(column) => (COLUMN.to_owned(), column.clone()),
            field => (field.name(), String::new()),
        };
        let plain = |text: &String| text.trim() == text && !text.chars().any(char::is_control);
        let list = |texts: &[String]| {
            let sound = texts.iter().all(|text| plain(text) && !text.is_empty() && !text.contains(','));
            sound.then(|| texts.join(", "))
        };
        let mut any = false;
        let (op, value) = match &condition.test {
            Test::Known => ("known", String::new()),
            Test::Unknown => ("unknown", String::new()),
            Test::Yes => ("yes", String::new()),
            Test::No => ("no", String::new()),
            Test::Number(relation, number) => (relation.sign(), number.to_string()),
            Test::Text { any_case, is } => {
                any = *any_case;
                let (op, text) = match is {
                    Like::Equal(text) => ("is", text),
                    Like::NotEqual(text) => ("is_not", text),
                    Like::Contains(text) => ("contains", text),
                    Like::ContainsNot(text) => ("contains_not", text),
                    Like::Starts(text) => ("starts", text),
                    Like::StartsNot(text) => ("starts_not", text),
                    Like::Ends(text) => ("ends", text),
                    Like::EndsNot(text) => ("ends_not", text),
                    Like::OneOf(texts) => ("one_of", &list(texts)?),
                    Like::NoneOf(texts) => ("none_of", &list(texts)?),
                };
                if !plain(text) {
                    return None;
                }
                (op, text.clone())
            }
        };
        let (op, known) = (op.to_owned(), condition.known);
        Some(Self { field, column, op, value, any_case: any, known, ..Self::default() })
    }

    /// The field it looks at.
    pub fn looks_at(&self) -> Option<Field> {
        if self.field == COLUMN {
            return (!self.column.is_empty()).then(|| Field::Extra(self.column.clone()));
        }
        Field::named(&self.field)
    }

    fn condition(&self, t: &Text) -> Result<Condition, String> {
        let say = |key| t.get(key).into_owned();
        let field = self.looks_at().ok_or_else(|| say(key!("editor-rule-no-field")))?;
        let value = self.value.clone();
        let relation = Relation::ALL.into_iter().find(|relation| relation.sign() == self.op);
        let texts = || -> Vec<String> {
            value.split(',').map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect()
        };
        let like = match self.op.as_str() {
            "is" => Some(Like::Equal(value.clone())),
            "is_not" => Some(Like::NotEqual(value.clone())),
            "one_of" => Some(Like::OneOf(texts())),
            "none_of" => Some(Like::NoneOf(texts())),
            "contains" => Some(Like::Contains(value.clone())),
            "contains_not" => Some(Like::ContainsNot(value.clone())),
            "starts" => Some(Like::Starts(value.clone())),
            "starts_not" => Some(Like::StartsNot(value.clone())),
            "ends" => Some(Like::Ends(value.clone())),
            "ends_not" => Some(Like::EndsNot(value.clone())),
            _ => None,
        };
        let is_text = field.holds() == Type::Text;
        let test = match (self.op.as_str(), relation, like) {
            ("known", ..) => Test::Known,
            ("unknown", ..) => Test::Unknown,
            ("yes", ..) => Test::Yes,
            ("no", ..) => Test::No,
            // "Equals" of a text is what a reader means by it.
            (_, Some(Relation::Equal), _) if is_text => self.text(Like::Equal(value)),
            (_, Some(Relation::NotEqual), _) if is_text => self.text(Like::NotEqual(value)),
            (_, Some(relation), _) if !is_text => {
                let number = Number::from_str(&self.value).map_err(|_| say(key!("editor-rule-no-number")))?;
                Test::Number(relation, number)
            }
            (_, _, Some(Like::OneOf(texts) | Like::NoneOf(texts))) if texts.is_empty() => {
                return Err(say(key!("editor-rule-no-value")));
            }
            (_, _, Some(like)) => self.text(like),
            _ => return Err(say(key!("editor-rule-no-comparison"))),
        };
        let asks = matches!(test, Test::Known | Test::Unknown);
        let known = self.known && !asks && field.may_lack();
        let condition = Condition { field, known, test };
        if condition.fits() { Ok(condition) } else { Err(say(key!("editor-rule-no-comparison"))) }
    }

    fn text(&self, is: Like) -> Test {
        Test::Text { any_case: self.any_case, is }
    }
}

/// Where a rule is wrong, within its own text, and what about it.
pub fn fault(t: &Text, rule: &str, promise: bool) -> Option<String> {
    let scope = if promise { Scope::Promise } else { Scope::Deal };
    let why = Rule::parse(rule).and_then(|rule| rule.check(scope)).err()?;
    let hint = why.hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
    let said = format!("{}{hint}", why.reason);
    Some(match why.at {
        Some(at) => {
            let place = Place::of(rule, at);
            let place = (("line", place.line), ("column", place.column), ("said", said));
            t.with(key!("editor-rule-fault"), place).into_owned()
        }
        None => said,
    })
}

/// A rule in words; as it is written, where no sentence says it.
pub fn in_words(t: &Text, rule: &str) -> String {
    match Rule::parse(rule).ok().and_then(|rule| Sentence::of(&rule)) {
        Some(Sentence::Always) => t.get(key!("playbook-always")).into_owned(),
        Some(Sentence::Never) => t.get(key!("editor-never")).into_owned(),
        Some(Sentence::Says(group)) => told(t, &group),
        None => rule.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

fn told(t: &Text, group: &Group) -> String {
    let parts = group.parts().iter().map(|part| match part {
        Part::Is(condition) => said(t, condition),
        Part::Group(inner) => match inner.join() {
            Join::All | Join::Any => format!("({})", told(t, inner)),
            Join::NotAll | Join::NoneOf => told(t, inner),
        },
    });
    let parts: Vec<String> = parts.collect();
    match group.join() {
        Join::All => parts.join(&t.get(key!("rule-and"))),
        Join::Any => parts.join(&t.get(key!("rule-or"))),
        Join::NotAll => {
            t.with(key!("editor-told-not"), ("rule", parts.join(&t.get(key!("rule-and"))))).into_owned()
        }
        Join::NoneOf => {
            t.with(key!("editor-told-not"), ("rule", parts.join(&t.get(key!("rule-or"))))).into_owned()
        }
    }
}

fn said(t: &Text, condition: &Condition) -> String {
    let field = names::field(t, &condition.field);
    let Some(row) = Row::of(condition) else { return field };
    let op = names::COMPARISONS.iter().find(|(name, _)| *name == row.op).map(|(_, key)| t.get(*key));
    let value = match &condition.test {
        Test::Number(_, Number::Whole(n)) => match u64::try_from(*n) {
            Ok(n) => t.number(n),
            Err(_) => row.value,
        },
        Test::Text { .. } => format!("“{}”", row.value),
        _ => row.value,
    };
    [field, op.unwrap_or_default().into_owned(), value]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::i18n::Locale;

    fn t() -> Text {
        Text::new(Locale::En, TimeZone::UTC)
    }

    fn again(rule: &str) -> RuleForm {
        let form = RuleForm::filled(Some(rule), false);
        RuleForm::posted(&Posted::filled(form.fields("when")), "when")
    }

    #[test]
    fn a_sentence_that_is_posted_as_it_was_shown_leaves_the_rule_as_it_was_written() {
        for rule in [
            "has(deal.arr)   &&  deal.arr >= 50000",
            "!deal.lost && (deal.won\n  || (has(deal.probability) && deal.probability >= 50))",
            "promise.kind in [\"price\", 'terms'] && !(promise.in_contract && promise.standard)",
            "'Seats' in deal.extra && deal.extra['Seats'] != '5'",
            "has(deal.type) && deal.type.lowerAscii().contains('renew')",
            "true",
            "size(deal.name) > 5",
            "deal.arr >",
            "deal.segment in ['a,b']",
        ] {
            let form = again(rule);
            assert_eq!(form.rule(&t(), Some(rule)).unwrap().as_deref(), Some(rule), "{form:?}");
        }
        assert_eq!(again("deal.segment in ['a,b']").mode, Mode::Text, "a comma could not be typed");
    }

    #[test]
    fn a_changed_value_is_written_and_nothing_else_changes() {
        let mut form = again("!(variant in ['light']) && (deal.won || (has(deal.arr) && deal.arr >= 5))");
        form.rows.last_mut().unwrap().value = "7.5".to_owned();
        assert_eq!(
            form.rule(&t(), None).unwrap().unwrap(),
            "!(variant in ['light']) && (deal.won || (has(deal.arr) && deal.arr >= 7.5))"
        );
    }

    #[test]
    fn buttons_add_and_remove_lines_and_whole_groups() {
        let mut form = RuleForm::filled(None, false);
        form.press("add", None);
        form.press("group", None);
        assert_eq!(
            form.rows.iter().map(|row| (row.depth, row.group)).collect::<Vec<_>>(),
            [(0, false), (0, true), (1, false), (1, false)]
        );
        form.press("add", Some(1));
        assert_eq!((form.rows.len(), form.rows[4].depth), (5, 1));
        form.press("remove", Some(1));
        assert_eq!((form.rows.len(), form.mode), (1, Mode::Says));
        for (row, field) in form.rows.iter_mut().zip(["deal.arr"]) {
            (row.field, row.value) = (field.to_owned(), "5".to_owned());
        }
        assert_eq!(form.rule(&t(), None).unwrap().unwrap(), "has(deal.arr) && deal.arr >= 5");
    }

    #[test]
    fn what_does_not_fit_is_told_with_its_line() {
        let mut form = again("deal.won && deal.arr >= 5");
        form.rows[1].value = "much".to_owned();
        assert_eq!(form.rule(&t(), None).unwrap_err().0, Some(1));
        form.rows[0].field.clear();
        assert_eq!(form.rule(&t(), None).unwrap_err().0, Some(0));
        form.rows.clear();
        assert_eq!(form.rule(&t(), None).unwrap_err().0, None);
    }

    #[test]
    fn a_fault_of_a_text_has_its_place_within_the_text() {
        let told = fault(&t(), "deal.won &&\n  deal.amuont > 1", false).unwrap();
        assert!(told.contains("line 2, column 7") && told.contains("deal.amount"), "{told}");
        assert_eq!(fault(&t(), "promise.standard", true), None);
        assert!(fault(&t(), "promise.standard", false).is_some());
    }
}
