//! A rule read as a sentence. What is not recognised makes the whole rule none.

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue};

use super::{Condition, Field, Group, Join, Like, Number, Part, Relation, Sentence, Test};
use crate::playbook::rule::{DEAL_FIELDS, PROMISE_FIELDS, Type};

pub(super) fn sentence(node: &IdedExpr) -> Option<Sentence> {
    if let Expr::Literal(LiteralValue::Boolean(answer)) = &node.expr {
        return Some(if *answer.inner() { Sentence::Always } else { Sentence::Never });
    }
    let group = match part(node)? {
        Part::Group(group) => group,
        is => Group::new(Join::All, vec![is])?,
    };
    Some(Sentence::Says(group))
}

fn part(node: &IdedExpr) -> Option<Part> {
    if let Expr::Call(call) = &node.expr {
        match call.func_name.as_str() {
            "_&&_" => return joined(Join::All, node),
            "_||_" => return joined(Join::Any, node),
            "!_" => {
                let inner = only(call)?;
                if let Expr::Call(inner_call) = &inner.expr {
                    match inner_call.func_name.as_str() {
                        "_&&_" => return joined(Join::NotAll, inner),
                        "_||_" => return joined(Join::NoneOf, inner),
                        _ => {}
                    }
                }
                return Some(Part::Is(denied(condition(inner)?)?));
            }
            _ => {}
        }
    }
    condition(node).map(Part::Is)
}

/// The parts on both sides of `&&` or `||`, as long as it is the same sign.
fn joined(join: Join, node: &IdedExpr) -> Option<Part> {
    let sign = if join.is_and() { "_&&_" } else { "_||_" };
    let mut parts = Vec::new();
    sides(node, sign, &mut parts)?;
    let group = Group::new(join, parts)?;
    // A group of one known condition is that condition, unless it is denied.
    Some(group.alone())
}

fn sides(node: &IdedExpr, sign: &str, parts: &mut Vec<Part>) -> Option<()> {
    match &node.expr {
        Expr::Call(call) if call.func_name == sign => {
            call.args.iter().try_for_each(|side| sides(side, sign, parts))
        }
        _ => {
            parts.push(part(node)?);
            Some(())
        }
    }
}

/// What `!` before a condition says, for the conditions that are written so.
fn denied(condition: Condition) -> Option<Condition> {
    let test = match condition.test {
        Test::Known => Test::Unknown,
        Test::Yes => Test::No,
        Test::Text { any_case, is } => {
            let is = match is {
                Like::OneOf(texts) => Like::NoneOf(texts),
                Like::Contains(text) => Like::ContainsNot(text),
                Like::Starts(text) => Like::StartsNot(text),
                Like::Ends(text) => Like::EndsNot(text),
                _ => return None,
            };
            Test::Text { any_case, is }
        }
        _ => return None,
    };
    Some(Condition { test, ..condition })
}

fn condition(node: &IdedExpr) -> Option<Condition> {
    let plain = |field, test| Some(Condition { field, known: false, test });
    match &node.expr {
        Expr::Select(select) if select.test => plain(selected(&select.operand, &select.field)?, Test::Known),
        Expr::Select(_) | Expr::Ident(_) => {
            let field = field(node)?;
            (field.holds() == Type::Bool).then_some(())?;
            plain(field, Test::Yes)
        }
        Expr::Call(call) => compared(call),
        _ => None,
    }
}

