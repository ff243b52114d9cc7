//! A handoff under test: who does what on it, and what is then to be seen.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    Answer, Check, Company, Gap, Problem, RITA, View, Who, answer_to, evidence, holding,
    seen::{instant, text},
};

/// One deal's handoff.
#[derive(Clone)]
pub struct Case<'c> {
    /// Whose.
    pub company: &'c Company,
    /// Its id.
    pub id: String,
    /// The CRM that knows its deal.
    pub source: String,
    /// The deal's id there.
    pub external_id: String,
}

impl<'c> Case<'c> {
    pub fn new(company: &'c Company, id: &str, source: &str, external_id: &str) -> Self {
        let owned = str::to_owned;
        Self { company, id: owned(id), source: owned(source), external_id: owned(external_id) }
    }

    // --- doing --------------------------------------------------------------------------------------------

    /// Somebody does something, and it is done.
    #[track_caller]
    pub fn does(&self, who: Who, verb: &str, body: Value) -> View {
        View(self.tries(who, verb, body).expect(200))
    }

    /// Somebody tries something.
    pub fn tries(&self, who: Who, verb: &str, body: Value) -> Answer {
        self.company.by(who).post(&format!("/api/v1/handoffs/{}/{verb}", self.id), body)
    }

    /// Somebody tries something and is refused.
    #[track_caller]
    pub fn refused(&self, who: Who, verb: &str, body: Value) -> Problem {
        let answer = self.tries(who, verb, body);
        assert!(answer.status >= 400, "{answer}");
        Problem::of(&answer)
    }

    /// Somebody tries something and a gate is shut: what it misses.
    #[track_caller]
    pub fn shut(&self, who: Who, verb: &str, body: Value) -> Problem {
        let problem = self.refused(who, verb, body);
        assert_eq!((problem.status, problem.kind.as_str()), (422, "gate-shut"), "{:#}", problem.body);
        problem
    }

    /// Reports that a step happened.
    #[track_caller]
    pub fn reports(&self, who: Who, step: &str, at: &str, more: Value) -> View {
        self.does(who, "report-step", self.report(step, at, more))
    }

