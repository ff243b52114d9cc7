//! Deals come in: from a CRM's push, from an import, one by one. Each is mapped to an account and people, routed,
//! and either opened, told to its handoff, or kept until it opens (R0.5, R0.8, R0.9).

use std::collections::BTreeSet;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_domain::{
    AccountId, HandoffId, PersonId, Personal,
    access::Action,
    calendar::Calendar,
    deal::{CrmPerson, Deal, DealKey, Standing},
    gate::deal_facts_of,
    handoff::{Command, Life, RouteTaken, Seat, Stage, command},
    playbook::{Playbook, PlaybookRef, Way},
    record::{Body, Carried, Item},
};
use throughline_store::{Account, Change, DealRow, HandoffRow, Org, Person, PersonStatus, Reach};

use crate::{App, AppError, Caller, HandleOptions, handle::Loaded};

/// What became of a deal that came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Taken {
    /// A record was opened.
    Opened,
    /// Its handoff took the news.
    Changed,
    /// Nothing new.
    Unchanged,
    /// Kept; its record does not open yet.
    Kept,
    /// Closed before the go-live date: for measurement only.
    History,
    /// Routed to no process.
    OutOfScope,
    /// Older than what is known: only the order of its standings may have changed.
    Older,
}

/// The answer to a deal that came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DealAnswer {
    /// Its handoff, when it has one.
    pub handoff: Option<HandoffId>,
    /// What became of it.
    pub taken: Taken,
}

/// How a deal comes in.
#[derive(Debug, Clone, Copy, Default)]
pub struct DealOptions {
    /// What closed before this day is history; the organisation's own date when none.
    pub go_live_on: Option<Date>,
    /// Work everything out, write nothing.
    pub dry_run: bool,
    /// Open the record whatever `opens_when` says: somebody asked for it.
    pub open_now: bool,
}

impl App {
    /// Takes a deal. Idempotent: the same deal again changes nothing; the newest source time wins.
    pub async fn put_deal(
        &self,
        caller: &Caller,
        deal: Deal,
        options: DealOptions,
    ) -> Result<DealAnswer, AppError> {
        caller.may(if options.open_now { Action::Open } else { Action::SendDeals })?;
        check(&deal)?;
        let org = self.organisation(caller.org).await?;
        let known = self.store.deal(org.id, &deal.key).await?;
        match known {
            Some(DealRow { handoff: Some(id), .. }) => {
                self.tell_handoff(caller, &org, id, deal, options).await
            }
            known => self.first_sight(caller, &org, known, deal, options).await,
        }
    }

    async fn tell_handoff(
        &self,
        caller: &Caller,
        org: &Org,
        id: HandoffId,
        mut deal: Deal,
        options: DealOptions,
    ) -> Result<DealAnswer, AppError> {
        let loaded = self.load(org.id, id).await?;
        let known = &loaded.handoff.deal;
        deal.existing_account = deal.existing_account.or(known.existing_account);
        let older = deal.source_time < known.source_time;
        let answer = |taken| DealAnswer { handoff: Some(id), taken };
        if options.dry_run {
            let same = deal == *known;
            return Ok(answer(if older {
                Taken::Older
            } else if same {
                Taken::Unchanged
            } else {
                Taken::Changed
            }));
        }
        let seller = match &deal.owner {
            Some(owner) if !older && deal.owner != known.owner => {
                Some(self.seat_for(caller, org, &deal.key, Some(owner)).await?)
            }
            _ => None,
        };
        let csm = match &deal.csm {
            Some(csm) if !older => Some(self.mapped_person(caller, org, &deal.key, csm).await?.id),
            _ => None,
        };
        let command = command::TakeNews { deal, seller, csm };
        // The right to send deals is checked above; it does not hang on a part in the handoff.
        let handled = self.handle(&Caller::system_for(caller), id, command, HandleOptions::default()).await?;
        Ok(answer(match (handled.changed, older) {
            (false, _) => Taken::Unchanged,
            (true, true) => Taken::Older,
            (true, false) => Taken::Changed,
        }))
    }

