//! The process laid out for a reader: the playbook's own texts, its rules and clocks in words.

use throughline_domain::playbook::{Ask, Playbook, Route, Section, Step, model::At, rule::Rule};

use super::words;
use crate::{
    i18n::Text,
    key,
    pages::{rules, words::word},
};

/// A heading with a list of label and value below it.
pub struct Item {
    pub title: String,
    pub about: String,
    pub facts: Vec<(String, String)>,
    pub list: Vec<String>,
}

/// A part of the process.
pub struct Part {
    pub id: &'static str,
    pub title: String,
    pub about: String,
    pub items: Vec<Item>,
}

impl Part {
    pub fn items(&self) -> &[Item] {
        &self.items
    }
}

fn item(title: impl Into<String>, about: Option<&String>) -> Item {
    Item {
        title: title.into(),
        about: about.cloned().unwrap_or_default(),
        facts: Vec::new(),
        list: Vec::new(),
    }
}

impl Item {
    fn fact(mut self, label: impl Into<String>, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.facts.push((label.into(), value));
        }
        self
    }
}

/// A rule in words; always, where there is none.
fn when(t: &Text, rule: Option<&At<Rule>>) -> String {
    match rule {
        Some(rule) => rules::in_words(t, rule.value.source()),
        None => t.get(key!("playbook-always")).into_owned(),
    }
}

/// The sections of the record, each with its asks.
pub fn record(t: &Text, playbook: &Playbook) -> Vec<(Section, Vec<Item>)> {
    playbook
        .sections
        .iter()
        .map(|section| (section.clone(), section.asks.iter().map(|one| ask(t, playbook, one)).collect()))
        .collect()
}

fn ask(t: &Text, playbook: &Playbook, ask: &Ask) -> Item {
    let required = match (ask.required, &ask.required_when) {
        (true, _) => t.get(key!("playbook-always")).into_owned(),
        (false, Some(rule)) => rules::in_words(t, rule.value.source()),
        (false, None) => t.get(key!("playbook-never")).into_owned(),
    };
    let needs: Vec<String> = ask.needs.iter().map(|need| word(t, *need)).collect();
    let category = ask.category.as_ref().and_then(|id| playbook.category(id));
    let mut kind = words::kind(t, ask.kind);
    if ask.min > 1 {
        kind = t.with(key!("playbook-at-least"), (("kind", kind), ("n", ask.min))).into_owned();
    }
    let mut made = item(&ask.ask, ask.help.as_ref())
        .fact(t.get(key!("playbook-required")), required)
        .fact(t.get(key!("playbook-answer")), kind)
        .fact(t.get(key!("playbook-needs")), t.list(&needs))
        .fact(t.get(key!("playbook-filled-by")), words::role(t, ask.filled_by))
        .fact(t.get(key!("playbook-used-by")), words::roles(t, &ask.used_by))
        .fact(
            t.get(key!("playbook-reviewed-as")),
            category.map(|category| category.title.clone()).unwrap_or_default(),
        )
        .fact(
            t.get(key!("playbook-from-crm")),
            ask.from_crm.map(|field| words::crm_field(t, field)).unwrap_or_default(),
        );
    made.list = ask.options.iter().map(|choice| choice.label.clone()).collect();
    made
}

/// Everything but the record, in the order things happen.
pub fn parts(t: &Text, playbook: &Playbook) -> Vec<Part> {
    let part = |id, title: crate::i18n::Key, about: crate::i18n::Key, items| Part {
        id,
        title: t.get(title).into_owned(),
        about: t.get(about).into_owned(),
        items,
    };
    // A part that a playbook leaves out is no heading without a text.
    let parts = [
        part("gates", key!("playbook-gates"), key!("playbook-gates-about"), gates(t, playbook)),
        part("steps", key!("playbook-steps"), key!("playbook-steps-about"), steps(t, playbook)),
        part("promises", key!("playbook-promises"), key!("playbook-promises-about"), promises(t, playbook)),
        part("review", key!("playbook-review"), key!("playbook-review-about"), review(t, playbook)),
        part("agenda", key!("playbook-agenda"), key!("playbook-agenda-about"), agenda(t, playbook)),
        part("plan", key!("playbook-plan"), key!("playbook-plan-about"), plan(t, playbook)),
        part("ratings", key!("playbook-ratings"), key!("playbook-ratings-about"), ratings(t, playbook)),
        part("routes", key!("playbook-routes"), key!("playbook-routes-about"), routes(t, playbook)),
        part("telling", key!("playbook-telling"), key!("playbook-telling-about"), telling(t, playbook)),
        part("tiers", key!("playbook-tiers"), key!("playbook-tiers-about"), tiers(t, playbook)),
    ];
    parts.into_iter().filter(|part| !part.items.is_empty()).collect()
}

