//! Rules in CEL over the deal: parsed and type-checked when a playbook is published, bounded when they run.
//!
//! Comprehensions are refused, so a rule takes at most as many steps as it has nodes, and nodes are limited.
//! Absent on purpose: user functions, regular expressions, the time of day.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, LazyLock},
};

use cel::{
    Context, Env, Program, Value,
    common::ast::{CallExpr, Expr, IdedExpr, LiteralValue},
    extensions,
    objects::{Key, Map},
};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

/// Longest rule, in bytes.
pub const MAX_LENGTH: usize = 1_000;
/// Most nodes a rule may have: also the most steps it can take.
pub const MAX_NODES: usize = 200;

/// What a rule can speak about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Text.
    Text,
    /// A whole number.
    Int,
    /// Any number.
    Double,
    /// True or false.
    Bool,
    /// A list.
    List,
    /// Named values.
    Map,
    /// Not known before it runs.
    Any,
}

impl Type {
    fn is_number(self) -> bool {
        matches!(self, Type::Int | Type::Double)
    }
    fn fits(self, other: Type) -> bool {
        self == other || self == Type::Any || other == Type::Any || (self.is_number() && other.is_number())
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Type::Text => "text",
            Type::Int => "a whole number",
            Type::Double => "a number",
            Type::Bool => "true or false",
            Type::List => "a list",
            Type::Map => "a group of fields",
            Type::Any => "anything",
        })
    }
}

/// Fields of `deal` in rules: name, type, meaning. The one list; documentation and checks read it.
pub const DEAL_FIELDS: &[(&str, Type, &str)] = &[
    ("source", Type::Text, "the CRM the deal comes from"),
    ("name", Type::Text, "the deal's name"),
    ("account", Type::Text, "the customer's name"),
    ("stage", Type::Text, "the CRM's stage, as it writes it"),
    ("type", Type::Text, "new business, renewal, expansion… as the CRM writes it"),
    ("segment", Type::Text, "size class of the customer"),
    ("lead_source", Type::Text, "where the deal came from"),
    ("partner", Type::Text, "the partner who sold along"),
    ("plan", Type::Text, "plan or tier bought"),
    ("competitor", Type::Text, "who else was evaluated"),
    ("currency", Type::Text, "currency of the amount"),
    ("amount", Type::Double, "the amount in major units"),
    ("arr", Type::Double, "annual recurring revenue in major units; the amount where the CRM gives none"),
    ("term_months", Type::Int, "contract term"),
    ("discount_percent", Type::Int, "discount given"),
    ("probability", Type::Int, "probability of winning, in percent"),
    ("days_to_signature", Type::Int, "calendar days until the expected signature; negative when past"),
    ("won", Type::Bool, "closed-won"),
    ("lost", Type::Bool, "closed-lost or deleted"),
    ("se_involved", Type::Bool, "a solutions engineer was involved"),
    ("existing_account", Type::Bool, "the customer had bought before"),
    ("extra", Type::Map, "every other column of the source, by its own name"),
];

/// Fields of `promise` in routing rules.
pub const PROMISE_FIELDS: &[(&str, Type, &str)] = &[
    ("kind", Type::Text, "what sort of promise"),
    ("strength", Type::Text, "promised, implied or soft"),
    ("in_contract", Type::Bool, "stands in the contract; false when nobody said"),
    ("standard", Type::Bool, "within what is always sold; false when nobody said"),
    ("amount", Type::Double, "what it is worth, in major units; 0 when nobody said"),
    ("owed_by", Type::Text, "who owes it: us, customer or partner"),
];

/// Functions a rule may call: name, what it is called on, what it takes, what it gives.
const FUNCTIONS: &[(&str, Option<Type>, &[Type], Type)] = &[
    ("size", None, &[Type::Any], Type::Int),
    ("contains", Some(Type::Text), &[Type::Text], Type::Bool),
    ("startsWith", Some(Type::Text), &[Type::Text], Type::Bool),
    ("endsWith", Some(Type::Text), &[Type::Text], Type::Bool),
    ("lowerAscii", Some(Type::Text), &[], Type::Text),
    ("int", None, &[Type::Any], Type::Int),
    ("double", None, &[Type::Any], Type::Double),
    ("string", None, &[Type::Any], Type::Text),
];