    async fn first_sight(
        &self,
        caller: &Caller,
        org: &Org,
        known: Option<DealRow>,
        mut deal: Deal,
        options: DealOptions,
    ) -> Result<DealAnswer, AppError> {
        if let Some(known) =
            known.as_ref().filter(|known| known.source_time > deal.source_time && !options.open_now)
        {
            let taken = if known.body.is_empty() { Taken::Kept } else { Taken::Older };
            return Ok(DealAnswer { handoff: None, taken });
        }
        let before = known.and_then(|known| serde_json::from_str::<Deal>(&known.body).ok());
        let account = self.account_for(caller, org, &deal, options.dry_run).await?;
        let of_account = match &account {
            Some(account) => self.store.of_account(org.id, account.id).await?,
            None => Vec::new(),
        };
        let owned = newest(of_account.iter().filter(|row| runs(row) && row.stage == "owned"));
        let bought_before = of_account.iter().any(|row| row.life == "history" && row.closed_at.is_some());
        deal.existing_account.get_or_insert(owned.is_some() || bought_before);
        let csm_of_record = owned.and_then(|row| row.csm);

        let (of, playbook) = self.newest_playbook(org.id, &org.playbook).await?;
        let now = self.now();
        let route = route(&playbook, &of, &deal, &org.calendar, now);
        let go_live = options.go_live_on.or(org.go_live_on).unwrap_or_else(|| org.calendar.local_date(now));
        let life = life(&deal, &route, &org.calendar, go_live);
        let opens = options.open_now || opens(&playbook, &route, &deal, &org.calendar, now);
        let taken = match &life {
            Life::History => Taken::History,
            _ if deal.standing.is_gone() => Taken::Kept,
            Life::OutOfScope if opens => Taken::OutOfScope,
            _ if opens => Taken::Opened,
            _ => Taken::Kept,
        };
        if taken == Taken::Kept && before.as_ref() == Some(&deal) {
            return Ok(DealAnswer { handoff: None, taken: Taken::Unchanged });
        }
        if options.dry_run {
            return Ok(DealAnswer { handoff: None, taken });
        }
        if taken == Taken::Kept {
            let row = DealRow {
                key: deal.key.clone(),
                source_time: deal.source_time,
                handoff: None,
                body: serde_json::to_string(&deal).map_err(AppError::broken)?,
            };
            let audit = self.audit(caller, "keep-deal", &deal.key.to_string(), serde_json::Value::Null);
            self.store.apply(org.id, vec![Change::PutDeal(row)], audit).await?;
            return Ok(DealAnswer { handoff: None, taken });
        }
        let account = account.ok_or_else(|| AppError::broken("a deal without its account"))?;
        let seller = self.seat_for(caller, org, &deal.key, deal.owner.as_ref()).await?;
        let id = HandoffId(self.fresh_id());
        let key = deal.key.clone();
        let open = command::Open {
            id,
            account: account.id,
            deal,
            route,
            life,
            seller,
            process_owner: self.process_owner(org).await?,
            csm_of_record,
            carried: self.carried(org, &of_account).await?,
        };
        let command = Command::Open(open);
        match self.run(&Caller::system_for(caller), None, id, command, &HandleOptions::default()).await {
            Ok(_) => Ok(DealAnswer { handoff: Some(id), taken }),
            // Somebody else opened it in the same moment: theirs stands.
            Err(AppError::Conflict(_)) => {
                let row = self.store.deal(org.id, &key).await?;
                Ok(DealAnswer { handoff: row.and_then(|row| row.handoff), taken: Taken::Unchanged })
            }
            Err(other) => Err(other),
        }
    }