fn gates(t: &Text, playbook: &Playbook) -> Vec<Item> {
    let one = |rule: &throughline_domain::playbook::GateRule| {
        let mut made = item(word(t, rule.gate.value), None)
            .fact(t.get(key!("playbook-waived-by")), words::roles(t, &rule.waived_by))
            .fact(t.get(key!("playbook-waiver-lasts")), words::span(t, rule.waiver_lasts));
        made.list = rule.demands.iter().map(|demand| words::demand(t, playbook, &demand.value)).collect();
        made
    };
    playbook.gates.iter().map(one).collect()
}

fn steps(t: &Text, playbook: &Playbook) -> Vec<Item> {
    playbook.steps.iter().map(|step| one_step(t, playbook, step)).collect()
}

fn one_step(t: &Text, playbook: &Playbook, step: &Step) -> Item {
    let forms: Vec<String> = step
        .forms
        .iter()
        .map(|form| match (&form.when, &form.required_when) {
            (None, None) => form.title.clone(),
            (Some(rule), None) => t
                .with(
                    key!("playbook-form-when"),
                    (("form", form.title.as_str()), ("rule", rules::in_words(t, rule.value.source()))),
                )
                .into_owned(),
            (_, Some(rule)) => t
                .with(
                    key!("playbook-form-required"),
                    (("form", form.title.as_str()), ("rule", rules::in_words(t, rule.value.source()))),
                )
                .into_owned(),
        })
        .collect();
    let confirms: Vec<String> = step
        .confirms
        .iter()
        .map(|id| playbook.step(&id.value).map_or_else(|| id.value.to_string(), |step| step.title.clone()))
        .collect();
    let times = step.times.map(|times| {
        t.with(key!("playbook-times"), (("least", times.at_least), ("most", times.at_most))).into_owned()
    });
    let minutes = step.minutes.map(|minutes| t.with(key!("playbook-minutes"), ("n", minutes)).into_owned());
    let received = step.confirmed_by_receiver.then(|| t.get(key!("playbook-receiver")).into_owned());
    let mut made = item(&step.title, step.about.as_ref())
        .fact(t.get(key!("playbook-owner")), words::role(t, step.owner))
        .fact(t.get(key!("playbook-with")), words::roles(t, &step.with))
        .fact(
            t.get(key!("playbook-clock")),
            step.due.as_ref().map(|due| words::due(t, &due.value)).unwrap_or_default(),
        )
        .fact(t.get(key!("playbook-takes")), minutes.unwrap_or_default())
        .fact(t.get(key!("playbook-often")), times.unwrap_or_default())
        .fact(t.get(key!("playbook-forms")), t.list(&forms))
        .fact(
            t.get(key!("playbook-until")),
            step.until.map(|until| words::moment(t, until)).unwrap_or_default(),
        )
        .fact(t.get(key!("playbook-counts")), received.unwrap_or_default())
        .fact(t.get(key!("playbook-confirms")), t.list(&confirms));
    if step.when.is_some() {
        made = made.fact(t.get(key!("playbook-only-when")), when(t, step.when.as_ref()));
    }
    made.list =
        step.agenda.iter().cloned().chain(step.outcomes.iter().map(|one| one.label.clone())).collect();
    made
}

fn promises(t: &Text, playbook: &Playbook) -> Vec<Item> {
    let rules = &playbook.promises;
    let routed = rules.routing.iter().map(|route| {
        item(&route.because, None)
            .fact(t.get(key!("playbook-when")), when(t, route.when.as_ref()))
            .fact(t.get(key!("playbook-decides")), words::role(t, route.to))
    });
    let undecided = item(t.get(key!("playbook-undecided")), None)
        .fact(t.get(key!("playbook-after")), words::span(t, rules.decide_within))
        .fact(t.get(key!("playbook-goes-to")), words::role(t, rules.escalate_to));
    routed.chain([undecided]).collect()
}

fn review(t: &Text, playbook: &Playbook) -> Vec<Item> {
    let marks = playbook.scorecard.categories.iter().map(|category| {
        item(&category.title, Some(&category.question))
            .fact(t.get(key!("playbook-marked")), words::marked(t, category.when))
            .fact(t.get(key!("mark-unclear")), words::effect(t, category.unclear))
            .fact(t.get(key!("mark-partial")), words::effect(t, category.partial))
    });
    let mut refusal = item(t.get(key!("playbook-refusal")), None)
        .fact(t.get(key!("playbook-unanswered")), words::role(t, playbook.offer.escalate_to))
        .fact(t.get(key!("playbook-second-return")), words::roles(t, &playbook.offer.second_return_to));
    refusal.list = playbook.offer.refusal_codes.iter().map(|code| code.label.clone()).collect();
    marks.chain([refusal]).collect()
}