/// Built once: registering the standard functions costs more than running a rule.
static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| {
    let mut env = Env::stdlib();
    // Fails only where two libraries declare one function; then `lowerAscii` is an error when it runs.
    let _ = env.add_extension(extensions::strings);
    Arc::new(env)
});

/// What a rule may speak about where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// `deal` and `variant`.
    Deal,
    /// `deal`, `variant` and `promise`.
    Promise,
}

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
        let mut checker = Checker { rule: self, scope, nodes: 0 };
        let root = self.program.expression();
        let found = checker.type_of(root)?;
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

/// The values a rule runs over: built once for a judgement, used by every rule. Binding them costs more than running
/// a rule, so they are bound as they are added.
pub struct Facts {
    bound: Context<'static, 'static>,
}

impl Default for Facts {
    fn default() -> Self {
        Self { bound: Context::with_env(Arc::clone(&ENVIRONMENT)) }
    }
}

impl Facts {
    /// Adds a group of fields under a name; fields that are not known are left out so that `has()` tells.
    pub fn with_fields(self, root: &'static str, fields: Vec<(&str, Value)>) -> Self {
        let map: HashMap<Key, Value> =
            fields.into_iter().map(|(name, value)| (Key::String(Arc::new(name.to_owned())), value)).collect();
        self.with(root, Value::Map(Map { map: Arc::new(map) }))
    }

    /// Adds one value under a name.
    pub fn with(mut self, root: &'static str, value: Value) -> Self {
        self.bound.add_variable_from_value(root, value);
        self
    }
}

/// A text value.
pub fn text(value: &str) -> Value {
    Value::String(Arc::new(value.to_owned()))
}

struct Checker<'r> {
    rule: &'r Rule,
    scope: Scope,
    nodes: usize,
}