    /// The newest reading of a deal, with its handoff. One with a handoff is seen by whoever may read that; one
    /// without by whoever sends deals, or reads them all.
    pub async fn known_deal(
        &self,
        caller: &Caller,
        key: &DealKey,
    ) -> Result<(Deal, Option<HandoffId>), AppError> {
        caller.may(Action::Read)?;
        let row = self.store.deal(caller.org, key).await?.ok_or(AppError::NotFound("deal"))?;
        if let Some(id) = row.handoff {
            let loaded = self.load(caller.org, id).await?;
            if !caller.can(Action::Read, &loaded.handoff) {
                return Err(AppError::NotFound("deal"));
            }
            return Ok((loaded.handoff.deal, Some(id)));
        }
        if caller.may(Action::SendDeals).is_err() && caller.reach(Action::Read)? != Reach::Organisation {
            return Err(AppError::NotFound("deal"));
        }
        Ok((serde_json::from_str(&row.body).map_err(AppError::broken)?, None))
    }

    /// Opens the record of a deal that is known but does not open by itself yet: somebody asks for it.
    pub async fn open_deal(&self, caller: &Caller, key: &DealKey) -> Result<DealAnswer, AppError> {
        caller.may(Action::Open)?;
        let row = self.store.deal(caller.org, key).await?.ok_or(AppError::NotFound("deal"))?;
        if let Some(handoff) = row.handoff {
            return Ok(DealAnswer { handoff: Some(handoff), taken: Taken::Unchanged });
        }
        let deal: Deal = serde_json::from_str(&row.body).map_err(AppError::broken)?;
        self.put_deal(caller, deal, DealOptions { open_now: true, ..DealOptions::default() }).await
    }

    /// What the account's last accepted handoff leaves to the next deal (R0.7). Its promises stay where they are
    /// kept or broken.
    async fn carried(&self, org: &Org, of_account: &[HandoffRow]) -> Result<Vec<Carried>, AppError> {
        let accepted = |row: &&HandoffRow| runs(row) && matches!(row.stage.as_str(), "assigned" | "owned");
        let Some(last) = newest(of_account.iter().filter(accepted)) else { return Ok(Vec::new()) };
        let items = self.load(org.id, last.id).await?.handoff.record.items.into_values();
        let stays = |item: &Item| !matches!(item.body, Body::Promise(_));
        Ok(items.filter(stays).map(|Item { body, evidence, .. }| Carried { body, evidence }).collect())
    }

    /// Who answers for people nobody has mapped: the organisation's process owner.
    pub(crate) async fn process_owner(&self, org: &Org) -> Result<PersonId, AppError> {
        org.process_owner.ok_or_else(|| {
            AppError::Conflict(
                "the organisation has no process owner yet: invite a person with role rev_ops first".into(),
            )
        })
    }

    async fn account_for(
        &self,
        caller: &Caller,
        org: &Org,
        deal: &Deal,
        dry_run: bool,
    ) -> Result<Option<Account>, AppError> {
        let by_id = deal.account_external_id.as_ref().map(|id| format!("{}:{id}", deal.key.source));
        let by_name = format!("name:{}", deal.account.trim().to_lowercase());
        let alias = by_id.unwrap_or(by_name);
        if let Some(account) = self.store.account_by_alias(org.id, &alias).await? {
            return Ok(Some(account));
        }
        if dry_run {
            return Ok(None);
        }
        let account = Account {
            id: AccountId(self.fresh_id()),
            name: deal.account.clone(),
            aliases: BTreeSet::from([alias.clone()]),
            csm: None,
        };
        let audit = self.audit(caller, "add-account", &account.id.to_string(), serde_json::Value::Null);
        match self.store.apply(org.id, vec![Change::PutAccount(account.clone())], audit).await {
            Ok(()) => Ok(Some(account)),
            Err(throughline_store::ports::ApplyError::Conflict(_)) => {
                Ok(self.store.account_by_alias(org.id, &alias).await?)
            }
            Err(other) => Err(other.into()),
        }
    }

    /// The AE's seat: whoever the CRM names, or the process owner where it names nobody.
    async fn seat_for(
        &self,
        caller: &Caller,
        org: &Org,
        key: &DealKey,
        owner: Option<&CrmPerson>,
    ) -> Result<Seat, AppError> {
        let seat = |person, unmapped| Seat { person, unmapped, contributors: BTreeSet::new() };
        let Some(owner) = owner.filter(|owner| is_named(owner)) else {
            return Ok(seat(self.process_owner(org).await?, false));
        };
        let person = self.mapped_person(caller, org, key, owner).await?;
        let unmapped = matches!(person.status, PersonStatus::NotInvited | PersonStatus::Deactivated);
        Ok(seat(person.id, unmapped))
    }