    /// The body of a report.
    #[track_caller]
    pub fn report(&self, step: &str, at: &str, more: Value) -> Value {
        let at = self.company.instant(at).to_string();
        let mut body = json!({ "step": step, "happened_at": at, "known_by": "attested" });
        if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
            body.extend(more);
        }
        body
    }

    /// Answers an ask as whoever owes it.
    #[track_caller]
    pub fn answers(&self, who: Who, ask: &str) -> View {
        let (verb, body) = answer_to(&self.company.playbook, ask);
        self.does(who, verb, body)
    }

    /// Says something else than before about whether the trigger holds, with a reason.
    #[track_caller]
    pub fn has_doubts(&self, who: Who) -> View {
        let answer = json!({ "type": "yes_no", "yes": false });
        self.does(
            who,
            "answer",
            json!({ "ask": "trigger_holds", "answer": answer, "reason": "Their board met." }),
        )
    }

    /// Fills whatever the record still misses, as whoever owes it.
    #[track_caller]
    pub fn fills_the_record(&self) -> View {
        for _ in 0..60 {
            let view = self.view();
            let gaps = self.gaps_of(&view);
            let Some(gap) = gaps.first() else { return view };
            self.closes(gap);
        }
        panic!("the record cannot be filled: {:?}", self.view().missing());
    }

    /// All that the record misses but the one named, to be given at a time of the test's own.
    #[track_caller]
    pub fn fills_all_but(&self, ask: &str) {
        for gap in self.gaps_of(&self.view()).iter().filter(|gap| gap.about() != format!("ask:{ask}")) {
            self.closes(gap);
        }
        assert_eq!(self.view().missing(), [format!("ask:{ask}")]);
    }

    fn gaps_of(&self, view: &View) -> Vec<Gap> {
        view.0["gaps"].as_array().unwrap().iter().cloned().map(Gap).collect()
    }

    /// Closes a gap by the means of who owes it.
    #[track_caller]
    pub fn closes(&self, gap: &Gap) {
        let who = self.who_owes(gap);
        let about = &gap.0["about"];
        match gap
            .about()
            .split_once(':')
            .map_or(gap.about().as_str().to_owned(), |(of, _)| of.to_owned())
            .as_str()
        {
            "ask" => {
                self.answers(who, &text(&about["ask"]));
            }
            "commitment" => self.decides(who, &text(&about["item"]), "approved"),
            "correction" => {
                self.does(who, "correct-promise", json!({ "item": about["item"], "evidence": evidence() }));
            }
            "category" => {
                let who = if gap.problem() == "marked_unclear" { self.csm() } else { who };
                self.marks(who, &text(&about["category"]), "clear");
            }
            "return" => {
                self.does(who, "answer-return", json!({ "text": "It is mended." }));
            }
            other => panic!("no means against {other}: {:#}", gap.0),
        }
    }

    /// Who owes a gap here: the person it names, else whoever holds the role.
    #[track_caller]
    pub fn who_owes(&self, gap: &Gap) -> Who {
        let named = super::EVERYBODY.iter().find(|who| self.company.id(**who) == text(&gap.0["person"]));
        named.copied().unwrap_or_else(|| holding(&gap.owed_by()))
    }

    fn csm(&self) -> Who {
        let view = self.view();
        let csm = text(&view.0["nominated"]["csm"]);
        let named = super::EVERYBODY.iter().find(|who| self.company.id(**who) == csm);
        named.copied().unwrap_or_else(|| holding("csm"))
    }

    /// Writes a promise down: the id of its item.
    #[track_caller]
    pub fn promises(&self, who: Who, promise: &Value) -> String {
        let view = self.does(who, "add-item", json!({ "body": promise, "evidence": evidence() }));
        // Items sort by birth, and under a clock set by hand many are born at once.
        let written = view.items("promise").into_iter().find(|item| item["body"]["what"] == promise["what"]);
        text(&written.unwrap_or_else(|| panic!("{promise} is not in the record"))["id"])
    }

    /// Decides a promise.
    #[track_caller]
    pub fn decides(&self, who: Who, item: &str, verdict: &str) {
        let body = json!({ "item": item, "verdict": verdict, "reason": "We looked at it together." });
        self.does(who, "decide-promise", body);
    }

    /// Marks a category.
    #[track_caller]
    pub fn marks(&self, who: Who, category: &str, mark: &str) -> View {
        let note =
            if mark == "clear" { Value::Null } else { json!("I would have to ask the customer again.") };
        self.does(who, "mark", json!({ "category": category, "mark": mark, "note": note }))
    }

    /// Marks everything that is reviewed before acceptance.
    #[track_caller]
    pub fn reviews(&self, who: Who) {
        for category in self.reviewed() {
            self.marks(who, &category, "clear");
        }
    }

    /// The categories of the review.
    pub fn reviewed(&self) -> Vec<String> {
        use throughline_domain::playbook::MarkedWhen;
        let categories = self.company.playbook.scorecard.categories.iter();
        categories.filter(|one| one.when == MarkedWhen::Review).map(|one| one.id.value.to_string()).collect()
    }

    /// Offers the record to a CSM.
    #[track_caller]
    pub fn offers(&self, who: Who, to: Who) -> View {
        self.does(who, "offer", json!({ "to": self.company.id(to) }))
    }

    /// Fills, offers, reviews, accepts: up to the assignment, all at the present instant.
    #[track_caller]
    pub fn is_assigned(&self, to: Who) -> View {
        self.fills_the_record();
        self.offers(super::AVA, to);
        self.reviews(to);
        self.does(to, "accept", json!({}))
    }

    // --- seeing -------------------------------------------------------------------------------------------

    /// The handoff as its process owner sees it.
    #[track_caller]
    pub fn view(&self) -> View {
        self.seen_by(RITA)
    }

    /// The handoff as somebody sees it.
    #[track_caller]
    pub fn seen_by(&self, who: Who) -> View {
        View(self.company.by(who).get(&format!("/api/v1/handoffs/{}", self.id)).expect(200))
    }

    /// Its eight pages, each answered.
    #[track_caller]
    pub fn pages(&self, who: Who) -> Vec<String> {
        let parts = ["", "/promises", "/review", "/steps", "/gates", "/plan", "/questions", "/timeline"];
        let page = |part: &&str| {
            let answer = self.company.by(who).get(&format!("/handoffs/{}{part}", self.id));
            assert_eq!(answer.status, 200, "{answer}");
            answer.text
        };
        parts.iter().map(page).collect()
    }

    /// How a step reads now.
    #[track_caller]
    pub fn reading(&self, step: &str) -> String {
        self.view().reading(step)
    }

    /// When a step is due.
    #[track_caller]
    pub fn due(&self, step: &str) -> Timestamp {
        instant(&self.view().step(step)["due_at"])
    }

    /// How a step reads at a local time.
    #[track_caller]
    pub fn reads(&self, step: &str, at: &str, reading: &str) {
        self.company.at(at);
        assert_eq!(self.reading(step), reading, "{step} at {at}: {:#}", self.view().step(step));
    }

    /// What a gate answers to a look.
    #[track_caller]
    pub fn gate(&self, gate: &str) -> Check {
        self.asks_gate(gate, "preview")
    }

    /// What a gate answers to a program.
    #[track_caller]
    pub fn asks_gate(&self, gate: &str, intent: &str) -> Check {
        let body = json!({ "handoff_id": self.id, "intent": intent });
        let company = self.company;
        Check(company.by_token(&company.crm).post(&format!("/api/v1/gates/{gate}/checks"), body).expect(200))
    }

    /// News of its deal.
    pub fn news(&self) -> super::DealNews<'c> {
        self.company.deal_of(&self.source, &self.external_id)
    }

    /// The kinds of its facts, oldest first.
    #[track_caller]
    pub fn facts(&self) -> Vec<String> {
        let page = self
            .company
            .by(RITA)
            .get(&format!("/api/v1/handoffs/{}/timeline?limit=200", self.id))
            .expect(200);
        let rows = page["rows"].as_array().unwrap_or_else(|| panic!("{page:#}"));
        rows.iter().rev().map(|row| text(&row["fact"]["kind"])).collect()
    }
}