impl Checker<'_> {
    fn at(&self, node: &IdedExpr) -> Option<usize> {
        self.rule.program.source_info().offset_for(node.id).map(|(start, _)| start as usize)
    }

    fn type_of(&mut self, node: &IdedExpr) -> Result<Type, NotARule> {
        self.nodes += 1;
        let at = self.at(node);
        if self.nodes > MAX_NODES {
            return Err(NotARule::new(format!("a rule has at most {MAX_NODES} parts"), at));
        }
        match &node.expr {
            Expr::Literal(literal) => Ok(match literal {
                LiteralValue::Boolean(_) => Type::Bool,
                LiteralValue::Double(_) => Type::Double,
                LiteralValue::Int(_) | LiteralValue::UInt(_) => Type::Int,
                LiteralValue::String(_) => Type::Text,
                LiteralValue::Bytes(_) | LiteralValue::Null => Type::Any,
            }),
            Expr::Ident(name) => self.root(name, at),
            Expr::Select(select) => self.select(select, at),
            Expr::Call(call) => self.call(call, at),
            Expr::List(list) => {
                for element in &list.elements {
                    self.type_of(element)?;
                }
                Ok(Type::List)
            }
            Expr::Comprehension(_) => Err(NotARule::new("loops over lists are not allowed in rules", at)
                .hint("write: deal.segment in ['mid', 'enterprise']")),
            Expr::Map(_) | Expr::Struct(_) => Err(NotARule::new("maps cannot be built in rules", at)),
            Expr::Unspecified => Err(NotARule::new("the rule is empty", at)),
        }
    }

    fn root(&self, name: &str, at: Option<usize>) -> Result<Type, NotARule> {
        match (name, self.scope) {
            ("deal", _) | ("promise", Scope::Promise) => Ok(Type::Map),
            ("variant", _) => Ok(Type::Text),
            ("promise", Scope::Deal) => Err(NotARule::new("`promise` is known only in promise routing", at)),
            _ => Err(NotARule::new(format!("`{name}` is not known here"), at)
                .hint("rules speak about deal.…, variant and, in promise routing, promise.…")),
        }
    }

    fn select(&mut self, select: &cel::common::ast::SelectExpr, at: Option<usize>) -> Result<Type, NotARule> {
        let root = match &select.operand.expr {
            Expr::Ident(name) => name.as_str(),
            _ => "",
        };
        let fields = match root {
            "deal" => DEAL_FIELDS,
            "promise" if self.scope == Scope::Promise => PROMISE_FIELDS,
            _ => {
                self.type_of(&select.operand)?;
                return Ok(if select.test { Type::Bool } else { Type::Any });
            }
        };
        self.nodes += 1;
        match fields.iter().find(|(name, ..)| *name == select.field) {
            Some(_) if select.test => Ok(Type::Bool),
            Some((_, found, _)) => Ok(*found),
            None => {
                let near =
                    fields.iter().map(|(name, ..)| *name).min_by_key(|name| distance(name, &select.field));
                let refused = NotARule::new(format!("{root} has no field `{}`", select.field), at);
                Err(match near {
                    Some(near) if distance(near, &select.field) <= 3 => {
                        refused.hint(format!("did you mean {root}.{near}?"))
                    }
                    _ if root == "deal" => {
                        refused.hint(format!("a column of your own CRM is deal.extra['{}']", select.field))
                    }
                    _ => refused,
                })
            }
        }
    }

    fn call(&mut self, call: &CallExpr, at: Option<usize>) -> Result<Type, NotARule> {
        let mut types = Vec::new();
        if let Some(target) = &call.target {
            types.push(self.type_of(target)?);
        }
        for argument in &call.args {
            types.push(self.type_of(argument)?);
        }
        let name = call.func_name.as_str();
        let pair = |index: usize| types.get(index).copied().unwrap_or(Type::Any);
        let mismatch = |doing: &str| {
            NotARule::new(format!("{} cannot be {doing} {}", pair(0), pair(1)), at)
                .hint("text stands in quotes, numbers do not")
        };
        match name {
            "_&&_" | "_||_" | "!_" => match types.iter().find(|found| !found.fits(Type::Bool)) {
                Some(found) => {
                    Err(NotARule::new(format!("&&, || and ! join true-or-false parts; this is {found}"), at))
                }
                None => Ok(Type::Bool),
            },
            "_==_" | "_!=_" => {
                if pair(0).fits(pair(1)) {
                    Ok(Type::Bool)
                } else {
                    Err(mismatch("equal to"))
                }
            }
            "_<_" | "_<=_" | "_>_" | "_>=_" => {
                if pair(0).fits(pair(1)) && !matches!(pair(0), Type::Map | Type::List | Type::Bool) {
                    Ok(Type::Bool)
                } else {
                    Err(mismatch("ordered against"))
                }
            }
            "@in" | "_in_" => match pair(1) {
                Type::List | Type::Map | Type::Any => Ok(Type::Bool),
                other => Err(NotARule::new(format!("`in` looks into a list; this is {other}"), at)
                    .hint("write: deal.segment in ['mid', 'enterprise']")),
            },
            "_+_" | "_-_" | "_*_" | "_/_" | "_%_" => match (pair(0), pair(1)) {
                (Type::Text, Type::Text) if name == "_+_" => Ok(Type::Text),
                (left, right) if left.fits(Type::Double) && right.fits(Type::Double) => {
                    Ok(if left == Type::Int && right == Type::Int { Type::Int } else { Type::Double })
                }
                _ => Err(mismatch("reckoned with")),
            },
            "-_" if pair(0).fits(Type::Double) => Ok(pair(0)),
            "-_" => Err(NotARule::new(format!("only a number can be negative; this is {}", pair(0)), at)),
            "_[_]" => match (pair(0), pair(1)) {
                (Type::Map, key) if key.fits(Type::Text) => Ok(Type::Text),
                (Type::List, key) if key.fits(Type::Int) => Ok(Type::Any),
                (Type::Any, _) => Ok(Type::Any),
                (target, key) => Err(NotARule::new(format!("{target} cannot be looked up by {key}"), at)
                    .hint("a column of your own CRM is deal.extra['Its name']")),
            },
            "_?_:_" => {
                let third = types.get(2).copied().unwrap_or(Type::Any);
                match (pair(0).fits(Type::Bool), pair(1).fits(third)) {
                    (true, true) => Ok(pair(1)),
                    (false, _) => {
                        Err(NotARule::new(format!("`?` asks true or false; this is {}", pair(0)), at))
                    }
                    (true, false) => {
                        Err(NotARule::new(format!("one side of `:` is {}, the other {third}", pair(1)), at))
                    }
                }
            }
            name => self.function(name, call.target.is_some(), &types, at),
        }
    }

    /// A call of a function by name must have the shape it was made for.
    fn function(&self, name: &str, on: bool, types: &[Type], at: Option<usize>) -> Result<Type, NotARule> {
        let Some((_, target, takes, gives)) = FUNCTIONS.iter().find(|(known, ..)| *known == name) else {
            let known: Vec<&str> = FUNCTIONS.iter().map(|(known, ..)| *known).collect();
            return Err(NotARule::new(format!("there is no function `{name}` in rules"), at)
                .hint(format!("known: {}", known.join(", "))));
        };
        let wanted: Vec<Type> = target.iter().chain(takes.iter()).copied().collect();
        let fits = on == target.is_some()
            && wanted.len() == types.len()
            && wanted.iter().zip(types).all(|(wanted, found)| wanted.fits(*found));
        if fits {
            return Ok(*gives);
        }
        Err(NotARule::new(format!("`{name}` does not fit what it is called with"), at).hint(
            match (target, takes) {
                (Some(_), []) => format!("for example: deal.segment.{name}()"),
                (Some(_), _) => format!("for example: deal.segment.{name}('mid')"),
                (None, _) => format!("for example: {name}(deal.extra['Seats'])"),
            },
        ))
    }
}