    /// The person behind a CRM's owner: known by id or mail there, by mail here, or new and not invited.
    pub(crate) async fn mapped_person(
        &self,
        caller: &Caller,
        org: &Org,
        key: &DealKey,
        named: &CrmPerson,
    ) -> Result<Person, AppError> {
        let aliases = aliases(&key.source, named);
        for alias in &aliases {
            if let Some(person) = self.store.person_by_alias(org.id, alias).await? {
                return self.really(org, person).await;
            }
        }
        let email = named
            .email
            .as_ref()
            .map(|email| email.as_str().trim().to_lowercase())
            .filter(|email| email.contains('@'));
        if let Some(email) = &email {
            let known = self.store.people_by_email(email).await?.into_iter().find(|(of, _)| *of == org.id);
            if let Some((_, person)) = known {
                return self.really(org, person).await;
            }
        }
        let fallback =
            email.clone().or_else(|| named.external_id.clone()).unwrap_or_else(|| "Unknown owner".into());
        let person = Person {
            id: PersonId(self.fresh_id()),
            name: named.name.as_ref().map_or(fallback, |name| name.as_str().to_owned()),
            email: None,
            grants: BTreeSet::new(),
            team: None,
            status: PersonStatus::NotInvited,
            zone: None,
            password: None,
            aliases: aliases.clone(),
            mapped_to: None,
            created_at: self.now(),
        };
        let audit = self.audit(caller, "add-owner-from-crm", &person.id.to_string(), serde_json::Value::Null);
        match self.store.apply(org.id, vec![Change::PutPerson(person.clone())], audit).await {
            Ok(()) => Ok(person),
            Err(throughline_store::ports::ApplyError::Conflict(_)) => {
                for alias in &aliases {
                    if let Some(person) = self.store.person_by_alias(org.id, alias).await? {
                        return self.really(org, person).await;
                    }
                }
                Err(AppError::Conflict("the owner could not be added; try again".into()))
            }
            Err(other) => Err(other.into()),
        }
    }

    async fn really(&self, org: &Org, person: Person) -> Result<Person, AppError> {
        match person.mapped_to {
            Some(id) => Ok(self.store.person(org.id, id).await?.unwrap_or(person)),
            None => Ok(person),
        }
    }
}

impl Caller {
    /// The same actor with the product's own rights: for steps a checked right implies.
    pub(crate) fn system_for(caller: &Caller) -> Caller {
        Caller { actions: None, grants: Vec::new(), ..caller.clone() }.trusted()
    }

    fn trusted(mut self) -> Caller {
        self.grants = vec![throughline_domain::access::Grant {
            role: throughline_domain::Role::RevOps,
            scope: throughline_domain::access::Scope::Organisation,
        }];
        self
    }
}

/// The organisation's route for a deal, its first rule that holds; a rule that cannot run does not hold.
pub fn route(
    playbook: &Playbook,
    of: &PlaybookRef,
    deal: &Deal,
    calendar: &Calendar,
    now: jiff::Timestamp,
) -> RouteTaken {
    let facts = deal_facts_of(deal, "", calendar, now);
    let holds = |route: &&throughline_domain::playbook::Route| {
        route.when.as_ref().is_none_or(|rule| rule.value.holds(&facts).unwrap_or(false))
    };
    match playbook.routes.iter().find(holds) {
        Some(route) => RouteTaken {
            rule: Some(route.id.value.clone()),
            playbook: (route.take == Way::This).then(|| of.clone()),
            variant: route.variant.clone(),
            csm: route.csm,
            because: route.because.clone(),
        },
        None => RouteTaken {
            rule: None,
            playbook: Some(of.clone()),
            variant: None,
            csm: Default::default(),
            because: "no route names another way".to_owned(),
        },
    }
}

