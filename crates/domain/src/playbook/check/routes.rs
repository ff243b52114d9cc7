//! Routes: every deal takes one, every route can be taken.

use super::{Faults, TITLE};
use crate::playbook::{Playbook, Way, load::place::Path, rule::Scope};

/// The variants that routes give.
pub(super) fn variants(playbook: &Playbook) -> Vec<String> {
    playbook.routes.iter().filter_map(|route| Some(route.variant.as_ref()?.to_string())).collect()
}

pub(super) fn check(playbook: &Playbook, faults: &mut Faults) {
    let routes = Path::root("routes");
    let all = playbook.routes.iter().enumerate();
    faults.unique("routes", all.clone().map(|(i, route)| (routes.nth(i).key("id"), route.id.value.as_str())));
    for (index, route) in all.clone() {
        let path = routes.nth(index);
        faults.text(&path.key("because"), &route.because, TITLE);
        if let Some(when) = &route.when {
            faults.rule(&path.key("when"), &when.value, Scope::Deal);
            faults.no_variant(&path.key("when"), &when.value);
        }
        if route.take == Way::None && route.variant.is_some() {
            faults.add_hint(&path.key("variant"), "a deal out of scope has no variant", "take it out");
        }
    }
    let last = playbook.routes.len().saturating_sub(1);
    for (index, _) in all.filter(|(index, route)| route.when.is_none() && *index < last) {
        faults.add_hint(
            &routes.nth(index + 1),
            "no deal ever gets here: the route before takes them all",
            "the route without `when` stands last",
        );
    }
    match playbook.routes.last() {
        None => faults.add_hint(&routes, "no deal takes this playbook", "give it a route with take: this"),
        Some(route) if route.when.is_some() => faults.add_hint(
            &routes.nth(last),
            "a deal for which no route holds would go nowhere",
            "end with a route without `when`",
        ),
        Some(_) => {}
    }
    if !playbook.routes.is_empty() && playbook.routes.iter().all(|route| route.take == Way::None) {
        faults.add_hint(&routes, "no deal takes this playbook", "at least one route has take: this");
    }
}
