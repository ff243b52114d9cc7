//! What rules can see of a deal: the values behind [`crate::playbook::rule::DEAL_FIELDS`].
//!
//! A field the CRM does not give is left out, so that `has()` tells; a rule that reads it anyway is an error,
//! which asks to be safe.

use std::{collections::HashMap, sync::Arc};

use cel::{
    Value,
    objects::{Key as CelKey, Map},
};
use jiff::Timestamp;

use crate::{
    calendar::Calendar,
    deal::{Deal, Standing},
    handoff::Handoff,
    ids::Key,
    playbook::rule::{Facts, text},
};

/// What rules can see of the deal (the list is [`crate::playbook::rule::DEAL_FIELDS`]).
pub fn deal_facts(handoff: &Handoff, calendar: &Calendar, now: Timestamp) -> Facts {
    let variant = handoff.route.variant.as_ref().map_or("", Key::as_str);
    deal_facts_of(&handoff.deal, variant, calendar, now)
}

/// The same for a deal without a handoff yet: routes and `opens_when` ask it.
pub fn deal_facts_of(deal: &Deal, variant: &str, calendar: &Calendar, now: Timestamp) -> Facts {
    let whole = |number: i64| Value::Int(number);
    let opt = |value: &Option<String>| value.as_deref().map(text);
    let today = calendar.local_date(now);
    let signature = deal.signed_at.map(|at| calendar.local_date(at)).or(deal.close_on);
    let extra: HashMap<CelKey, Value> = deal
        .extra
        .iter()
        .map(|(name, value)| (CelKey::String(Arc::new(name.clone())), text(value.as_str())))
        .collect();
    let fields = [
        ("source", Some(text(&deal.key.source))),
        ("name", Some(text(&deal.name))),
        ("account", Some(text(&deal.account))),
        ("stage", Some(text(&deal.stage))),
        ("type", opt(&deal.deal_type)),
        ("segment", opt(&deal.segment)),
        ("lead_source", opt(&deal.lead_source)),
        ("partner", opt(&deal.partner)),
        ("plan", opt(&deal.plan)),
        ("competitor", opt(&deal.competitor)),
        ("currency", deal.amount.map(|amount| text(amount.currency.code()))),
        ("amount", deal.amount.map(|amount| Value::Float(amount.major()))),
        ("arr", deal.arr.or(deal.amount).map(|amount| Value::Float(amount.major()))),
        ("term_months", deal.term_months.map(|months| whole(months.into()))),
        ("discount_percent", deal.discount_percent.map(|percent| whole(percent.into()))),
        ("probability", deal.probability.map(|percent| whole(percent.into()))),
        (
            "days_to_signature",
            signature.and_then(|date| Some(whole(today.until(date).ok()?.get_days().into()))),
        ),
        ("won", Some(Value::Bool(deal.standing == Standing::Won))),
        ("lost", Some(Value::Bool(deal.standing.is_gone()))),
        ("se_involved", deal.se_involved.map(Value::Bool)),
        ("existing_account", deal.existing_account.map(Value::Bool)),
        ("extra", Some(Value::Map(Map { map: Arc::new(extra) }))),
    ];
    let known = fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    Facts::default().with_fields("deal", known).with("variant", text(variant))
}
