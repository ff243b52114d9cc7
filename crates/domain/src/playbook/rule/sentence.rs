//! Rules as sentences: comparisons of fields with values, joined by *all of* and *any of*.
//!
//! A rule either is a sentence exactly or it is none: [`Sentence::of`] gives nothing for any part that a sentence
//! cannot say, so that whoever edits sentences never changes what a rule means. A sentence always has one shape, in
//! which nothing can be said twice; [`Group::new`] brings what somebody put together into it. Absent on purpose: words
//! of any language; pages have them.

mod print;
mod read;
#[cfg(test)]
mod tests;

use super::{DEAL_FIELDS, PROMISE_FIELDS, Rule, Scope, Type};

/// How deep groups may stand in groups; deeper ones stay text.
pub const DEEPEST: usize = 3;
/// Most conditions a sentence holds; longer ones stay text.
pub const MOST_CONDITIONS: usize = 30;

/// A rule as a sentence.
#[derive(Debug, Clone, PartialEq)]
pub enum Sentence {
    /// `true`.
    Always,
    /// `false`.
    Never,
    /// Conditions.
    Says(Group),
}

/// How the parts of a group are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// Every part holds.
    All,
    /// At least one part holds.
    Any,
    /// At least one part does not hold.
    NotAll,
    /// No part holds.
    NoneOf,
}

impl Join {
    /// All of them, in the order they are offered.
    pub const ALL: [Join; 4] = [Join::All, Join::Any, Join::NotAll, Join::NoneOf];

    /// The name used in data.
    pub fn name(self) -> &'static str {
        match self {
            Join::All => "all",
            Join::Any => "any",
            Join::NotAll => "not_all",
            Join::NoneOf => "none",
        }
    }

    fn negated(self) -> Self {
        match self {
            Join::All => Join::NotAll,
            Join::NotAll => Join::All,
            Join::Any => Join::NoneOf,
            Join::NoneOf => Join::Any,
        }
    }

    /// Whether the parts stand behind `&&`.
    fn is_and(self) -> bool {
        matches!(self, Join::All | Join::NotAll)
    }
}

/// Parts joined in one way.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    join: Join,
    parts: Vec<Part>,
}

/// A part of a group.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// A condition.
    Is(Condition),
    /// A group within the group.
    Group(Group),
}

/// One comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// What is looked at.
    pub field: Field,
    /// Whether it is asked first that the field is known: where it is not, the condition does not hold instead of
    /// failing.
    pub known: bool,
    /// What it is compared with.
    pub test: Test,
}

/// What a condition looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// A field of the deal, by its name in [`DEAL_FIELDS`].
    Deal(&'static str),
    /// A field of the promise, by its name in [`PROMISE_FIELDS`].
    Promise(&'static str),
    /// The variant of the chosen route.
    Variant,
    /// A column of the company's own CRM.
    Extra(String),
}

/// What a field is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// The field is known.
    Known,
    /// The field is not known.
    Unknown,
    /// It is true.
    Yes,
    /// It is false.
    No,
    /// A number stands in this relation to another.
    Number(Relation, Number),
    /// A text.
    Text {
        /// Whether capitals count.
        any_case: bool,
        /// How it is compared.
        is: Like,
    },
}

/// How two numbers stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

impl Relation {
    /// All of them.
    pub const ALL: [Relation; 6] = [
        Relation::AtLeast,
        Relation::More,
        Relation::AtMost,
        Relation::Less,
        Relation::Equal,
        Relation::NotEqual,
    ];

    /// As it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Relation::Equal => "==",
            Relation::NotEqual => "!=",
            Relation::Less => "<",
            Relation::AtMost => "<=",
            Relation::More => ">",
            Relation::AtLeast => ">=",
        }
    }

    fn negated(self) -> Self {
        match self {
            Relation::Equal => Relation::NotEqual,
            Relation::NotEqual => Relation::Equal,
            Relation::Less => Relation::AtLeast,
            Relation::AtLeast => Relation::Less,
            Relation::AtMost => Relation::More,
            Relation::More => Relation::AtMost,
        }
    }
}

/// A number as a rule writes it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A whole one.
    Whole(i64),
    /// Any other.
    Decimal(f64),
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Number::Whole(n) => n.fmt(f),
            // Keeps the point, by which it is read as what it is.
            Number::Decimal(n) => write!(f, "{n:?}"),
        }
    }
}

impl std::str::FromStr for Number {
    type Err = NotANumber;
    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let text = text.trim();
        if let Ok(whole) = text.parse() {
            return Ok(Number::Whole(whole));
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Number::Decimal(number)),
            _ => Err(NotANumber),
        }
    }
}

