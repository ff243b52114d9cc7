//! Deals come in: from a CRM's push, from an import, one by one. Each is mapped to an account and people, routed,
//! and either opened, told to its handoff, or kept until it opens (R0.5, R0.8, R0.9).

mod account;
mod body;
mod bounds;
mod known;
mod owner;

use std::sync::Arc;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_domain::{
    HandoffId, OrgId, PersonId,
    access::Action,
    calendar::Calendar,
    deal::{Deal, Standing},
    handoff::{Command, Life, RouteTaken, command},
    playbook::{Playbook, PlaybookRef},
};
use throughline_store::{Change, DealRow, Org};

use self::account::{newest, runs};
pub use self::body::DealBody;
pub(crate) use self::bounds::check;
pub use self::owner::crm_person;
use crate::{
    App, AppError, Caller, HandleOptions,
    handle::{On, TRIES},
};

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

/// What taking a deal needs of the organisation: read once for a deal, and once for all rows of an import.
pub(crate) struct House {
    pub org: Org,
    of: PlaybookRef,
    playbook: Arc<Playbook>,
    process_owner: Option<PersonId>,
}

impl House {
    /// Who answers for people nobody has mapped.
    pub fn process_owner(&self) -> Result<PersonId, AppError> {
        self.process_owner.ok_or_else(|| {
            let role = self.playbook.process_owner;
            AppError::Conflict(format!(
                "the organisation has no process owner yet: invite a person with role {} first",
                role.name()
            ))
        })
    }
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
        let known = self.store.deal(caller.org, &deal.key).await?;
        if let Some(id) = known.as_ref().and_then(|known| known.handoff) {
            let org = self.organisation(caller.org).await?;
            return self.tell_handoff(caller, &org, id, deal, options).await;
        }
        let house = self.house(caller.org).await?;
        self.first_sight(caller, &house, known, deal, options).await
    }

    /// Takes one deal of many, whose sender and bounds were checked. An undated one is no news where it says what is
    /// known.
    pub(crate) async fn take_row(
        &self,
        caller: &Caller,
        house: &House,
        mut deal: Deal,
        dated: bool,
        options: DealOptions,
    ) -> Result<DealAnswer, AppError> {
        let known = self.store.deal(caller.org, &deal.key).await?;
        if let Some(row) = known.as_ref().filter(|_| !dated) {
            deal = as_known(row, deal);
        }
        match known.as_ref().and_then(|known| known.handoff) {
            Some(id) => self.tell_handoff(caller, &house.org, id, deal, options).await,
            None => self.first_sight(caller, house, known, deal, options).await,
        }
    }

    /// Reads what taking deals needs of an organisation.
    pub(crate) async fn house(&self, org: OrgId) -> Result<House, AppError> {
        let org = self.organisation(org).await?;
        let (of, playbook) = self.newest_playbook(org.id, &org.playbook).await?;
        let process_owner = self.process_owner(&org, playbook.process_owner).await?;
        Ok(House { org, of, playbook, process_owner })
    }

    async fn tell_handoff(
        &self,
        caller: &Caller,
        org: &Org,
        id: HandoffId,
        mut deal: Deal,
        options: DealOptions,
    ) -> Result<DealAnswer, AppError> {
        let mut loaded = self.load_in(org.clone(), id).await?;
        if options.open_now && !caller.can(Action::Open, &loaded.handoff) {
            return Err(AppError::NotFound("deal"));
        }
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
        let command = self.news(caller, org, known, deal, loaded.handoff.process_owner).await?;
        // The right to send deals was checked; it does not hang on a part in the handoff.
        let trusted = Caller::system_for(caller);
        for attempt in 1.. {
            let on = On::Known(Box::new(loaded));
            let command = Command::TakeNews(command.clone());
            match self.run(&trusted, on, id, command, &HandleOptions::default()).await {
                Ok(handled) => {
                    return Ok(answer(match (handled.changed, older) {
                        (false, _) => Taken::Unchanged,
                        (true, true) => Taken::Older,
                        (true, false) => Taken::Changed,
                    }));
                }
                Err(AppError::Stale { .. }) if attempt < TRIES => {}
                Err(other) => return Err(other),
            }
            loaded = self.load_in(org.clone(), id).await?;
        }
        Err(AppError::broken("unreachable: the loop returns"))
    }

    /// A reading as news for whoever knows another, with the people it names.
    async fn news(
        &self,
        caller: &Caller,
        org: &Org,
        known: &Deal,
        mut deal: Deal,
        stand_in: PersonId,
    ) -> Result<command::TakeNews, AppError> {
        deal.existing_account = deal.existing_account.or(known.existing_account);
        let older = deal.source_time < known.source_time;
        let seller = match &deal.owner {
            Some(owner) if !older && deal.owner != known.owner => {
                Some(self.seat_for(caller, org, &deal.key, Some(owner), stand_in).await?)
            }
            _ => None,
        };
        let csm = match &deal.csm {
            Some(csm) => Some(self.mapped_person(caller, org, &deal.key, csm).await?.id),
            None => None,
        };
        Ok(command::TakeNews { deal, seller, csm })
    }

    /// Takes a deal that has no handoff as far as is known; in the same moment somebody else may open it, on older news
    /// too, or keep newer news of it. Theirs stands, and this is taken as what it is then.
    async fn first_sight(
        &self,
        caller: &Caller,
        house: &House,
        mut known: Option<DealRow>,
        deal: Deal,
        options: DealOptions,
    ) -> Result<DealAnswer, AppError> {
        for _ in 0..TRIES {
            let overtaken = match self.sees_first(caller, house, known, deal.clone(), options).await {
                Err(why @ (AppError::Conflict(_) | AppError::Stale { .. })) => why,
                done => return done,
            };
            known = self.store.deal(house.org.id, &deal.key).await?;
            match known.as_ref().and_then(|known| known.handoff) {
                Some(id) => return self.tell_handoff(caller, &house.org, id, deal, options).await,
                None if matches!(overtaken, AppError::Stale { .. }) => {}
                None => return Err(overtaken),
            }
        }
        Err(AppError::Unavailable("others are always faster".to_owned()))
    }

    async fn sees_first(
        &self,
        caller: &Caller,
        house: &House,
        known: Option<DealRow>,
        mut deal: Deal,
        options: DealOptions,
    ) -> Result<DealAnswer, AppError> {
        if options.open_now {
            self.may_open(caller, house, known.as_ref(), &deal).await?;
        }
        let House { org, of, playbook, .. } = house;
        let older = known.as_ref().is_some_and(|known| known.source_time > deal.source_time);
        let before = known.and_then(|known| serde_json::from_str::<Deal>(&known.body).ok());
        if older && before.is_none() {
            return Ok(DealAnswer { handoff: None, taken: Taken::Kept });
        }
        let account = self.known_account(org, &deal).await?;
        let of_account = match account {
            Some(account) => self.store.of_account(org.id, account).await?,
            None => Vec::new(),
        };
        let owned = newest(of_account.iter().filter(|row| runs(row) && row.stage == "owned"));
        let bought_before = of_account.iter().any(|row| row.life == "history" && row.closed_at.is_some());
        deal.existing_account.get_or_insert(owned.is_some() || bought_before);
        let csm_of_record = owned.and_then(|row| row.csm);

        let now = self.now();
        let route = RouteTaken::choose(playbook, of, &deal, &org.calendar, now);
        let go_live = options.go_live_on.or(org.go_live_on).unwrap_or_else(|| org.calendar.local_date(now));
        let life = life(&deal, &route, &org.calendar, go_live);
        // A rule that cannot run opens: a record too early is a nuisance, one too late is the cold handoff.
        let opens = options.open_now || route.opens(playbook, &deal, &org.calendar, now).unwrap_or(true);
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
        // In its turn it would not have opened the record either.
        if taken == Taken::Kept && older {
            return Ok(DealAnswer { handoff: None, taken: Taken::Older });
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
        let account = match account {
            Some(account) => account,
            None => self.add_account(caller, org, &deal).await?,
        };
        let process_owner = house.process_owner()?;
        let seller = self.seat_for(caller, org, &deal.key, deal.owner.as_ref(), process_owner).await?;
        let id = HandoffId(self.fresh_id());
        // It opens the record as it would have in its turn; what was known before is news since.
        let since = match before.filter(|_| older) {
            Some(newer) => Some(self.news(caller, org, &deal, newer, process_owner).await?),
            None => None,
        };
        let carried = self.carried(org, &of_account).await?;
        let open =
            command::Open { id, account, deal, route, life, seller, process_owner, csm_of_record, carried };
        let (trusted, on) = (Caller::system_for(caller), On::Nothing(Box::new((org.clone(), since))));
        self.run(&trusted, on, id, Command::Open(open), &HandleOptions::default()).await?;
        Ok(DealAnswer { handoff: Some(id), taken })
    }
}

impl Caller {
    /// The same actor with the product's own rights: for steps a checked right implies. They are written at once.
    pub(crate) fn system_for(caller: &Caller) -> Caller {
        Caller { actions: None, grants: Vec::new(), held: None, ..caller.clone() }.trusted()
    }

    fn trusted(mut self) -> Caller {
        // What is done by the product's rights is done in nobody's stead.
        self.steads.clear();
        self.grants = vec![throughline_domain::access::Grant {
            role: throughline_domain::Role::RevOps,
            scope: throughline_domain::access::Scope::Organisation,
        }];
        self
    }
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

/// A reading without a time of its own: where it says what is known already, it bears the time that is known by.
fn as_known(row: &DealRow, deal: Deal) -> Deal {
    let Ok(known) = serde_json::from_str::<Deal>(&row.body) else { return deal };
    let same = Deal {
        source_time: known.source_time,
        existing_account: deal.existing_account.or(known.existing_account),
        ..deal.clone()
    };
    if same == known { same } else { deal }
}
