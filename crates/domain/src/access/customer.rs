//! What somebody at the customer may ask for in the portal: one table, beside that of roles (R4.1, R4.2).
//!
//! Absent on purpose: which handoffs they reach; whoever lets them in narrows them to those of their account.

/// What somebody at the customer needs for a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CustomerRight {
    /// To take part: everybody who was let in does.
    TakePart,
    /// To sign for the customer: given to some, by name.
    Sign,
}

/// The table: what a verb needs; none: it is not for customers.
pub fn customer_right(verb: &str) -> Option<CustomerRight> {
    Some(match verb {
        "confirm-criterion"
        | "commit-prerequisite"
        | "propose-milestone"
        | "own-milestone"
        | "complete-milestone"
        | "comment-plan" => CustomerRight::TakePart,
        "sign-plan" => CustomerRight::Sign,
        _ => return None,
    })
}

/// Whether nobody but the customer asks for a verb: who works in the organisation is refused, so there is no other way
/// to it than the portal.
pub fn customers_alone(verb: &str) -> bool {
    matches!(verb, "propose-milestone" | "sign-plan")
}

/// Whether somebody at the customer may ask for a verb, with or without the right to sign.
pub fn customer_may(verb: &str, signs: bool) -> bool {
    customer_right(verb).is_some_and(|needed| signs || needed == CustomerRight::TakePart)
}
