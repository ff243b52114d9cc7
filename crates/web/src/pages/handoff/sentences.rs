//! Every fact as a sentence, with the words people gave as its detail. A match without a catch-all: a new fact has no
//! page until it has a sentence.

use jiff::Timestamp;
use throughline_app::{letters, read::HandoffView};
use throughline_domain::{
    Key, PersonId, Personal,
    clock::{Matter, Whom},
    deal::{Deal, Standing},
    handoff::{Fact, Life, Milestone, Report},
    record::{Item, Provenance},
};

use super::{answers, frame::role, items, waivers::covered};
use crate::{
    i18n::{Key as TextKey, Text},
    key,
    pages::words::{self, word},
};

/// People a fact names besides who did it.
pub fn people(fact: &Fact) -> Vec<PersonId> {
    match fact {
        Fact::Opened { seller, process_owner, .. } => vec![seller.person, *process_owner],
        Fact::CsmOfRecord { csm } | Fact::Nominated { csm } => vec![*csm],
        Fact::Seated { seat, .. } => seat.contributors.iter().copied().chain([seat.person]).collect(),
        Fact::Offered { to } | Fact::OwnershipMoved { to, .. } | Fact::SuccessorNamed { to, .. } => vec![*to],
        Fact::Accepted { by } => vec![*by],
        Fact::CsmChanged { from, to, .. } | Fact::SellerChanged { from, to } => vec![*from, *to],
        Fact::SellerNamed { to, .. } | Fact::SuccessionDeclined { to, .. } => vec![*to],
        Fact::WaiverAsked { debtor, .. } => vec![*debtor],
        _ => Vec::new(),
    }
}

/// The sentence and its details.
pub fn tell(
    t: &Text,
    view: &HandoffView,
    name: &dyn Fn(PersonId) -> String,
    fact: &Fact,
) -> (String, Vec<String>) {
    let teller = Teller { t, view, name };
    teller.tell(fact)
}

/// That a rating was given, and no more: for those who do not see which (R3.12).
pub fn rated(t: &Text, view: &HandoffView, rating: &Key) -> String {
    let found = view.loaded.playbook.as_ref().and_then(|playbook| playbook.rating(rating));
    let title = found.map_or_else(|| rating.to_string(), |rating| rating.title.clone());
    t.with(key!("tell-rated-unseen"), ("what", title)).into_owned()
}

struct Teller<'a> {
    t: &'a Text,
    view: &'a HandoffView,
    name: &'a dyn Fn(PersonId) -> String,
}

type Told = (String, Vec<String>);

