//! The API: every operation of its document.

use throughline_domain::access::Action;

use crate::{
    sample::{Operation, operations},
    table::Expected,
    wire::{Proof, Sent},
    world::{Asker, Place, Tie, World},
};

/// Operations about somebody's own things, which a program has none of.
fn is_personal(operation: &Operation) -> bool {
    operation.path.starts_with("/api/v1/me/") || operation.id == "listLetters"
}

/// Operations that lead to a handoff otherwise than by its address.
const LEAD_TO_ONE: [&str; 7] = [
    "checkGate",
    "getDeal",
    "listAccountHandoffs",
    "listPortalPeople",
    "grantPortal",
    "changePortal",
    "revokePortal",
];

/// Operations whose right has to reach somewhere before anything is looked up.
const SOMEWHERE_FIRST: [&str; 2] = ["exportJournal", "eraseTexts"];

fn right(operation: &Operation) -> Option<Action> {
    let right = operation.right.as_ref()?;
    Some(serde_json::from_value(serde_json::Value::String(right.clone())).unwrap())
}

fn is_about_one(operation: &Operation) -> bool {
    operation.path.contains("/handoffs/{id}") || LEAD_TO_ONE.contains(&operation.id.as_str())
}

fn expected(operation: &Operation, asker: &Asker, tie: Tie) -> Expected {
    if is_personal(operation) && asker.own.is_none() {
        return Expected::NotThere;
    }
    let Some(right) = right(operation) else { return Expected::In };
    let anywhere = Expected::anywhere(asker, right);
    let by_name = |names: &[&str]| names.contains(&operation.id.as_str());
    if !is_about_one(operation) || by_name(&SOMEWHERE_FIRST) && anywhere != Expected::In {
        return anywhere;
    }
    if by_name(&LEAD_TO_ONE) && anywhere != Expected::In {
        return anywhere;
    }
    Expected::on_one(asker, right, tie)
}

fn address(operation: &Operation, place: &Place) -> String {
    operation.at(place).replace("/D-1", &format!("/{}", place.deal))
}

fn body(operation: &Operation, document: &serde_json::Value, place: &Place) -> Sent {
    operation.fitting(document, place).map_or(Sent::Nothing, |body| Sent::Json(body.to_string()))
}

pub fn lets_in_whom_it_should() {
    let (document, world) = (throughline_api::openapi(), World::new());
    let (mut wire, theirs) = (world.wire(), world.of_theirs());
    let (mut asked, mut refused, mut wrong) = (0, 0, Vec::new());
    for operation in operations(&document).into_iter().filter(|operation| !operation.open) {
        // A deal that opens nothing by itself is another matter: see the API's own tests.
        if operation.id == "openDeal" {
            continue;
        }
        for asker in &world.askers {
            let ties = if is_about_one(&operation) { &Tie::ALL[..] } else { &[Tie::None] };
            for tie in ties {
                let Some(place) = world.place(asker, *tie) else { continue };
                let wanted = expected(&operation, asker, *tie);
                let path = address(&operation, place);
                let got =
                    wire.ask(&asker.proof, &operation.method, &path, &body(&operation, &document, place));
                asked += 1;
                refused += usize::from(wanted != Expected::In);
                let vague = wanted == Expected::In && operation.is_vague(&path);
                let at = || format!("{}, {tie:?}: {} {path}: {}", asker.name, operation.method, got.status);
                if Expected::told(&got) != wanted && !(vague && got.status == 404) || got.status >= 500 {
                    wrong.push(format!("{} instead of {wanted:?}: {}", at(), got.text));
                }
                let heard = asker.unheard().into_iter().filter(|word| got.text.contains(word));
                wrong.extend(heard.map(|word| format!("{} tells of {word}", at())));
            }
        }
    }
    println!("{asked} requests, {refused} of them to be refused");
    report(&wrong);
    assert!(refused > 3_000, "the matrix has lost its refusals: {refused} of {asked}");
    assert!(theirs == world.of_theirs(), "another organisation was changed");
}

pub fn wants_a_good_proof() {
    let (document, world) = (throughline_api::openapi(), World::new());
    let (mut wire, mut wrong) = (world.wire(), Vec::new());
    let asker = &world.askers[0];
    let place = world.place(asker, Tie::Own).unwrap();
    let proofs = world.bad_proofs();
    for operation in operations(&document) {
        let path = address(&operation, place);
        for (what, proof) in &proofs {
            let got = wire.ask(proof, &operation.method, &path, &body(&operation, &document, place));
            // Who signs what they send needs no other proof, and no other proof will do instead.
            let wanted = if operation.open && operation.id != "receiveEvent" { 200 } else { 401 };
            if got.status != wanted {
                wrong.push(format!("{what}: {} {path}: {} {}", operation.method, got.status, got.text));
            }
        }
    }
    report(&wrong);
}

#[track_caller]
pub fn report(wrong: &[String]) {
    let first: Vec<&String> = wrong.iter().take(25).collect();
    assert!(wrong.is_empty(), "{} findings, the first of them: {first:#?}", wrong.len());
}

impl World {
    /// Proofs that were never good, or are so no longer.
    pub fn bad_proofs(&self) -> Vec<(&'static str, Proof)> {
        use throughline_app::Caller;
        use throughline_domain::{
            Role,
            access::{Grant, Scope},
        };
        let system = Caller::system(self.ours.id);
        let app = &self.app;
        let grant = Grant { role: Role::RevOps, scope: Scope::Organisation };
        self.runtime.block_on(async {
            let (token, revoked) = app.create_token(&system, "revoked", grant, None).await.unwrap();
            app.revoke_token(&system, token.id).await.unwrap();
            let owner = self.ours.process_owner.unwrap();
            let ended = app.open_session(self.ours.id, owner, "ended").await.unwrap();
            let (caller, _) = app.session_caller(&ended).await.unwrap();
            app.sign_out(&caller, &ended).await.unwrap();
            let idle = app.open_session(self.ours.id, owner, "idle").await.unwrap();
            self.clock.advance(jiff::SignedDuration::from_hours(throughline_app::people::IDLE_HOURS + 1));
            let good = app.open_session(self.ours.id, owner, "good").await.unwrap();
            vec![
                ("nothing", Proof::Nothing),
                ("a token made up", Proof::Token("tl_wrong".to_owned())),
                ("a revoked token", Proof::Token(revoked)),
                ("a session as a token", Proof::Token(good)),
                ("a session made up", Proof::Session("wrong".to_owned())),
                ("a session that was ended", Proof::Session(ended)),
                ("a session that was left alone", Proof::Session(idle)),
            ]
        })
    }
}