fn opens(
    playbook: &Playbook,
    route: &RouteTaken,
    deal: &Deal,
    calendar: &Calendar,
    now: jiff::Timestamp,
) -> bool {
    let variant = route.variant.as_ref().map_or("", |variant| variant.as_str());
    // A rule that cannot run opens: a record too early is a nuisance, one too late is the cold handoff.
    playbook.opens_when.value.holds(&deal_facts_of(deal, variant, calendar, now)).unwrap_or(true)
}

fn life(deal: &Deal, route: &RouteTaken, calendar: &Calendar, go_live: Date) -> Life {
    let closed_on = deal.stated_close().map(|at| calendar.local_date(at)).or(deal.close_on);
    let before = closed_on.unwrap_or_else(|| calendar.local_date(deal.source_time)) < go_live;
    let closed = deal.standing == Standing::Won || deal.standing.is_gone();
    match (closed && before, &route.playbook) {
        (true, _) => Life::History,
        (false, None) => Life::OutOfScope,
        (false, Some(_)) => Life::Live,
    }
}

fn is_named(owner: &CrmPerson) -> bool {
    owner.external_id.is_some() || owner.email.is_some() || owner.name.is_some()
}

fn aliases(source: &str, named: &CrmPerson) -> BTreeSet<String> {
    let id = named.external_id.as_ref().map(|id| format!("{source}:{id}"));
    let email =
        named.email.as_ref().map(|email| format!("{source}:{}", email.as_str().trim().to_lowercase()));
    let mut aliases: BTreeSet<String> = id.into_iter().chain(email).collect();
    if aliases.is_empty() {
        aliases.extend(
            named.name.as_ref().map(|name| format!("{source}:name:{}", name.as_str().to_lowercase())),
        );
    }
    aliases
}

fn runs(row: &HandoffRow) -> bool {
    matches!(row.life.as_str(), "live" | "done")
}

fn newest<'r>(rows: impl Iterator<Item = &'r HandoffRow>) -> Option<&'r HandoffRow> {
    rows.max_by_key(|row| (row.opened_at, row.id))
}

/// Bounds on what a source may send.
pub(crate) fn check(deal: &Deal) -> Result<(), AppError> {
    let short = |field: &str, text: &str, most: usize| {
        if text.trim().is_empty() {
            return Err(AppError::invalid(field, "must not be blank"));
        }
        if text.chars().count() > most {
            return Err(AppError::invalid(field, format!("is longer than {most} characters")));
        }
        match text.chars().find(|c| c.is_control()) {
            Some(_) => Err(AppError::invalid(field, "contains a control character")),
            None => Ok(()),
        }
    };
    short("source", &deal.key.source, 40)?;
    if !deal.key.source.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_')
    {
        return Err(AppError::invalid("source", "is written in lower-case letters, digits, - and _"));
    }
    short("external_id", &deal.key.external_id, 200)?;
    short("name", &deal.name, 500)?;
    short("account", &deal.account, 500)?;
    if deal.extra.len() > 300 {
        return Err(AppError::invalid("extra", "holds more than 300 fields"));
    }
    if deal.probability.is_some_and(|percent| percent > 100) {
        return Err(AppError::invalid("probability", "is from 0 to 100"));
    }
    if deal.discount_percent.is_some_and(|percent| percent > 100) {
        return Err(AppError::invalid("discount_percent", "is from 0 to 100"));
    }
    Ok(())
}

/// Whether a handoff was ever offered: what pages ask before they show the offer's part.
pub fn was_offered(loaded: &Loaded) -> bool {
    loaded.handoff.stage != Stage::Preparing || !loaded.handoff.offers.is_empty()
}

/// A CRM person from plain parts; blanks are left out.
pub fn crm_person(external_id: Option<String>, name: Option<&str>, email: Option<&str>) -> Option<CrmPerson> {
    let text = |text: Option<&str>| text.and_then(|text| Personal::parse(text).ok());
    let person = CrmPerson {
        external_id: external_id.filter(|id| !id.trim().is_empty()),
        name: text(name),
        email: text(email),
    };
    is_named(&person).then_some(person)
}