impl Teller<'_> {
    fn plain(&self, key: TextKey) -> Told {
        (self.t.get(key).into_owned(), Vec::new())
    }

    /// A sentence about one thing, `{ $what }`.
    fn about(&self, key: TextKey, what: impl Into<String>) -> Told {
        (self.t.with(key, ("what", what.into())).into(), Vec::new())
    }

    fn with(mut told: Told, detail: Option<&Personal>) -> Told {
        told.1.extend(detail.map(ToString::to_string));
        told
    }

    /// Who was told of an open clock (R3.13).
    fn matter(&self, key: TextKey, matter: &Matter, due_at: Timestamp, whom: Option<Whom>) -> Told {
        let t = self.t;
        let whom = match whom {
            None | Some(Whom::Owner) => t.get(key!("tell-whom-owner")).into_owned(),
            Some(Whom::Manager) => t.get(key!("tell-whom-manager")).into_owned(),
            Some(Whom::ProcessOwner) => t.get(key!("tell-whom-process-owner")).into_owned(),
            Some(Whom::Role { role: told }) => role(t, told),
        };
        let what = letters::title(&self.view.loaded, matter);
        let args = (("whom", whom), ("what", what), ("time", t.moment(due_at)));
        (t.with(key, args).into(), Vec::new())
    }

    fn tell(&self, fact: &Fact) -> Told {
        let t = self.t;
        match fact {
            Fact::Opened { deal, route, life, .. } => self.opened(deal, &route.because, life),
            Fact::CsmOfRecord { csm } => self.about(key!("tell-csm-of-record"), (self.name)(*csm)),
            Fact::Rerouted { route, reason, .. } => {
                let way = route
                    .playbook
                    .as_ref()
                    .map_or_else(|| t.get(key!("gates-route-none")).into_owned(), ToString::to_string);
                Self::with(self.about(key!("tell-rerouted"), way), Some(reason))
            }
            Fact::DealRead { deal } => {
                let args = (("stage", deal.stage.as_str()), ("standing", self.standing(deal.standing)));
                let detail = deal
                    .close_on
                    .map(|on| t.with(key!("tell-close-date"), ("date", t.date(on))).into_owned());
                (t.with(key!("tell-deal-read"), args).into(), detail.into_iter().collect())
            }
            Fact::DealHeard { at, standing } => {
                let args = (("time", t.moment(*at)), ("standing", self.standing(*standing)));
                (t.with(key!("tell-deal-heard"), args).into(), Vec::new())
            }
            Fact::Seated { role: seat_role, seat, reason } => {
                let args = (("name", (self.name)(seat.person)), ("role", role(t, *seat_role)));
                let along: Vec<String> = seat.contributors.iter().map(|one| (self.name)(*one)).collect();
                let along = (!along.is_empty())
                    .then(|| t.with(key!("tell-along"), ("names", t.list(&along))).into_owned());
                Self::with(
                    (t.with(key!("tell-seated"), args).into(), along.into_iter().collect()),
                    reason.as_ref(),
                )
            }
            Fact::Answered { ask, answer, provenance } => {
                let playbook = self.view.loaded.playbook.as_ref();
                let text = playbook
                    .and_then(|playbook| playbook.ask(ask))
                    .map(|found| answers::text(t, found, answer));
                let asked = self.ask(ask);
                let told = match provenance {
                    // Who answered stands above the sentence.
                    Provenance::Hand { .. } => self.about(key!("tell-answered-by-hand"), asked).0,
                    Provenance::Crm { .. } | Provenance::CarriedOver => {
                        let source = answers::came_from(t, self.view, provenance);
                        t.with(key!("tell-answered"), (("what", asked), ("source", source))).into()
                    }
                };
                (told, text.into_iter().collect())
            }
            Fact::Cleared { ask } => self.about(key!("tell-cleared"), self.ask(ask)),
            Fact::NoneDeclared { ask, note } => {
                Self::with(self.about(key!("tell-none"), self.ask(ask)), note.as_ref())
            }
            Fact::ItemAdded { item } => self.item(key!("tell-item-added"), item),
            Fact::ItemChanged { item } => self.item(key!("tell-item-changed"), item),
            Fact::ItemRemoved { reason, .. } => {
                Self::with(self.plain(key!("tell-item-removed")), reason.as_ref())
            }
            Fact::ChangeNoticed { stale, .. } if stale.is_empty() => self.plain(key!("tell-change-noticed")),
            Fact::ChangeNoticed { stale, .. } => {
                let titles: Vec<String> = stale.iter().map(|id| self.category(id)).collect();
                self.about(key!("tell-marks-stale"), t.list(&titles))
            }
            Fact::RecordCompleted => self.plain(key!("tell-completed")),
            Fact::RecordIncomplete => self.plain(key!("tell-incomplete")),
            Fact::Reopened { asks, reason } => {
                let titles: Vec<String> = asks.iter().map(|ask| self.ask(ask)).collect();
                Self::with(self.about(key!("tell-reopened"), t.list(&titles)), Some(reason))
            }
            Fact::ReopeningClosed => self.plain(key!("tell-reopening-closed")),
            Fact::Amended { ask } => self.about(key!("tell-amended"), self.ask(ask)),
            Fact::AmendmentsAcknowledged => self.plain(key!("tell-acknowledged")),
            Fact::PromiseRouted { item, to, because } => {
                let args = (("what", self.promise(*item)), ("role", role(t, *to)));
                (t.with(key!("tell-promise-routed"), args).into(), vec![because.clone()])
            }
            Fact::PromiseDecided { item, verdict, reason } => {
                let args = (("what", self.promise(*item)), ("verdict", word(t, *verdict)));
                (t.with(key!("tell-promise-decided"), args).into(), vec![reason.to_string()])
            }
            Fact::PromiseCorrected { item, evidence } => Self::with(
                self.about(key!("tell-promise-corrected"), self.promise(*item)),
                evidence.quote.as_ref(),
            ),
            Fact::PromiseSettled { item, outcome, on, note } => {
                let args =
                    (("what", self.promise(*item)), ("outcome", word(t, *outcome)), ("date", t.date(*on)));
                Self::with((t.with(key!("tell-promise-settled"), args).into(), Vec::new()), note.as_ref())
            }
            Fact::CriterionConfirmed { confirmation, words, .. } => {
                let key = if confirmation.still_accurate {
                    key!("tell-criterion-confirmed")
                } else {
                    key!("tell-criterion-corrected")
                };
                Self::with(self.plain(key), words.as_ref())
            }
            _ => self.tell_process(fact),
        }
    }

    /// The facts of offer, review, gates, steps and plan.
    fn tell_process(&self, fact: &Fact) -> Told {
        let t = self.t;
        match fact {
            Fact::Nominated { csm } => self.about(key!("tell-nominated"), (self.name)(*csm)),
            Fact::Offered { to } => self.about(key!("tell-offered"), (self.name)(*to)),
            Fact::OfferWithdrawn { reason } => {
                Self::with(self.plain(key!("tell-offer-withdrawn")), Some(reason))
            }
            Fact::Accepted { by } => self.about(key!("tell-accepted"), (self.name)(*by)),
            Fact::Returned { code, reason } => {
                let codes =
                    self.view.loaded.playbook.iter().flat_map(|playbook| &playbook.offer.refusal_codes);
                let label = codes
                    .into_iter()
                    .find(|one| one.id == *code)
                    .map_or_else(|| code.to_string(), |one| one.label.clone());
                Self::with(self.about(key!("tell-returned"), label), Some(reason))
            }
            Fact::ReturnAnswered { text } => Self::with(self.plain(key!("tell-return-answered")), Some(text)),
            Fact::Marked { category, mark, note } => {
                let args = (("what", self.category(category)), ("mark", word(t, *mark)));
                Self::with((t.with(key!("tell-marked"), args).into(), Vec::new()), note.as_ref())
            }
            Fact::Asked { text, .. } => Self::with(self.plain(key!("tell-asked")), Some(text)),
            Fact::QuestionAnswered { text, .. } => {
                Self::with(self.plain(key!("tell-question-answered")), Some(text))
            }
            Fact::SuccessorNamed { to, reason } => {
                Self::with(self.about(key!("tell-successor"), (self.name)(*to)), Some(reason))
            }
            Fact::CsmChanged { from, to, introduce_again } => {
                let args = (("from", (self.name)(*from)), ("to", (self.name)(*to)));
                let detail = introduce_again.then(|| t.get(key!("tell-introduce-again")).into_owned());
                (t.with(key!("tell-csm-changed"), args).into(), detail.into_iter().collect())
            }
            Fact::SellerNamed { to, reason } => {
                Self::with(self.about(key!("tell-next-seller"), (self.name)(*to)), Some(reason))
            }
            Fact::SellerChanged { from, to } => {
                let args = (("from", (self.name)(*from)), ("to", (self.name)(*to)));
                (t.with(key!("tell-seller-changed"), args).into(), Vec::new())
            }
            Fact::SuccessionDeclined { role: named, to, reason } => {
                let args = (("name", (self.name)(*to)), ("role", role(t, *named)));
                Self::with((t.with(key!("tell-declined"), args).into(), Vec::new()), Some(reason))
            }
            Fact::GatePassed { gate, waivers } => {
                let key =
                    if waivers.is_empty() { key!("tell-gate-passed") } else { key!("tell-gate-waived") };
                self.about(key, word(t, *gate))
            }
            Fact::GateRefused { gate, gaps } => {
                let (text, _) = self.about(key!("tell-gate-refused"), word(t, *gate));
                (text, gaps.iter().take(20).map(|about| covered(t, self.view, about)).collect())
            }
            Fact::GateRefusedAgain { gate } => self.about(key!("tell-gate-refused-again"), word(t, *gate)),
            Fact::Bypassed { gate, found, would_have_been_refused } => {
                let key =
                    if *would_have_been_refused { key!("tell-would-refuse") } else { key!("tell-bypassed") };
                let (text, _) = self.about(key, word(t, *gate));
                (text, vec![found.clone()])
            }
            Fact::BypassLifted { gate, reason } => {
                Self::with(self.about(key!("tell-bypass-lifted"), word(t, *gate)), Some(reason))
            }
            Fact::WaiverAsked { gate, covers, reason, .. } => {
                let titles: Vec<String> = covers.iter().map(|about| covered(t, self.view, about)).collect();
                let args = (("gate", word(t, *gate)), ("what", t.list(&titles)));
                Self::with((t.with(key!("tell-waiver-asked"), args).into(), Vec::new()), Some(reason))
            }
            Fact::WaiverGranted { expires_at: Some(end), .. } => {
                self.about(key!("tell-waiver-granted"), t.due(*end))
            }
            Fact::WaiverGranted { expires_at: None, .. } => self.plain(key!("tell-waiver-lost")),
            Fact::WaiverDenied { reason, .. } => {
                Self::with(self.plain(key!("tell-waiver-denied")), Some(reason))
            }
            Fact::WaiverPaid { .. } => self.plain(key!("tell-waiver-paid")),
            Fact::StepReported { step, report } => self.report(step, report),
            Fact::StepConfirmed { step, .. } => self.about(key!("tell-step-confirmed"), self.step(step)),
            Fact::StepDisputed { step, reason, .. } => {
                Self::with(self.about(key!("tell-step-disputed"), self.step(step)), Some(reason))
            }
            Fact::StepCorrected { step, reason, .. } => {
                Self::with(self.about(key!("tell-step-corrected"), self.step(step)), Some(reason))
            }
            Fact::MeetingPlanned { step, starts_at, place, .. } => {
                let args = (("what", self.step(step)), ("time", self.t.moment(*starts_at)));
                Self::with(
                    (self.t.with(key!("tell-meeting-planned"), args).into(), Vec::new()),
                    place.as_ref(),
                )
            }
            Fact::MeetingCalledOff { step, reason } => {
                Self::with(self.about(key!("tell-meeting-called-off"), self.step(step)), reason.as_ref())
            }
            Fact::OwnershipMoved { to, moved_by, bypassed, reason, .. } => {
                let key = if *bypassed { key!("tell-owned-bypassed") } else { key!("tell-owned") };
                let args = (("name", (self.name)(*to)), ("how", word(t, *moved_by)));
                Self::with((t.with(key, args).into(), Vec::new()), reason.as_ref())
            }
            Fact::PlanOpened { milestones } => {
                let (text, _) = self.plain(key!("tell-plan-opened"));
                (text, milestones.iter().map(|(_, one)| one.title.to_string()).collect())
            }
            Fact::MilestoneSet { milestone, .. } => self.milestone(milestone),
            Fact::MilestoneRemoved { reason, .. } => {
                Self::with(self.plain(key!("tell-milestone-removed")), reason.as_ref())
            }
            Fact::PrerequisiteCommitted { prerequisite, evidence } => {
                let known =
                    self.view.loaded.playbook.iter().flat_map(|playbook| &playbook.plan.prerequisites);
                let label = known.into_iter().find(|one| one.id == *prerequisite);
                let label = label.map_or_else(|| prerequisite.to_string(), |one| one.label.clone());
                Self::with(self.about(key!("tell-committed"), label), evidence.quote.as_ref())
            }
            Fact::KickoffConfirmed => self.plain(key!("tell-kickoff-confirmed")),
            Fact::PlanConfirmed { form, at, evidence } => {
                let args = (("how", word(t, *form)), ("time", t.moment(*at)));
                Self::with(
                    (t.with(key!("tell-plan-confirmed"), args).into(), Vec::new()),
                    evidence.quote.as_ref(),
                )
            }
            Fact::MilestoneProposed { milestone, .. } => {
                let (_, details) = self.milestone(milestone);
                (self.about(key!("tell-milestone-proposed"), milestone.title.to_string()).0, details)
            }
            Fact::ProposalAnswered { accepted, reason, .. } => {
                let key =
                    if *accepted { key!("tell-proposal-accepted") } else { key!("tell-proposal-declined") };
                Self::with(self.plain(key), reason.as_ref())
            }
            Fact::PlanCommented { text, .. } => {
                Self::with(self.plain(key!("tell-plan-commented")), Some(text))
            }
            Fact::PlanSigned { name, .. } => self.about(key!("tell-plan-signed"), name.to_string()),
            Fact::Rated { rating, score, comment, .. } => {
                let found = self.view.loaded.playbook.as_ref().and_then(|playbook| playbook.rating(rating));
                let title = found.map_or_else(|| rating.to_string(), |rating| rating.title.clone());
                let args = (("what", title), ("score", *score));
                Self::with((t.with(key!("tell-rated"), args).into(), Vec::new()), comment.as_ref())
            }
            Fact::SignSeen { sign, note, .. } => {
                Self::with(self.about(key!("tell-sign-seen"), word(t, *sign)), note.as_ref())
            }
            Fact::SignTakenBack { reason, .. } => {
                Self::with(self.plain(key!("tell-sign-taken-back")), reason.as_ref())
            }
            Fact::Withdrawn { reason } => self.about(key!("tell-withdrawn"), reason.clone()),
            Fact::Resumed => self.plain(key!("tell-resumed")),
            Fact::Cancelled { reason } => self.about(key!("tell-cancelled"), reason.clone()),
            Fact::Finished => self.plain(key!("tell-finished")),
            Fact::Reminded { matter, due_at, .. } => {
                self.matter(key!("tell-reminded"), matter, *due_at, None)
            }
            Fact::Escalated { matter, due_at, whom } => {
                self.matter(key!("tell-escalated"), matter, *due_at, Some(*whom))
            }
            Fact::TextsErased { texts } => {
                (t.with(key!("tell-texts-erased"), ("n", *texts)).into(), Vec::new())
            }
            // Told by the other half.
            Fact::Opened { .. }
            | Fact::CsmOfRecord { .. }
            | Fact::Rerouted { .. }
            | Fact::DealRead { .. }
            | Fact::DealHeard { .. }
            | Fact::Seated { .. }
            | Fact::Answered { .. }
            | Fact::Cleared { .. }
            | Fact::NoneDeclared { .. }
            | Fact::ItemAdded { .. }
            | Fact::ItemChanged { .. }
            | Fact::ItemRemoved { .. }
            | Fact::ChangeNoticed { .. }
            | Fact::RecordCompleted
            | Fact::RecordIncomplete
            | Fact::Reopened { .. }
            | Fact::ReopeningClosed
            | Fact::Amended { .. }
            | Fact::AmendmentsAcknowledged
            | Fact::PromiseRouted { .. }
            | Fact::PromiseDecided { .. }
            | Fact::PromiseCorrected { .. }
            | Fact::PromiseSettled { .. }
            | Fact::CriterionConfirmed { .. } => (String::new(), Vec::new()),
        }
    }

    fn opened(&self, deal: &Deal, because: &str, life: &Life) -> Told {
        let key = match life {
            Life::History => key!("tell-opened-history"),
            Life::OutOfScope => key!("tell-opened-none"),
            Life::Live | Life::Done { .. } | Life::Withdrawn { .. } | Life::Cancelled { .. } => {
                key!("tell-opened")
            }
        };
        let (text, _) = self.about(key, deal.name.clone());
        (text, vec![because.to_owned()])
    }

    fn standing(&self, standing: Standing) -> String {
        self.t
            .get(match standing {
                Standing::Open => key!("tell-standing-open"),
                Standing::Won => key!("tell-standing-won"),
                Standing::Lost => key!("tell-standing-lost"),
                Standing::Deleted => key!("tell-standing-deleted"),
            })
            .into_owned()
    }

    fn item(&self, key: TextKey, item: &Item) -> Told {
        let shown = items::show(self.t, self.view, item, &[], None);
        let what = words::one_of_list(self.t, item.body.list());
        let (text, _) = self.about(key, what);
        let facts = (!shown.facts.is_empty()).then(|| shown.facts.join(" · "));
        (text, [shown.title].into_iter().chain(facts).collect())
    }

    fn report(&self, step: &Key, report: &Report) -> Told {
        let t = self.t;
        let args = (("what", self.step(step)), ("time", t.moment(report.happened_at)));
        let booked =
            report.booked_for.map(|at| t.with(key!("steps-is-booked"), ("time", t.moment(at))).into_owned());
        let key = if report.counts_since.is_some() {
            key!("tell-step-reported")
        } else {
            key!("tell-step-unconfirmed")
        };
        let told = (t.with(key, args).into_owned(), booked.into_iter().collect());
        Self::with(told, report.note.as_ref())
    }

    fn milestone(&self, milestone: &Milestone) -> Told {
        let t = self.t;
        let (text, _) = self.about(key!("tell-milestone-set"), milestone.title.to_string());
        let due = milestone.due_on.map(|due| t.with(key!("item-due-on"), ("date", t.date(due))).into_owned());
        let reached =
            milestone.reached_on.map(|on| t.with(key!("plan-reached-on"), ("date", t.date(on))).into_owned());
        (text, due.into_iter().chain(reached).collect())
    }

    fn ask(&self, id: &Key) -> String {
        let playbook = self.view.loaded.playbook.as_ref();
        playbook.and_then(|playbook| playbook.ask(id)).map_or_else(|| id.to_string(), |ask| ask.ask.clone())
    }

    fn category(&self, id: &Key) -> String {
        let playbook = self.view.loaded.playbook.as_ref();
        playbook
            .and_then(|playbook| playbook.category(id))
            .map_or_else(|| id.to_string(), |one| one.title.clone())
    }

    fn step(&self, id: &Key) -> String {
        let playbook = self.view.loaded.playbook.as_ref();
        playbook
            .and_then(|playbook| playbook.step(id))
            .map_or_else(|| id.to_string(), |step| step.title.clone())
    }

    fn promise(&self, item: throughline_domain::ItemId) -> String {
        let held = self.view.loaded.handoff.record.items.get(&item);
        let what = held.and_then(|held| match &held.body {
            throughline_domain::record::Body::Promise(promise) => Some(promise.what.to_string()),
            _ => None,
        });
        what.unwrap_or_else(|| words::one_of_list(self.t, throughline_domain::record::List::Promises))
    }
}