fn agenda(t: &Text, playbook: &Playbook) -> Vec<Item> {
    let one = |part: &throughline_domain::playbook::AgendaPart| {
        let title =
            t.with(key!("playbook-agenda-part"), (("title", part.title.as_str()), ("n", part.minutes)));
        let mut made = item(title, Some(&part.about));
        made.list = part
            .from
            .iter()
            .map(|id| playbook.ask(&id.value).map_or_else(|| id.value.to_string(), |ask| ask.ask.clone()))
            .collect();
        made
    };
    playbook.agenda.iter().map(one).collect()
}

fn plan(t: &Text, playbook: &Playbook) -> Vec<Item> {
    let milestones = playbook.plan.milestones.iter().map(|milestone| {
        item(&milestone.title, None)
            .fact(t.get(key!("playbook-owner")), word(t, milestone.side))
            .fact(t.get(key!("playbook-after-kickoff")), words::span(t, milestone.due))
    });
    let mut before = item(t.get(key!("playbook-prerequisites")), None);
    before.list = playbook.plan.prerequisites.iter().map(|one| one.label.clone()).collect();
    milestones.chain((!before.list.is_empty()).then_some(before)).collect()
}

fn ratings(t: &Text, playbook: &Playbook) -> Vec<Item> {
    let one = |rating: &throughline_domain::playbook::Rating| {
        let mut made = item(&rating.title, Some(&rating.question))
            .fact(t.get(key!("playbook-low")), t.with(key!("playbook-low-text"), ("n", rating.low)));
        made.list = rating.reasons.iter().map(|reason| reason.label.clone()).collect();
        made
    };
    playbook.ratings.iter().map(one).collect()
}

fn routes(t: &Text, playbook: &Playbook) -> Vec<Item> {
    let one = |route: &Route| {
        item(&route.because, None)
            .fact(t.get(key!("playbook-when")), when(t, route.when.as_ref()))
            .fact(t.get(key!("playbook-takes-way")), words::way(t, route.take, route.csm))
            .fact(
                t.get(key!("playbook-variant")),
                route.variant.as_ref().map(ToString::to_string).unwrap_or_default(),
            )
    };
    playbook.routes.iter().map(one).collect()
}

fn telling(t: &Text, playbook: &Playbook) -> Vec<Item> {
    let spans: Vec<String> =
        playbook.escalation.remind_before.iter().map(|span| words::span(t, *span)).collect();
    let reminded =
        item(t.get(key!("playbook-remind")), None).fact(t.get(key!("playbook-before-due")), t.list(&spans));
    let mut ladder = item(t.get(key!("playbook-ladder")), None);
    ladder.list = playbook
        .escalation
        .ladder
        .iter()
        .map(|rung| {
            let who = words::told(t, rung.tell);
            t.with(key!("playbook-rung"), (("who", who), ("span", words::span(t, rung.after)))).into_owned()
        })
        .collect();
    vec![reminded, ladder]
}

fn tiers(t: &Text, playbook: &Playbook) -> Vec<Item> {
    let measured = &playbook.measurement;
    let figures = item(t.get(key!("playbook-figures")), None)
        .fact(t.get(key!("playbook-first-value")), words::span(t, measured.first_value_within))
        .fact(t.get(key!("playbook-complete-before")), words::complete_before(t, measured.complete_before))
        .fact(t.get(key!("playbook-pattern")), t.number(measured.pattern_from));
    let tiers = measured.tiers.iter().map(|tier| {
        let yes = |yes: bool| if yes { t.get(key!("word-yes")).into_owned() } else { String::new() };
        let from = |n: u8| if n > 0 { t.number(n) } else { String::new() };
        item(&tier.title, None)
            .fact(t.get(key!("playbook-tier-complete")), yes(tier.complete))
            .fact(t.get(key!("playbook-tier-clear")), from(tier.clear_marks))
            .fact(t.get(key!("playbook-tier-rating")), from(tier.kickoff_rating))
    });
    [figures].into_iter().chain(tiers).collect()
}

/// What stands at the top: when a record opens, when ownership moves.
pub fn summary(t: &Text, playbook: &Playbook) -> Vec<(String, String)> {
    vec![
        (t.get(key!("playbook-opens")).into_owned(), rules::in_words(t, playbook.opens_when.value.source())),
        (t.get(key!("playbook-transfer")).into_owned(), words::transfer(t, playbook.transfer_on)),
        (t.get(key!("playbook-process-owner")).into_owned(), words::role(t, playbook.process_owner)),
        (
            t.get(key!("playbook-always-required")).into_owned(),
            t.with(
                key!("playbook-always-required-of"),
                (
                    ("n", playbook.asks().filter(|ask| ask.required).count()),
                    ("most", playbook.required_at_most),
                ),
            )
            .into_owned(),
        ),
    ]
}