/// The parser's complaint without its grammar's names.
fn plain(message: &str) -> String {
    let message = message.trim_start_matches("Syntax error: ");
    let quoted =
        message.split_once('\'').and_then(|(_, rest)| rest.split_once('\'')).map_or("", |(inner, _)| inner);
    if quoted.ends_with("<EOF>") {
        return "it ends too early".to_owned();
    }
    let token: String =
        quoted.trim().chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
    match message.split_whitespace().next() {
        Some("missing") => format!("`{token}` is missing here"),
        Some("token") => format!("`{token}` means nothing here"),
        Some("extraneous" | "mismatched" | "no") => format!("`{token}` does not belong here"),
        _ => message.lines().next().unwrap_or_default().chars().take(200).collect(),
    }
}

fn walk(node: &IdedExpr, seen: &mut dyn FnMut(&IdedExpr)) {
    seen(node);
    match &node.expr {
        Expr::Call(call) => {
            call.target.iter().for_each(|target| walk(target, seen));
            call.args.iter().for_each(|argument| walk(argument, seen));
        }
        Expr::Select(select) => walk(&select.operand, seen),
        Expr::List(list) => list.elements.iter().for_each(|element| walk(element, seen)),
        // The check refuses the rest, so nothing that runs hides there.
        _ => {}
    }
}

fn is_path(node: &IdedExpr, path: &str) -> bool {
    match (&node.expr, path.split_once('.')) {
        (Expr::Ident(name), None) => name == path,
        (Expr::Select(select), Some((root, field))) => {
            !select.test && select.field == field && is_path(&select.operand, root)
        }
        _ => false,
    }
}

/// The byte of a line and a column that count from 1, the column in characters.
fn offset(source: &str, line: isize, column: isize) -> usize {
    let line = usize::try_from(line).unwrap_or(1).max(1) - 1;
    let before: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
    let passed = usize::try_from(column).unwrap_or(0).saturating_sub(1);
    before + source[before..].chars().take(passed).map(char::len_utf8).sum::<usize>()
}