/// Text that is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a number is wanted here")]
pub struct NotANumber;

/// How a text is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Like {
    /// It is this.
    Equal(String),
    /// It is anything else.
    NotEqual(String),
    /// It is one of these.
    OneOf(Vec<String>),
    /// It is none of these.
    NoneOf(Vec<String>),
    /// This stands in it.
    Contains(String),
    /// This does not.
    ContainsNot(String),
    /// It begins with this.
    Starts(String),
    /// It does not.
    StartsNot(String),
    /// It ends with this.
    Ends(String),
    /// It does not.
    EndsNot(String),
}

impl Like {
    fn negated(self) -> Self {
        match self {
            Like::Equal(text) => Like::NotEqual(text),
            Like::NotEqual(text) => Like::Equal(text),
            Like::OneOf(texts) => Like::NoneOf(texts),
            Like::NoneOf(texts) => Like::OneOf(texts),
            Like::Contains(text) => Like::ContainsNot(text),
            Like::ContainsNot(text) => Like::Contains(text),
            Like::Starts(text) => Like::StartsNot(text),
            Like::StartsNot(text) => Like::Starts(text),
            Like::Ends(text) => Like::EndsNot(text),
            Like::EndsNot(text) => Like::Ends(text),
        }
    }
}

impl Field {
    /// The fields a place offers, those with a fixed name: `variant` only once a route is chosen.
    pub fn offered(scope: Scope, routed: bool) -> Vec<Field> {
        let promise = PROMISE_FIELDS.iter().filter(|_| scope == Scope::Promise);
        let promise = promise.map(|(name, ..)| Field::Promise(name));
        let deal = DEAL_FIELDS.iter().filter(|(_, ty, _)| *ty != Type::Map);
        promise
            .chain(routed.then_some(Field::Variant))
            .chain(deal.map(|(name, ..)| Field::Deal(name)))
            .collect()
    }

    /// The field of this name: `deal.arr`, `promise.kind`, `variant`, `deal.extra.Its own name`.
    pub fn named(name: &str) -> Option<Field> {
        if name == "variant" {
            return Some(Field::Variant);
        }
        if let Some(column) = name.strip_prefix("deal.extra.") {
            return (!column.is_empty()).then(|| Field::Extra(column.to_owned()));
        }
        let (root, field) = name.split_once('.')?;
        let known = |fields: &[(&'static str, Type, &str)]| {
            let found = fields.iter().find(|(known, ty, _)| *known == field && *ty != Type::Map)?;
            Some(found.0)
        };
        match root {
            "deal" => known(DEAL_FIELDS).map(Field::Deal),
            "promise" => known(PROMISE_FIELDS).map(Field::Promise),
            _ => None,
        }
    }

    /// Its name, as [`Field::named`] reads it.
    pub fn name(&self) -> String {
        match self {
            Field::Deal(name) => format!("deal.{name}"),
            Field::Promise(name) => format!("promise.{name}"),
            Field::Variant => "variant".to_owned(),
            Field::Extra(column) => format!("deal.extra.{column}"),
        }
    }

    /// What its values are.
    pub fn holds(&self) -> Type {
        let of = |fields: &[(&str, Type, &str)], name: &str| {
            fields.iter().find(|(known, ..)| *known == name).map_or(Type::Any, |(_, ty, _)| *ty)
        };
        match self {
            Field::Deal(name) => of(DEAL_FIELDS, name),
            Field::Promise(name) => of(PROMISE_FIELDS, name),
            Field::Variant | Field::Extra(_) => Type::Text,
        }
    }

    /// Whether a deal may lack it. What stands in a promise is always there, and a route always gives a variant.
    pub fn may_lack(&self) -> bool {
        match self {
            Field::Deal(name) => !ALWAYS.contains(name),
            Field::Extra(_) => true,
            Field::Promise(_) | Field::Variant => false,
        }
    }
}

/// Fields every deal has.
const ALWAYS: &[&str] = &["source", "name", "account", "stage", "won", "lost"];

impl Condition {
    /// What says the opposite, where one condition can.
    fn negated(&self) -> Option<Self> {
        if self.known {
            return None;
        }
        let test = match self.test.clone() {
            Test::Known => Test::Unknown,
            Test::Unknown => Test::Known,
            Test::Yes => Test::No,
            Test::No => Test::Yes,
            Test::Number(relation, number) => Test::Number(relation.negated(), number),
            Test::Text { any_case, is } => Test::Text { any_case, is: is.negated() },
        };
        Some(Self { test, ..self.clone() })
    }

    fn asks_whether_known(&self) -> bool {
        matches!(self.test, Test::Known | Test::Unknown)
    }

