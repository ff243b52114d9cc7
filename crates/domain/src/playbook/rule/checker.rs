//! Whether a rule fits its place: names and types, node by node.

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SelectExpr};

use super::{
    MAX_NODES, NotARule, Rule,
    words::{DEAL_FIELDS, FUNCTIONS, PROMISE_FIELDS, Scope, Type, distance},
};

pub(super) struct Checker<'r> {
    rule: &'r Rule,
    scope: Scope,
    nodes: usize,
}

impl<'r> Checker<'r> {
    pub(super) fn new(rule: &'r Rule, scope: Scope) -> Self {
        Self { rule, scope, nodes: 0 }
    }

    fn at(&self, node: &IdedExpr) -> Option<usize> {
        self.rule.program.source_info().offset_for(node.id).map(|(start, _)| start as usize)
    }

    pub(super) fn type_of(&mut self, node: &IdedExpr) -> Result<Type, NotARule> {
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

    fn select(&mut self, select: &SelectExpr, at: Option<usize>) -> Result<Type, NotARule> {
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
