//! A line of the form: a condition with its pickers.

use std::str::FromStr as _;

use throughline_domain::playbook::rule::{
    Type,
    sentence::{Condition, Field, Like, Number, Relation, Test},
};

use crate::{i18n::Text, key};

/// What the picker calls a column of the company's own CRM.
pub const COLUMN: &str = "deal.extra";

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

impl Row {
    /// A condition as a line, where each of its values survives being typed.
    pub(super) fn of(condition: &Condition) -> Option<Self> {
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

    pub(super) fn condition(&self, t: &Text) -> Result<Condition, String> {
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