    /// Whether the test is one its field can take.
    pub fn fits(&self) -> bool {
        match (&self.test, self.field.holds()) {
            (Test::Known | Test::Unknown, _) => !self.known && self.field != Field::Variant,
            (Test::Yes | Test::No, Type::Bool) | (Test::Number(..), Type::Int | Type::Double) => true,
            (Test::Text { .. }, Type::Text) => true,
            _ => false,
        }
    }
}

impl Group {
    /// The group that says this, in the one shape a sentence has: no group of the same kind stands in another, none
    /// joins a single part, and a field's *known* belongs to the condition behind it. Nothing, where nothing is left.
    pub fn new(join: Join, parts: Vec<Part>) -> Option<Group> {
        let mut flat: Vec<Part> = Vec::new();
        for part in parts {
            let part = match part {
                Part::Group(inner) => match Group::new(inner.join, inner.parts) {
                    Some(inner) => inner.alone(),
                    None => continue,
                },
                is => is,
            };
            match part {
                Part::Group(inner) if inner.joins_like(join) => {
                    inner.parts.into_iter().for_each(|part| push(join, &mut flat, part));
                }
                part => push(join, &mut flat, part),
            }
        }
        match flat.as_slice() {
            [] => None,
            [one] => Some(single(join, one.clone())),
            _ => Some(Group { join, parts: flat }),
        }
    }

    /// How its parts are joined.
    pub fn join(&self) -> Join {
        self.join
    }

    /// Its parts.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The condition, where it says no more than that.
    fn alone(self) -> Part {
        match (self.join, self.parts.as_slice()) {
            (Join::All | Join::Any, [one]) => one.clone(),
            _ => Part::Group(self),
        }
    }

    /// Whether its parts can stand among those of a group around it.
    fn joins_like(&self, around: Join) -> bool {
        matches!((self.join, around.is_and()), (Join::All, true) | (Join::Any, false))
    }

    fn depth(&self) -> usize {
        let inner = self.parts.iter().map(|part| match part {
            Part::Is(_) => 0,
            Part::Group(group) => group.depth(),
        });
        1 + inner.max().unwrap_or(0)
    }

    fn conditions(&self) -> usize {
        let each = self.parts.iter().map(|part| match part {
            Part::Is(_) => 1,
            Part::Group(group) => group.conditions(),
        });
        each.sum()
    }

    fn fits(&self) -> bool {
        self.parts.iter().all(|part| match part {
            Part::Is(condition) => condition.fits(),
            Part::Group(group) => group.fits(),
        })
    }
}

/// Adds a part; behind `&&`, a field's *known* right before a condition on it belongs to that condition.
fn push(join: Join, parts: &mut Vec<Part>, part: Part) {
    if let (true, Part::Is(condition), Some(Part::Is(before))) = (join.is_and(), &part, parts.last()) {
        let guards = before.test == Test::Known && !before.known && before.field == condition.field;
        if guards && !condition.known && !condition.asks_whether_known() {
            let condition = Condition { known: true, ..condition.clone() };
            parts.pop();
            parts.push(Part::Is(condition));
            return;
        }
    }
    parts.push(part);
}

/// A group of one part, said without the group where that can be.
fn single(join: Join, part: Part) -> Group {
    let all = |part| Group { join: Join::All, parts: vec![part] };
    match (join, part) {
        (Join::All | Join::Any, Part::Group(group)) => group,
        (Join::All | Join::Any, part) => all(part),
        (_, Part::Is(condition)) => match condition.negated() {
            Some(negated) => all(Part::Is(negated)),
            None => Group { join: Join::NotAll, parts: vec![Part::Is(condition)] },
        },
        (_, Part::Group(group)) => {
            let join = group.join.negated();
            // What was `not all` of one known condition says that condition.
            match group.parts.as_slice() {
                [one] if join.is_and() => all(one.clone()),
                _ => Group { join, parts: group.parts },
            }
        }
    }
}

impl Sentence {
    /// A rule as a sentence; nothing where no sentence says exactly that.
    pub fn of(rule: &Rule) -> Option<Sentence> {
        read::sentence(rule.program.expression()).filter(Sentence::can_be_said)
    }

    /// Whether it is one that pages can show: every test fits its field, and it is neither deep nor long.
    pub fn can_be_said(&self) -> bool {
        match self {
            Sentence::Always | Sentence::Never => true,
            Sentence::Says(group) => {
                group.fits() && group.depth() <= DEEPEST && group.conditions() <= MOST_CONDITIONS
            }
        }
    }

    /// The rule that says this.
    pub fn rule(&self) -> String {
        print::sentence(self)
    }
}
