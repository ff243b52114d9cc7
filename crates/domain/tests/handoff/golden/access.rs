//! Who may do what: the whole table, one row per action.

use throughline_domain::{
    Role,
    access::{Action, Grant, Relation, Scope, allowed, allowed_somewhere, reach, widest},
    handoff::Command,
};

use super::as_table;

#[test]
fn every_role_reaches_as_far_as_the_table_says() {
    let heading =
        std::iter::once("action".to_owned()).chain(Role::ALL.map(|role| role.name().to_owned())).collect();
    let letter = |scope: Option<Scope>| match scope {
        None => "·",
        Some(Scope::Own) => "own",
        Some(Scope::Team) => "team",
        Some(Scope::Organisation) => "all",
    };
    let row = |action: Action| {
        std::iter::once(action.name())
            .chain(Role::ALL.map(|role| letter(reach(role, action)).to_owned()))
            .collect()
    };
    insta::assert_snapshot!(as_table(heading, Action::ALL.map(row).to_vec()));
}

#[test]
fn every_verb_has_its_action_and_every_action_its_place_in_the_list() {
    for verb in Command::VERBS {
        assert!(Action::of_verb(verb).is_some(), "{verb}");
    }
    let mut seen = Action::ALL.to_vec();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), Action::ALL.len());
    assert!(Action::ALL.is_sorted(), "in the order of declaration");
}

#[test]
fn a_grant_reaches_no_further_than_its_scope_and_no_further_than_the_table() {
    let grant = |role, scope| [Grant { role, scope }];
    let nobody = Relation { own: false, team: false };
    let mine = Relation { own: true, team: false };
    let our = Relation { own: false, team: true };
    // The table says own: a wider grant does not widen it.
    let csm = grant(Role::Csm, Scope::Organisation);
    assert!(allowed(&csm, Action::Rate, mine));
    assert!(!allowed(&csm, Action::Rate, our) && !allowed(&csm, Action::Rate, nobody));
    // The grant says own: the table's whole organisation does not widen it.
    let leader = grant(Role::CsLeader, Scope::Own);
    assert!(allowed(&leader, Action::TakeOver, mine) && !allowed(&leader, Action::TakeOver, nobody));
    let manager = grant(Role::AeManager, Scope::Team);
    assert!(allowed(&manager, Action::Fill, our) && !allowed(&manager, Action::Fill, nobody));
    // The auditor changes nothing anywhere.
    let auditor = grant(Role::Auditor, Scope::Organisation);
    let changes = Command::VERBS.iter().filter_map(|verb| Action::of_verb(verb));
    for action in changes {
        assert!(!allowed_somewhere(&auditor, action), "{action:?}");
    }
    let both = [csm[0], leader[0]];
    assert_eq!(widest(&both, Action::Mark), Some(Scope::Own));
    assert_eq!(widest(&grant(Role::CsLeader, Scope::Organisation), Action::Mark), Some(Scope::Organisation));
}
