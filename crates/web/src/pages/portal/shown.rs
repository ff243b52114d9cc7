//! The values of the portal's page, made from `PortalView` alone.

use jiff::civil::Date;
use throughline_app::portal::view::{
    PortalComment, PortalContact, PortalCriterion, PortalMilestone, PortalNeed, PortalNext, PortalPlan,
    PortalPrerequisite, PortalProposal, PortalView,
};
use throughline_domain::{HandoffId, Role, record::Side};

use super::forms::{self, Typed};
use crate::{
    chrome::role_key,
    i18n::{Key, Text},
    key,
    pages::words::data_name,
    ui::{Choice, Field, Person, Tone},
};

/// How the values are made: for whom, of which handoff, on which day, and what was typed.
pub struct Maker<'a> {
    /// Words, dates and numbers.
    pub t: &'a Text,
    /// Which handoff.
    pub id: HandoffId,
    /// The company, as the customer reads it.
    pub company: &'a str,
    /// Today where the company is.
    pub today: Date,
    /// The form that was refused, if one was.
    pub typed: Option<&'a Typed<'a>>,
}

/// Something asked of them, with where it is done.
pub struct Need {
    pub icon: &'static str,
    pub text: String,
    pub what: String,
    /// Where it is done; for what is done at once, where the page is looked at again if it is refused.
    pub href: String,
    pub button: String,
    /// Where it is done at once.
    pub action: Option<String>,
}

/// Something to come.
pub struct Next {
    pub day: String,
    pub month: String,
    pub title: String,
    pub when: String,
    pub late: bool,
}

/// Somebody to turn to.
pub struct Contact {
    pub person: Person,
    pub mail: Option<String>,
}

/// One of their goals.
pub struct Goal {
    pub id: String,
    pub action: String,
    /// What an answer is bound to.
    pub read: String,
    pub words: String,
    pub measure: Option<String>,
    pub by: Option<String>,
    pub answered: Option<String>,
    pub other: Field,
    pub open: bool,
    pub refused: Option<String>,
}

/// Something said.
pub struct Said {
    pub who: Person,
    pub ours: bool,
    pub at: String,
    pub text: String,
}

/// A form of one field.
pub struct OneField {
    pub action: String,
    pub field: Field,
    pub open: bool,
    pub refused: Option<String>,
}

/// A form that proposes a milestone or another shape of one.
pub struct Propose {
    pub of: Option<String>,
    pub title: Field,
    pub side: Field,
    pub sides: Vec<Choice>,
    pub owner: Field,
    pub due: Field,
    pub open: bool,
    pub refused: Option<String>,
}

impl Propose {
    pub(super) fn sides(&self) -> &[Choice] {
        &self.sides
    }
}

/// A milestone.
pub struct Milestone {
    pub id: String,
    /// Its id alone, as forms send it.
    pub raw: String,
    pub title: String,
    pub side: String,
    pub yours: bool,
    pub owner: Option<String>,
    pub due: Option<String>,
    pub reached: Option<String>,
    pub late: bool,
    pub comments: Vec<Said>,
    pub count: usize,
    pub own: Option<OneField>,
    pub done: Option<OneField>,
    pub undo: Option<String>,
    pub change: Option<Propose>,
    pub say: OneField,
    pub open: bool,
    /// What can be done with it is shown once it is asked for: a long plan would be a heavy page.
    pub far: bool,
}

impl Milestone {
    pub(super) fn comments(&self) -> &[Said] {
        &self.comments
    }
}

/// Something they are asked to commit to.
pub struct Prerequisite {
    pub id: String,
    pub action: String,
    pub label: String,
    pub committed: Option<String>,
    pub refused: Option<String>,
}

/// Something they proposed.
pub struct Proposal {
    pub title: String,
    pub facts: Vec<String>,
    pub tone: Tone,
    pub icon: &'static str,
    pub state: String,
    pub about: String,
    pub reason: Option<String>,
}

/// Where the plan stands with their agreement.
pub struct Agreed {
    pub tone: Tone,
    pub icon: &'static str,
    pub title: String,
    pub text: String,
}