fn compared(call: &CallExpr) -> Option<Condition> {
    let is = |field, test| Some(Condition { field, known: false, test });
    let name = call.func_name.as_str();
    if let Some(target) = &call.target {
        let (field, any_case) = text_field(target)?;
        let text = text(only_argument(call)?)?;
        let like = match name {
            "contains" => Like::Contains(text),
            "startsWith" => Like::Starts(text),
            "endsWith" => Like::Ends(text),
            _ => return None,
        };
        return is(field, Test::Text { any_case, is: like });
    }
    let [left, right] = call.args.as_slice() else { return None };
    if matches!(name, "@in" | "_in_") {
        if let (Some(column), Expr::Select(select)) = (text(left), &right.expr) {
            let extra = !select.test && select.field == "extra" && is_root(&select.operand, "deal");
            return if extra { is(Field::Extra(column), Test::Known) } else { None };
        }
        let (field, any_case) = text_field(left)?;
        let Expr::List(list) = &right.expr else { return None };
        if list.elements.is_empty() {
            return None;
        }
        let texts: Option<Vec<String>> = list.elements.iter().map(text).collect();
        return is(field, Test::Text { any_case, is: Like::OneOf(texts?) });
    }
    let relation = match name {
        "_==_" => Relation::Equal,
        "_!=_" => Relation::NotEqual,
        "_<_" => Relation::Less,
        "_<=_" => Relation::AtMost,
        "_>_" => Relation::More,
        "_>=_" => Relation::AtLeast,
        _ => return None,
    };
    if let Some(number) = number(right) {
        let field = field(left)?;
        return is(field, Test::Number(relation, number));
    }
    let (field, any_case) = text_field(left)?;
    let text = text(right)?;
    let like = match relation {
        Relation::Equal => Like::Equal(text),
        Relation::NotEqual => Like::NotEqual(text),
        _ => return None,
    };
    is(field, Test::Text { any_case, is: like })
}

fn only(call: &CallExpr) -> Option<&IdedExpr> {
    match (&call.target, call.args.as_slice()) {
        (None, [one]) => Some(one),
        _ => None,
    }
}

fn only_argument(call: &CallExpr) -> Option<&IdedExpr> {
    match call.args.as_slice() {
        [one] => Some(one),
        _ => None,
    }
}

fn is_root(node: &IdedExpr, name: &str) -> bool {
    matches!(&node.expr, Expr::Ident(ident) if ident == name)
}

fn selected(operand: &IdedExpr, name: &str) -> Option<Field> {
    let Expr::Ident(root) = &operand.expr else { return None };
    let of = |fields: &[(&'static str, Type, &str)]| {
        fields.iter().find(|(known, ty, _)| *known == name && *ty != Type::Map).map(|(known, ..)| *known)
    };
    match root.as_str() {
        "deal" => of(DEAL_FIELDS).map(Field::Deal),
        "promise" => of(PROMISE_FIELDS).map(Field::Promise),
        _ => None,
    }
}

fn field(node: &IdedExpr) -> Option<Field> {
    match &node.expr {
        Expr::Ident(name) if name == "variant" => Some(Field::Variant),
        Expr::Select(select) if !select.test => selected(&select.operand, &select.field),
        Expr::Call(call) if call.func_name == "_[_]" => {
            let [map, key] = call.args.as_slice() else { return None };
            let Expr::Select(select) = &map.expr else { return None };
            let extra = !select.test && select.field == "extra" && is_root(&select.operand, "deal");
            let column = text(key).filter(|column| !column.is_empty())?;
            extra.then_some(Field::Extra(column))
        }
        _ => None,
    }
}

/// A field that holds text, and whether its capitals were taken out first.
fn text_field(node: &IdedExpr) -> Option<(Field, bool)> {
    let (field, any_case) = match &node.expr {
        Expr::Call(call) if call.func_name == "lowerAscii" && call.args.is_empty() => {
            (field(call.target.as_deref()?)?, true)
        }
        _ => (field(node)?, false),
    };
    (field.holds() == Type::Text).then_some((field, any_case))
}

fn text(node: &IdedExpr) -> Option<String> {
    match &node.expr {
        Expr::Literal(LiteralValue::String(text)) => Some(text.inner().to_owned()),
        _ => None,
    }
}

fn number(node: &IdedExpr) -> Option<Number> {
    match &node.expr {
        Expr::Literal(LiteralValue::Int(n)) => Some(Number::Whole(*n.inner())),
        Expr::Literal(LiteralValue::Double(n)) if n.inner().is_finite() => Some(Number::Decimal(*n.inner())),
        Expr::Call(call) if call.func_name == "-_" => match number(only(call)?)? {
            Number::Whole(n) => n.checked_neg().map(Number::Whole),
            Number::Decimal(n) => Some(Number::Decimal(-n)),
        },
        _ => None,
    }
}
