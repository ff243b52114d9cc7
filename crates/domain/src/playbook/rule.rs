//! Rules in CEL over the deal: parsed and type-checked when a playbook is published, bounded when they run.
//!
//! Comprehensions are refused, so a rule takes at most as many steps as it has nodes, and nodes are limited.
//! Absent on purpose: user functions, regular expressions, the time of day.

mod checker;
mod complaint;
mod facts;
pub mod sentence;
#[cfg(test)]
mod tests;
mod walk;
mod words;

use std::{fmt, sync::Arc};

use cel::{
    Program, Value,
    common::ast::{Expr, LiteralValue},
};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

pub(crate) use self::words::distance;
use self::{
    checker::Checker,
    complaint::{offset, plain},
    walk::{is_path, walk},
};
pub use self::{
    facts::{Facts, text},
    sentence::Sentence,
    words::{DEAL_FIELDS, PROMISE_FIELDS, Scope, Type},
};

/// Longest rule, in bytes.
pub const MAX_LENGTH: usize = 1_000;
/// Most nodes a rule may have: also the most steps it can take.
pub const MAX_NODES: usize = 200;

/// A compiled rule. Cloning is cheap.
#[derive(Clone)]
pub struct Rule {
    source: Arc<str>,
    program: Arc<Program>,
}

/// A rule that was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct NotARule {
    /// What is wrong.
    pub reason: String,
    /// Byte offset into the rule where it is known.
    pub at: Option<usize>,
    /// What to write instead.
    pub hint: Option<String>,
}

impl NotARule {
    fn new(reason: impl Into<String>, at: Option<usize>) -> Self {
        Self { reason: reason.into(), at, hint: None }
    }
    fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

impl Rule {
    /// Parses a rule; whether it fits its place is [`Rule::check`]'s question.
    pub fn parse(source: &str) -> Result<Self, NotARule> {
        if source.len() > MAX_LENGTH {
            return Err(NotARule::new(
                format!("a rule is at most {MAX_LENGTH} characters long; this one has {}", source.len()),
                None,
            ));
        }
        let deep = source.bytes().fold((0usize, 0usize), |(now, most), byte| match byte {
            b'(' | b'[' | b'{' => (now + 1, most.max(now + 1)),
            b')' | b']' | b'}' => (now.saturating_sub(1), most),
            _ => (now, most),
        });
        if deep.1 > 20 {
            return Err(NotARule::new("brackets nest more than 20 deep", None));
        }
        let program = Program::compile(source).map_err(|errors| {
            let first = errors.errors.first();
            let message = first.map_or_else(|| errors.to_string(), |error| error.msg.clone());
            let at = first.map(|error| offset(source, error.pos.0, error.pos.1));
            NotARule::new(format!("not a CEL expression: {}", plain(&message)), at)
                .hint("for example: deal.amount > 50000 && deal.segment == 'enterprise'")
        })?;
        Ok(Self { source: source.into(), program: Arc::new(program) })
    }

    /// The rule as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Checks names and types: the rule must speak only of what its place offers, and answer true or false.
    pub fn check(&self, scope: Scope) -> Result<(), NotARule> {
        let found = Checker::new(self, scope).type_of(self.program.expression())?;
        if found.fits(Type::Bool) {
            return Ok(());
        }
        Err(NotARule::new(format!("a rule must answer true or false; this one gives {found}"), Some(0)))
    }

    /// Whether the rule looks at a name such as `variant`.
    pub fn mentions(&self, name: &str) -> bool {
        let mut found = false;
        walk(self.program.expression(), &mut |node| {
            found |= matches!(&node.expr, Expr::Ident(ident) if ident == name);
        });
        found
    }

    /// The texts that a name such as `variant` or a field such as `promise.kind` is compared with, each with its
    /// byte offset: where only certain texts can occur, a rule that compares with another never holds.
    pub fn compared(&self, path: &str) -> Vec<(String, Option<usize>)> {
        let mut found = Vec::new();
        walk(self.program.expression(), &mut |node| {
            let Expr::Call(call) = &node.expr else { return };
            let (left, right) = match (call.func_name.as_str(), call.args.as_slice()) {
                ("_==_" | "_!=_" | "@in" | "_in_", [left, right]) => (left, right),
                _ => return,
            };
            let other = if is_path(left, path) {
                right
            } else if is_path(right, path) {
                left
            } else {
                return;
            };
            let list = match &other.expr {
                Expr::List(list) => list.elements.as_slice(),
                _ => std::slice::from_ref(other),
            };
            for element in list {
                if let Expr::Literal(LiteralValue::String(text)) = &element.expr {
                    let at =
                        self.program.source_info().offset_for(element.id).map(|(start, _)| start as usize);
                    found.push((text.inner().to_owned(), at));
                }
            }
        });
        found
    }

    /// Runs the rule. An error is text to show: the deal lacks a field, or two things cannot be compared.
    pub fn holds(&self, facts: &Facts) -> Result<bool, String> {
        match self.program.execute(&facts.bound) {
            Ok(Value::Bool(answer)) => Ok(answer),
            Ok(other) => Err(format!("the rule gave {:?}, not true or false", other.type_of())),
            Err(why) => Err(why.to_string()),
        }
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rule({})", self.source)
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

/// A rule as text in a playbook; compiled by the check so that its place in the file is known.
impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let source = String::deserialize(from)?;
        Rule::parse(&source).map_err(|why| {
            let hint = why.hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
            serde::de::Error::custom(format!("{}{hint}", why.reason))
        })
    }
}

impl JsonSchema for Rule {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Rule".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let fields: Vec<String> =
            DEAL_FIELDS.iter().map(|(name, ty, what)| format!("deal.{name} ({ty}): {what}")).collect();
        schemars::json_schema!({
            "type": "string",
            "maxLength": MAX_LENGTH,
            "description": format!("A CEL expression that answers true or false, over `deal`, `variant` and, in routing, `promise`.\n{}", fields.join("\n")),
        })
    }
}
