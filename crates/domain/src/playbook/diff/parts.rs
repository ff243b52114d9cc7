//! A playbook as a flat list of parts, each with its properties in words.

use std::fmt::Display;

use serde::Serialize;

use super::super::{
    Demand, Due, Playbook, Step,
    asks::{Ask, Choice},
    model::At,
    rule::Rule,
};
use crate::people::Role;

/// A part: two versions of it have the same path and the same properties in the same order.
pub(super) struct Part {
    pub path: String,
    pub what: String,
    pub title: String,
    pub properties: Vec<(&'static str, String)>,
    /// Names in an order that means something; coming and going are told by the named parts themselves.
    pub orders: Vec<(&'static str, Vec<String>)>,
}

fn part(
    path: impl Display,
    what: impl Display,
    title: impl Display,
    properties: Vec<(&'static str, String)>,
) -> Part {
    Part {
        path: path.to_string(),
        what: what.to_string(),
        title: title.to_string(),
        properties,
        orders: Vec::new(),
    }
}

impl Part {
    fn order(mut self, of: &'static str, names: impl Iterator<Item = String>) -> Self {
        self.orders.push((of, names.collect()));
        self
    }
}

/// Every part, in the order of the document.
pub(super) fn parts(playbook: &Playbook) -> Vec<Part> {
    let mut parts = vec![head(playbook)];
    parts.extend(routes(playbook));
    for section in &playbook.sections {
        let id = &section.id.value;
        let heading = part(
            format_args!("sections.{id}"),
            format_args!("section {id}"),
            &section.title,
            vec![("title", section.title.clone()), ("about", optional(section.about.as_ref()))],
        );
        parts.push(heading.order("asks", section.asks.iter().map(|ask| ask.id.value.to_string())));
        parts.extend(section.asks.iter().map(|ask| one_ask(ask, section.id.value.as_str())));
    }
    parts.extend(promises(playbook));
    parts.extend(gates(playbook));
    parts.extend(receiving(playbook));
    parts.extend(playbook.steps.iter().flat_map(one_step));
    parts.extend(ratings_and_kickoff(playbook));
    parts.extend(measurement(playbook));
    parts
}

fn head(playbook: &Playbook) -> Part {
    part(
        "playbook",
        "playbook",
        &playbook.title,
        vec![
            ("name", playbook.playbook.value.clone()),
            ("title", playbook.title.clone()),
            ("about", playbook.about.trim().to_owned()),
            ("process owner", role(playbook.process_owner)),
            ("opens when", rule(&playbook.opens_when)),
            ("transfer on", name(playbook.transfer_on)),
            ("required at most", playbook.required_at_most.to_string()),
        ],
    )
    .order("routes", playbook.routes.iter().map(|route| route.id.value.to_string()))
    .order("sections", playbook.sections.iter().map(|section| section.id.value.to_string()))
    .order("steps", playbook.steps.iter().map(|step| step.id.value.to_string()))
}

fn routes(playbook: &Playbook) -> impl Iterator<Item = Part> {
    playbook.routes.iter().map(|route| {
        let id = &route.id.value;
        part(
            format_args!("routes.{id}"),
            format_args!("route {id}"),
            &route.because,
            vec![
                ("when", always_or(route.when.as_ref())),
                ("take", name(route.take)),
                ("variant", optional(route.variant.as_ref())),
                ("csm", name(route.csm)),
                ("because", route.because.clone()),
            ],
        )
    })
}

fn one_ask(ask: &Ask, section: &str) -> Part {
    let id = &ask.id.value;
    let required = match (&ask.required_when, ask.required) {
        (_, true) => "always".to_owned(),
        (Some(when), false) => format!("when {}", rule(when)),
        (None, false) => "never".to_owned(),
    };
    part(
        format_args!("asks.{id}"),
        format_args!("ask {id}"),
        &ask.ask,
        vec![
            ("section", section.to_owned()),
            ("question", ask.ask.clone()),
            ("help", optional(ask.help.as_ref())),
            ("type", name(ask.kind)),
            ("options", choices(&ask.options)),
            ("many", yes(ask.many)),
            ("role", optional(ask.role.map(name))),
            ("kinds", list(ask.kinds.iter().map(|kind| kind.name().to_owned()))),
            ("needs", list(ask.needs.iter().map(|need| need.name().to_owned()))),
            ("min", ask.min.to_string()),
            ("none is an answer", yes(ask.allow_none)),
            ("filled by", role(ask.filled_by)),
            ("used by", roles(&ask.used_by)),
            ("required", required),
            ("filled from the CRM", optional(ask.from_crm.map(name))),
            ("category", optional(ask.category.as_ref())),
        ],
    )
}

fn promises(playbook: &Playbook) -> Vec<Part> {
    let rules = &playbook.promises;
    // Routing rules have no names: their order and words are all there is to compare.
    let routing = rules.routing.iter().map(|route| {
        format!("{} to {} because {}", always_or(route.when.as_ref()), role(route.to), route.because)
    });
    vec![part(
        "promises",
        "promises",
        "promise routing",
        vec![
            ("routing", list(routing)),
            ("decided within", rules.decide_within.to_string()),
            ("escalates to", role(rules.escalate_to)),
        ],
    )]
}

fn gates(playbook: &Playbook) -> Vec<Part> {
    let mut parts = Vec::new();
    for rule in &playbook.gates {
        let gate = rule.gate.value.name();
        parts.push(part(
            format_args!("gates.{gate}"),
            format_args!("gate {gate}"),
            list(rule.demands.iter().map(|one| demand(&one.value))),
            vec![("waived by", roles(&rule.waived_by)), ("waivers last", rule.waiver_lasts.to_string())],
        ));
        parts.extend(rule.demands.iter().map(|one| {
            let text = demand(&one.value);
            let path = format!("gates.{gate}.demands.{}", text.replace(' ', "."));
            part(path, format_args!("gate {gate}: demand {text}"), &text, Vec::new())
        }));
    }
    parts
}

fn receiving(playbook: &Playbook) -> Vec<Part> {
    let offer = &playbook.offer;
    let mut parts = vec![
        part(
            "offer",
            "offer",
            "offer and refusal",
            vec![
                ("refusal codes", choices(&offer.refusal_codes)),
                ("escalates to", role(offer.escalate_to)),
                ("second return to", roles(&offer.second_return_to)),
            ],
        ),
        part(
            "scorecard",
            "scorecard",
            "scorecard",
            vec![("escalates to", role(playbook.scorecard.escalate_to))],
        ),
    ];
    parts.extend(playbook.scorecard.categories.iter().map(|category| {
        let id = &category.id.value;
        part(
            format_args!("scorecard.{id}"),
            format_args!("scorecard category {id}"),
            &category.title,
            vec![
                ("title", category.title.clone()),
                ("question", category.question.clone()),
                ("marked", name(category.when)),
                ("unclear", name(category.unclear)),
                ("partial", name(category.partial)),
            ],
        )
    }));
    parts
}

fn one_step(step: &Step) -> Vec<Part> {
    let id = &step.id.value;
    let mut parts = vec![part(
        format_args!("steps.{id}"),
        format_args!("step {id}"),
        &step.title,
        vec![
            ("title", step.title.clone()),
            ("kind", name(step.kind)),
            ("about", optional(step.about.as_ref().map(|about| about.trim()))),
            ("owner", role(step.owner)),
            ("with", roles(&step.with)),
            ("minutes", optional(step.minutes)),
            ("times", optional(step.times.map(|times| format!("{} to {}", times.at_least, times.at_most)))),
            ("due", optional(step.due.as_ref().map(|at| due(&at.value)))),
            ("confirmed by the receiver", yes(step.confirmed_by_receiver)),
            ("until", optional(step.until.map(name))),
            ("confirms", list(step.confirms.iter().map(|one| one.value.to_string()))),
            ("when", always_or(step.when.as_ref())),
            ("rating", optional(step.rating.as_ref())),
            ("agenda", list(step.agenda.iter().cloned())),
            ("outcomes", choices(&step.outcomes)),
        ],
    )];
    parts.extend(step.forms.iter().map(|form| {
        let name = &form.form.value;
        part(
            format_args!("steps.{id}.forms.{name}"),
            format_args!("step {id}: form {name}"),
            &form.title,
            vec![
                ("title", form.title.clone()),
                ("allowed", always_or(form.when.as_ref())),
                ("required", optional(form.required_when.as_ref().map(rule))),
            ],
        )
    }));
    parts
}

fn ratings_and_kickoff(playbook: &Playbook) -> Vec<Part> {
    let mut parts: Vec<Part> = playbook
        .ratings
        .iter()
        .map(|rating| {
            let id = &rating.id.value;
            part(
                format_args!("ratings.{id}"),
                format_args!("rating {id}"),
                &rating.title,
                vec![
                    ("title", rating.title.clone()),
                    ("question", rating.question.clone()),
                    ("low", rating.low.to_string()),
                    ("reasons", choices(&rating.reasons)),
                ],
            )
        })
        .collect();
    let agenda = playbook.agenda.iter().map(|one| {
        let from = list(one.from.iter().map(|ask| ask.value.to_string()));
        format!("{} ({} min; {}; from {from})", one.title, one.minutes, one.about.trim())
    });
    parts.push(part("agenda", "kickoff agenda", "kickoff agenda", vec![("parts", list(agenda))]));
    let milestones = playbook
        .plan
        .milestones
        .iter()
        .map(|one| format!("{} ({}, {} after the kickoff)", one.title, one.side.name(), one.due));
    parts.push(part(
        "plan",
        "plan template",
        "plan template",
        vec![("milestones", list(milestones)), ("prerequisites", choices(&playbook.plan.prerequisites))],
    ));
    parts
}

fn measurement(playbook: &Playbook) -> Vec<Part> {
    let (escalation, measured) = (&playbook.escalation, &playbook.measurement);
    let mut parts = vec![
        part(
            "escalation",
            "escalation",
            "escalation",
            vec![
                ("reminders before", list(escalation.remind_before.iter().map(ToString::to_string))),
                (
                    "ladder",
                    list(
                        escalation
                            .ladder
                            .iter()
                            .map(|rung| format!("{} after {}", name(rung.tell), rung.after)),
                    ),
                ),
            ],
        ),
        part(
            "measurement",
            "measurement",
            "measurement",
            vec![
                ("first value within", measured.first_value_within.to_string()),
                ("pattern from", measured.pattern_from.to_string()),
                ("complete before", name(measured.complete_before)),
            ],
        )
        .order("tiers", measured.tiers.iter().map(|tier| tier.id.to_string())),
    ];
    parts.extend(measured.tiers.iter().map(|tier| {
        part(
            format_args!("measurement.tiers.{}", tier.id),
            format_args!("tier {}", tier.id),
            &tier.title,
            vec![
                ("title", tier.title.clone()),
                ("complete", yes(tier.complete)),
                ("clear marks", tier.clear_marks.to_string()),
                ("kickoff rating", tier.kickoff_rating.to_string()),
            ],
        )
    }));
    parts
}

fn due(due: &Due) -> String {
    let anchor = name(due.anchor);
    let mut text = match (due.within, due.from, due.to) {
        (Some(within), ..) => format!("within {within} after {anchor}"),
        (None, Some(from), Some(to)) => format!("from {from} to {to} before {anchor}"),
        (None, Some(from), None) => format!("from {from} before {anchor}"),
        (None, None, Some(to)) => format!("until {to} before {anchor}"),
        (None, None, None) => format!("until {anchor}"),
    };
    if let Some(opens) = due.opens {
        text.push_str(&format!(", not sooner than {opens}"));
    }
    if due.roll {
        text.push_str(", rolling to the next opening");
    }
    text
}

fn demand(demand: &Demand) -> String {
    match demand {
        Demand::Step(step) => format!("step {step}"),
        Demand::Rating(rating) => format!("rating {rating}"),
        other => name(other),
    }
}

/// The name a value has in the file.
fn name(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        other => format!("{other:?}"),
    }
}

fn rule(rule: &At<Rule>) -> String {
    rule.value.source().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn always_or(when: Option<&At<Rule>>) -> String {
    when.map_or_else(|| "always".to_owned(), rule)
}

fn optional(value: Option<impl Display>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}

fn list(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items.into_iter().collect();
    if items.is_empty() { "none".to_owned() } else { items.join(", ") }
}

fn choices(choices: &[Choice]) -> String {
    list(choices.iter().map(|choice| format!("{} ({})", choice.id, choice.label)))
}

fn role(role: Role) -> String {
    role.title().to_owned()
}

fn roles(all: &[Role]) -> String {
    list(all.iter().map(|one| role(*one)))
}

fn yes(value: bool) -> String {
    if value { "yes" } else { "no" }.to_owned()
}