impl Maker<'_> {
    fn base(&self) -> String {
        format!("/portal/plans/{}", self.id)
    }

    fn say(&self, key: Key) -> String {
        self.t.get(key).into_owned()
    }

    fn field(&self, form: &str, name: &str, label: Key, value: impl Into<String>) -> Field {
        forms::field(self.typed, form, Field::new(name, self.t.get(label)).value(value))
    }

    fn one(&self, form: &str, action: String, field: Field) -> OneField {
        OneField {
            action,
            open: forms::refused(self.typed, form),
            refused: forms::beside(self.typed, form, &[&field.name]),
            field,
        }
    }

    /// A side, as the customer reads it.
    pub fn side(&self, side: Side) -> String {
        match side {
            Side::Us => self.company.to_owned(),
            Side::Customer => self.say(key!("portal-side-you")),
            Side::Partner => self.say(key!("portal-side-partner")),
        }
    }

    pub fn contact(&self, contact: &PortalContact) -> Contact {
        let role = match contact.role {
            Role::Csm => key!("portal-role-csm"),
            Role::Ae => key!("portal-role-ae"),
            Role::RevOps => key!("portal-role-rev-ops"),
            other => role_key(other),
        };
        let name = if contact.name.is_empty() { self.company } else { contact.name.as_str() };
        Contact { person: Person::named(name).as_a(self.t.get(role)), mail: contact.email.clone() }
    }

    pub fn need(&self, view: &PortalView, need: &PortalNeed) -> Option<Need> {
        let base = self.base();
        let plan = view.plan.as_ref();
        Some(match need {
            PortalNeed::Criterion { item } => Need {
                icon: "message-square-quote",
                text: self.say(key!("portal-need-goal")),
                what: view.criteria.iter().find(|one| one.item == *item)?.words.clone(),
                href: format!("#goal-{item}"),
                button: self.say(key!("portal-need-do")),
                action: None,
            },
            PortalNeed::Prerequisite { prerequisite } => Need {
                icon: "hand-helping",
                text: self.say(key!("portal-need-prerequisite")),
                what: plan?.prerequisites.iter().find(|one| one.id == *prerequisite)?.label.clone(),
                href: format!("commit-{prerequisite}"),
                button: self.say(key!("portal-commit-button")),
                action: Some(format!("{base}/prerequisites/{prerequisite}")),
            },
            PortalNeed::Owner { milestone } => Need {
                icon: "user-check",
                text: self.say(key!("portal-need-owner")),
                what: plan?.milestones.iter().find(|one| one.id == *milestone)?.title.clone(),
                href: format!("{base}?open={milestone}#milestone-{milestone}"),
                button: self.say(key!("portal-need-name")),
                action: None,
            },
            PortalNeed::Signature => Need {
                icon: "stamp",
                text: self.say(key!("portal-need-signature")),
                what: self.say(key!("portal-need-signature-what")),
                href: format!("{base}/sign"),
                button: self.say(key!("portal-sign-open")),
                action: None,
            },
        })
    }

    pub fn next(&self, view: &PortalView, next: &PortalNext) -> Option<Next> {
        let (date, title, when) = match next {
            PortalNext::Meeting { title, starts_at, ends_at } => {
                let args = (("from", self.t.moment_full(*starts_at)), ("to", self.t.time(*ends_at)));
                let when = self.t.with(key!("portal-next-meeting"), args).into_owned();
                (self.t.local_date(*starts_at), title.clone(), when)
            }
            PortalNext::Milestone { milestone, due_on } => {
                let found = view.plan.as_ref()?.milestones.iter().find(|one| one.id == *milestone)?;
                let side = || match found.side {
                    Side::Customer => self.say(key!("portal-next-yours")),
                    other => self.side(other),
                };
                let who = found.owner.clone().unwrap_or_else(side);
                let late = *due_on < self.today;
                let said =
                    if late { self.t.with(key!("portal-next-late"), ("who", who)).into_owned() } else { who };
                (*due_on, found.title.clone(), said)
            }
        };
        let late = matches!(next, PortalNext::Milestone { due_on, .. } if *due_on < self.today);
        Some(Next { day: date.day().to_string(), month: self.t.month(date), title, when, late })
    }

    pub fn goal(&self, one: &PortalCriterion) -> Goal {
        let form = format!("goal-{}", one.item);
        let other = self.field(&form, "words", key!("portal-goal-other"), one.words.clone());
        Goal {
            action: format!("{}/goals/{}", self.base(), one.item),
            read: one.imprint.clone(),
            words: one.words.clone(),
            measure: one.measure.clone(),
            by: one.by_on.map(|on| self.t.date(on)),
            answered: one.answered_at.map(|at| {
                self.t.with(key!("portal-goal-answered"), ("time", self.t.moment(at))).into_owned()
            }),
            open: forms::refused(self.typed, &form),
            refused: forms::beside(self.typed, &form, &["words"]),
            other: other.required(),
            id: form,
        }
    }

    pub fn said(&self, one: &PortalComment) -> Said {
        let who = match &one.by {
            Some(name) => Person::named(name.clone()),
            None if one.ours => Person::named(self.t.get(key!("portal-somebody"))),
            None => Person::named(self.company),
        };
        Said { who, ours: one.ours, at: self.t.moment(one.at), text: one.text.clone() }
    }

    pub fn comment(&self, milestone: Option<&PortalMilestone>) -> OneField {
        let form = milestone.map_or_else(|| "say".to_owned(), |one| format!("milestone-{}-say", one.id));
        let label = if milestone.is_some() { key!("portal-say-here") } else { key!("portal-say-plan") };
        let field = self.field(&form, "text", label, "").required();
        self.one(&form, format!("{}/comments", self.base()), field)
    }

    pub fn propose(&self, of: Option<&PortalMilestone>) -> Propose {
        let form = of.map_or_else(|| "propose".to_owned(), |one| format!("milestone-{}-change", one.id));
        let typed = self.typed.filter(|typed| typed.form == form);
        let chosen = typed
            .map(|typed| typed.posted.typed("side").to_owned())
            .unwrap_or_else(|| data_name(of.map_or(Side::Customer, |one| one.side)));
        let sides = [Side::Customer, Side::Us, Side::Partner];
        let held = |value: Option<String>| value.unwrap_or_default();
        Propose {
            of: of.map(|one| one.id.to_string()),
            title: self
                .field(&form, "title", key!("portal-milestone-title"), held(of.map(|one| one.title.clone())))
                .required(),
            side: self.field(&form, "side", key!("portal-milestone-side"), "").required(),
            sides: sides
                .map(|side| {
                    let name = data_name(side);
                    let is = name == chosen;
                    Choice::new(name, self.side(side)).chosen(is)
                })
                .into(),
            owner: self.field(
                &form,
                "owner",
                key!("portal-milestone-owner"),
                held(of.and_then(|one| one.owner.clone())),
            ),
            due: self.field(
                &form,
                "due_on",
                key!("portal-milestone-due"),
                held(of.and_then(|one| one.due_on.map(|on| on.to_string()))),
            ),
            open: typed.is_some(),
            refused: forms::beside(self.typed, &form, &["title", "side", "owner", "due_on"]),
        }
    }

    /// A milestone; `opened`: the one an address points at; `long`: it is one of many.
    pub fn milestone(&self, one: &PortalMilestone, opened: Option<&str>, long: bool) -> Milestone {
        let id = format!("milestone-{}", one.id);
        let base = format!("{}/milestones/{}", self.base(), one.id);
        let yours = one.side == Side::Customer;
        let own = (yours && one.reached_on.is_none()).then(|| {
            let form = format!("{id}-own");
            let owner = one.owner.clone().unwrap_or_default();
            let field = self.field(&form, "owner", key!("portal-own-who"), owner);
            self.one(&form, format!("{base}/own"), field)
        });
        let done = (yours && one.reached_on.is_none()).then(|| {
            let form = format!("{id}-done");
            let field = self.field(&form, "on", key!("portal-done-on"), self.today.to_string()).required();
            self.one(&form, format!("{base}/done"), field)
        });
        let change = one.reached_on.is_none().then(|| self.propose(Some(one)));
        let say = self.comment(Some(one));
        let refused = [own.as_ref().map(|form| form.open), done.as_ref().map(|form| form.open)];
        let open = refused.into_iter().flatten().any(|open| open)
            || change.as_ref().is_some_and(|form| form.open)
            || say.open
            || opened == Some(one.id.to_string().as_str());
        Milestone {
            title: one.title.clone(),
            side: self.side(one.side),
            yours,
            owner: one.owner.clone(),
            due: one.due_on.map(|on| self.t.date(on)),
            reached: one
                .reached_on
                .map(|on| self.t.with(key!("portal-reached"), ("date", self.t.date(on))).into_owned()),
            late: one.reached_on.is_none() && one.due_on.is_some_and(|on| on < self.today),
            count: one.comments.len(),
            comments: one.comments.iter().map(|said| self.said(said)).collect(),
            undo: (yours && one.reached_on.is_some()).then(|| format!("{base}/done")),
            own,
            done,
            change,
            say,
            open,
            far: long && !open,
            raw: one.id.to_string(),
            id,
        }
    }

    pub fn prerequisite(&self, one: &PortalPrerequisite) -> Prerequisite {
        let id = format!("commit-{}", one.id);
        Prerequisite {
            action: format!("{}/prerequisites/{}", self.base(), one.id),
            label: one.label.clone(),
            committed: one
                .committed_at
                .map(|at| self.t.with(key!("portal-committed"), ("time", self.t.moment(at))).into_owned()),
            refused: forms::beside(self.typed, &id, &[]),
            id,
        }
    }

    pub fn proposal(&self, plan: &PortalPlan, one: &PortalProposal) -> Proposal {
        let (tone, icon, state) = match one.accepted {
            None => (Tone::Warn, "hourglass", key!("portal-proposal-open")),
            Some(true) => (Tone::Good, "check", key!("portal-proposal-accepted")),
            Some(false) => (Tone::Bad, "x", key!("portal-proposal-declined")),
        };
        let changes = one.of.and_then(|id| plan.milestones.iter().find(|held| held.id == id));
        let mut facts = vec![self.side(one.side)];
        facts.extend(one.owner.clone());
        facts.extend(one.due_on.map(|on| self.t.date(on)));
        let by = one.by.clone().unwrap_or_else(|| self.say(key!("portal-somebody")));
        let args = (("name", by), ("time", self.t.moment(one.at)));
        let about = match changes {
            Some(held) => {
                let args = (("title", held.title.clone()), args.0, args.1);
                self.t.with(key!("portal-proposal-change"), args).into_owned()
            }
            None => self.t.with(key!("portal-proposal-new"), args).into_owned(),
        };
        Proposal {
            title: one.title.clone(),
            facts,
            tone,
            icon,
            state: self.say(state),
            about,
            reason: one.reason.clone(),
        }
    }

    /// Where the plan stands with their agreement.
    pub fn agreed(&self, plan: &PortalPlan) -> Agreed {
        let (tone, icon, title, text) = match (&plan.confirmed, plan.signatures.last()) {
            (Some(_), Some(signed)) => {
                let args = (("name", signed.name.clone()), ("time", self.t.moment_full(signed.at)));
                (
                    Tone::Good,
                    "stamp",
                    self.say(key!("portal-signed")),
                    self.t.with(key!("portal-signed-by"), args).into_owned(),
                )
            }
            (Some(confirmed), None) => (
                Tone::Good,
                "check-check",
                self.say(key!("portal-confirmed")),
                self.t
                    .with(key!("portal-confirmed-on"), ("time", self.t.moment_full(confirmed.at)))
                    .into_owned(),
            ),
            (None, _) if plan.milestones.is_empty() => (
                Tone::Calm,
                "circle-dashed",
                self.say(key!("portal-unsigned")),
                self.say(key!("portal-unsigned-empty")),
            ),
            (None, _) if plan.may_sign => (
                Tone::Warn,
                "pencil-line",
                self.say(key!("portal-unsigned")),
                self.say(key!("portal-unsigned-yours")),
            ),
            (None, _) => (
                Tone::Calm,
                "circle-dashed",
                self.say(key!("portal-unsigned")),
                self.say(key!("portal-unsigned-others")),
            ),
        };
        Agreed { tone, icon, title, text }
    }
}