/// Edit distance, to guess what was meant.
pub(crate) fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.bytes().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, b) in right.bytes().enumerate() {
            let cost = if a == b { corner } else { 1 + corner.min(row[j]).min(row[j + 1]) };
            corner = std::mem::replace(&mut row[j + 1], cost);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        Facts::default()
            .with_fields(
                "deal",
                vec![
                    ("amount", Value::Float(60_000.0)),
                    ("segment", text("Enterprise")),
                    ("probability", Value::Int(40)),
                    ("extra", Value::Map(Map { map: Arc::new(HashMap::new()) })),
                ],
            )
            .with("variant", text("full"))
    }

    fn checked(source: &str) -> Result<(), NotARule> {
        Rule::parse(source)?.check(Scope::Deal)
    }

    #[test]
    fn a_rule_compares_numbers_of_either_sort_and_text() {
        for (source, answer) in [
            ("deal.amount > 50000", true),
            ("deal.amount > 50000 && deal.probability >= 50", false),
            ("deal.segment in ['Enterprise', 'mid']", true),
            ("has(deal.days_to_signature) && deal.days_to_signature <= 30", false),
            ("variant != 'light'", true),
            ("deal.segment.startsWith('Ent')", true),
            ("!(deal.amount < 1.5)", true),
            ("deal.segment.lowerAscii() == 'enterprise'", true),
            ("size(deal.segment) == 10 && !('Seats' in deal.extra)", true),
            ("(deal.probability > 50 ? 1 : 2) == int('2') && double('1.5') > 1.0", true),
        ] {
            let rule = Rule::parse(source).unwrap();
            rule.check(Scope::Deal).unwrap_or_else(|why| panic!("{source}: {why}"));
            assert_eq!(rule.holds(&facts()), Ok(answer), "{source}");
        }
    }

    #[test]
    fn a_rule_over_a_field_the_deal_lacks_is_an_error_not_false() {
        let rule = Rule::parse("deal.term_months > 12").unwrap();
        assert!(rule.holds(&facts()).unwrap_err().contains("term_months"));
    }

    #[test]
    fn what_does_not_fit_is_refused_with_a_reason_and_a_place() {
        for (source, reason) in [
            ("deal.amuont > 1", "no field `amuont`"),
            ("deal.amount > 'much'", "cannot be ordered against"),
            ("deal.amount", "true or false"),
            ("customer.size > 1", "`customer` is not known"),
            ("promise.kind == 'sla'", "only in promise routing"),
            ("[1,2].exists(x, x > 1)", "loops"),
            ("deal.segment.matches('a+')", "no function `matches`"),
            ("deal.amount.contains('5')", "`contains` does not fit"),
            ("contains(deal.segment)", "`contains` does not fit"),
            ("size() > 1", "`size` does not fit"),
            ("deal.segment in 'mid'", "looks into a list"),
            ("-deal.segment == 'x'", "only a number can be negative"),
            ("deal.segment['a'] == 'x'", "cannot be looked up"),
            ("deal.won ? true : 1", "one side of `:`"),
            ("deal.amount >", "not a CEL expression"),
            ("", "not a CEL expression"),
        ] {
            let refused = checked(source).expect_err(source);
            assert!(refused.reason.contains(reason), "{source}: {refused:?}");
        }
        assert_eq!(checked("deal.amuont > 1").unwrap_err().hint.unwrap(), "did you mean deal.amount?");
        for source in [
            "deal.won && deal.amuont > 1",
            "deal.name == 'ü€' && deal.amuont > 1",
            "'ü' == deal.name && (1 <",
        ] {
            let refused = checked(source).unwrap_err();
            let wanted = source.find(".amuont").unwrap_or(source.len());
            assert_eq!(refused.at, Some(wanted), "{source}: {refused:?}");
        }
    }

    #[test]
    fn what_a_field_is_compared_with_is_found() {
        let rule =
            Rule::parse("promise.kind in ['price', 'terms'] || 'x' == variant || variant != deal.name")
                .unwrap();
        let texts = |path: &str| rule.compared(path).into_iter().map(|(text, _)| text).collect::<Vec<_>>();
        assert_eq!(texts("promise.kind"), ["price", "terms"]);
        assert_eq!(rule.compared("variant"), [("x".to_owned(), Some(38))]);
        assert!(rule.mentions("variant") && !rule.mentions("kind"));
    }

    #[test]
    fn hostile_rules_are_refused_before_they_cost_anything() {
        assert!(Rule::parse(&"(".repeat(900)).is_err());
        assert!(Rule::parse(&"deal.won && ".repeat(200)).is_err());
        assert!(checked(&format!("deal.amount > {}1", "1+".repeat(300))).is_err());
    }
}
