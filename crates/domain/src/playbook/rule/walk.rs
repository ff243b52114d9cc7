//! Looking through a rule's parts.

use cel::common::ast::{Expr, IdedExpr};

pub(super) fn walk(node: &IdedExpr, seen: &mut dyn FnMut(&IdedExpr)) {
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

pub(super) fn is_path(node: &IdedExpr, path: &str) -> bool {
    match (&node.expr, path.split_once('.')) {
        (Expr::Ident(name), None) => name == path,
        (Expr::Select(select), Some((root, field))) => {
            !select.test && select.field == field && is_path(&select.operand, root)
        }
        _ => false,
    }
}
