//! Promise routing: every rule is reached, and leads to somebody who may decide, which is never who promised.

use super::{Faults, TITLE};
use crate::{
    access::Action,
    playbook::{Playbook, load::place::Path, rule::Scope},
};

pub(super) fn check(playbook: &Playbook, faults: &mut Faults) {
    let promises = Path::root("promises");
    let routing = promises.key("routing");
    faults.lasts(&promises.key("decide_within"), playbook.promises.decide_within);
    faults.works(&promises.key("escalate_to"), playbook.promises.escalate_to);
    let last = playbook.promises.routing.len().saturating_sub(1);
    for (index, route) in playbook.promises.routing.iter().enumerate() {
        let path = routing.nth(index);
        faults.text(&path.key("because"), &route.because, TITLE);
        faults.may(&path.key("to"), route.to, Action::DecidePromise, "decide on a promise");
        match &route.when {
            Some(when) => faults.rule(&path.key("when"), &when.value, Scope::Promise),
            None if index < last => faults.add_hint(
                &routing.nth(index + 1),
                "no promise ever gets here: the rule before takes them all",
                "the rule without `when` stands last",
            ),
            None => {}
        }
    }
}
