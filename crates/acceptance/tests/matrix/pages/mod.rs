//! The pages: every address they are routed at, read from where that is said.
//!
//! A form that is empty does not get far, so what is held here is what must not happen: nobody is shown a handoff they
//! may not read, nothing changes by somebody who may not change it, and nobody hears of what is not theirs.

mod operations;
mod refusals;
mod rights;
mod routes;

use throughline_domain::{
    Role,
    access::{Grant, Scope},
};

use crate::{
    api::report,
    table::Expected,
    wire::{Answer, Proof, Sent},
    world::{Asker, Place, Tie, World},
};
use rights::{Needs, needs};
use routes::{Route, routes};

/// Where a request to a route leads.
fn address(route: &Route, place: &Place) -> String {
    let nil = uuid::Uuid::nil().to_string();
    let id = if route.is_about_one() {
        place.handoff.to_string()
    } else if route.path.starts_with("/people/{id}") {
        place.bystander.to_string()
    } else {
        nil.clone()
    };
    let known = [
        ("{id}", id.as_str()),
        ("{handoff}", &place.handoff.to_string()),
        ("{ask}", "customer_work"),
        ("{gate}", "handoff"),
        ("{step}", "warm_intro"),
        ("{number}", "1"),
        ("{rating}", "kickoff"),
        ("{category}", "goals"),
        ("{name}", "default"),
        ("{kind}", "offered"),
        ("{external_id}", &place.deal),
        ("{*path}", "nothing.css"),
    ]
    .iter()
    .fold(route.path.clone(), |path, (part, value)| path.replace(part, value));
    // Whatever else there is, there is none of this name.
    let mut parts = known.split('/').map(|part| if part.starts_with('{') { nil.as_str() } else { part });
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |path, part| path + "/" + part)
}

fn ask(wire: &mut crate::wire::Wire, proof: &Proof, method: &str, path: &str) -> Answer {
    let sent = if method == "post" { Sent::Form(String::new()) } else { Sent::Nothing };
    wire.ask(proof, method, path, &sent)
}

pub fn let_in_whom_they_should() {
    let world = World::new();
    let (mut wire, theirs) = (world.wire(), world.of_theirs());
    let (mut asked, mut refused, mut wrong) = (0, 0, Vec::new());
    for route in routes() {
        for method in &route.methods {
            let needs = needs(&route.path, method);
            let Some(needs) = needs else {
                wrong.push(format!("{method} {}: nobody said what it needs; see rights.rs", route.path));
                continue;
            };
            if matches!(needs, Needs::Nothing | Needs::Themselves) {
                continue;
            }
            for asker in world.askers.iter().filter(|asker| asker.looks_at_pages()) {
                let ties = if route.is_about_one() { &Tie::ALL[..] } else { &[Tie::None] };
                for tie in ties {
                    let place = world.place(asker, *tie).unwrap();
                    let path = address(&route, place);
                    let before = world.version(place);
                    let got = ask(&mut wire, &asker.proof, method, &path);
                    asked += 1;
                    if needs == Needs::Visitor {
                        refused += 1;
                        if got.status != 303 || got.location != "/portal" {
                            wrong.push(format!(
                                "{}: {method} {path}: {} {}",
                                asker.name, got.status, got.location
                            ));
                        }
                        continue;
                    }
                    let wanted = wanted(needs, asker, *tie);
                    refused += usize::from(wanted != Expected::In);
                    let at = || format!("{}, {tie:?}: {method} {path}: {}", asker.name, got.status);
                    if let Some(why) = fault(method, &path, wanted, &got) {
                        wrong.push(format!("{}: {why}", at()));
                    }
                    if wanted != Expected::In && world.version(place) != before {
                        wrong.push(format!("{} changed what is not theirs to change", at()));
                    }
                    let heard = asker.unheard().into_iter().filter(|word| got.text.contains(word));
                    wrong.extend(heard.map(|word| format!("{} tells of {word}", at())));
                }
            }
        }
    }
    println!("{asked} requests to pages, {refused} of them to be refused");
    report(&wrong);
    assert!(refused > 3_000, "the matrix has lost its refusals: {refused} of {asked}");
    assert!(theirs == world.of_theirs(), "another organisation was changed");
}

fn wanted(needs: Needs, asker: &Asker, tie: Tie) -> Expected {
    match needs {
        Needs::Nothing | Needs::Themselves | Needs::Session | Needs::Visitor => Expected::In,
        Needs::Right(right) => Expected::anywhere(asker, right),
        Needs::OnOne(right) => Expected::on_one(asker, right, tie),
        Needs::Demo => Expected::NotThere,
    }
}

/// Whether an answer says no more than where the page is that a button's address belongs to.
fn is_signpost(path: &str, got: &Answer) -> bool {
    let above = got.location.strip_suffix('/').unwrap_or(&got.location);
    got.status == 303
        && !above.is_empty()
        && path.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'))
}

/// What is wrong with an answer, if anything.
fn fault(method: &str, path: &str, wanted: Expected, got: &Answer) -> Option<String> {
    if got.status >= 500 {
        return Some("a fault of the server's own".to_owned());
    }
    if method == "get" && is_signpost(path, got) {
        return None;
    }
    let told = Expected::told(got);
    let fine = match (wanted, method) {
        (Expected::In, "get") => told != Expected::Forbidden,
        (Expected::In, _) => true,
        // An empty form may be sent back before anybody looks whose it is, but it does nothing.
        (_, "post") => got.status >= 300 && got.status != 303 || got.location.starts_with("/sign-in"),
        (Expected::Forbidden, _) => told == Expected::Forbidden,
        (Expected::NotThere, _) => told == Expected::NotThere,
    };
    (!fine).then(|| format!("{wanted:?} was wanted ({})", got.location))
}

pub fn want_a_good_session() {
    let world = World::new();
    let (mut wire, mut wrong, mut asked) = (world.wire(), Vec::new(), 0);
    let asker = &world.askers[0];
    let place = world.place(asker, Tie::Own).unwrap();
    let proofs = world.bad_proofs();
    for route in routes() {
        for method in &route.methods {
            if matches!(needs(&route.path, method), Some(Needs::Nothing | Needs::Visitor)) {
                continue;
            }
            let path = address(&route, place);
            for (what, proof) in &proofs {
                let got = ask(&mut wire, proof, method, &path);
                asked += 1;
                let sent_away = got.status == 303 && got.location.starts_with("/sign-in");
                if !sent_away && got.status != 401 && !(*method == "get" && is_signpost(&path, &got)) {
                    wrong.push(format!("{what}: {method} {path}: {} {}", got.status, got.location));
                }
            }
        }
    }
    println!("{asked} requests to pages without a session that is good");
    report(&wrong);
    assert!(asked > 500, "only {asked}");
}

impl Asker {
    /// Whether they have a browser. How far each right reaches is the API's matrix; here those do who reach least and
    /// farthest, and who leads a team.
    fn looks_at_pages(&self) -> bool {
        let far = |grant: &Grant| grant.scope != Scope::Team || grant.role == Role::AeManager;
        self.own.is_some() && self.grants.iter().any(far)
    }
}

impl World {
    /// How often a handoff has changed.
    fn version(&self, place: &Place) -> u64 {
        let loaded = self.runtime.block_on(self.app.load(place.org.id, place.handoff)).unwrap();
        loaded.version
    }
}
