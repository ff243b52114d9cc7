//! Every request of the ports, passed on. A port that gains one fails to compile here until it stands below.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;
use throughline_domain::{
    AccountId, HandoffId, ItemId, OrgId, PersonId, PortalPersonId, Role, TeamId, TokenId, deal::DealKey,
};
use throughline_store::{ports::*, *};
use uuid::Uuid;

use super::Wire;

#[async_trait]
impl Handoffs for Wire {
    async fn load(&self, org: OrgId, id: HandoffId) -> Result<Option<Stored>, StoreError> {
        self.asks("load").await?;
        self.store.load(org, id).await
    }

    async fn commit(&self, commit: Commit) -> Result<Version, CommitError> {
        self.commit_over(commit).await
    }

    async fn deal(&self, org: OrgId, key: &DealKey) -> Result<Option<DealRow>, StoreError> {
        self.asks("deal").await?;
        self.store.deal(org, key).await
    }

    async fn row(&self, org: OrgId, id: HandoffId) -> Result<Option<HandoffRow>, StoreError> {
        self.asks("row").await?;
        self.store.row(org, id).await
    }

    async fn list(&self, org: OrgId, query: &HandoffQuery) -> Result<Page<HandoffRow>, StoreError> {
        self.asks("list").await?;
        self.store.list(org, query).await
    }

    async fn count(
        &self,
        org: OrgId,
        reach: &Reach,
        filter: &HandoffFilter,
        most: u32,
    ) -> Result<u32, StoreError> {
        self.asks("count").await?;
        self.store.count(org, reach, filter, most).await
    }

    async fn of_account(&self, org: OrgId, account: AccountId) -> Result<Vec<HandoffRow>, StoreError> {
        self.asks("of_account").await?;
        self.store.of_account(org, account).await
    }

    async fn promises(
        &self,
        org: OrgId,
        query: &PromiseQuery,
    ) -> Result<Page<PromiseRow, (i64, ItemId)>, StoreError> {
        self.asks("promises").await?;
        self.store.promises(org, query).await
    }

    async fn dues(&self, org: OrgId, id: HandoffId) -> Result<Vec<DueRow>, StoreError> {
        self.asks("dues").await?;
        self.store.dues(org, id).await
    }

    async fn journal(
        &self,
        org: OrgId,
        id: HandoffId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<JournalRow>, StoreError> {
        self.asks("journal").await?;
        self.store.journal(org, id, after, limit).await
    }

    async fn timeline(
        &self,
        org: OrgId,
        id: HandoffId,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<JournalRow>, StoreError> {
        self.asks("timeline").await?;
        self.store.timeline(org, id, before, limit).await
    }

    async fn texts(
        &self,
        org: OrgId,
        id: HandoffId,
    ) -> Result<BTreeMap<Uuid, ([u8; 16], String)>, StoreError> {
        self.asks("texts").await?;
        self.store.texts(org, id).await
    }

    async fn ids(
        &self,
        org: OrgId,
        after: Option<HandoffId>,
        limit: u32,
    ) -> Result<Vec<HandoffId>, StoreError> {
        self.asks("ids").await?;
        self.store.ids(org, after, limit).await
    }

    async fn tally(&self, org: OrgId) -> Result<Tally, StoreError> {
        self.asks("tally").await?;
        self.store.tally(org).await
    }

    async fn outbox(&self, org: OrgId, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        self.asks("outbox").await?;
        self.store.outbox(org, limit).await
    }

    async fn remembered(&self, org: OrgId, key: &str) -> Result<Option<IdempotencyRow>, StoreError> {
        self.asks("remembered").await?;
        self.store.remembered(org, key).await
    }
}

#[async_trait]
impl Directory for Wire {
    async fn apply(&self, org: OrgId, changes: Vec<Change>, audit: Audit) -> Result<(), ApplyError> {
        self.apply_over(org, changes, audit).await
    }

    async fn orgs(&self) -> Result<Vec<Org>, StoreError> {
        self.asks("orgs").await?;
        self.store.orgs().await
    }

    async fn org(&self, id: OrgId) -> Result<Option<Org>, StoreError> {
        self.asks("org").await?;
        self.store.org(id).await
    }

    async fn person(&self, org: OrgId, id: PersonId) -> Result<Option<Person>, StoreError> {
        self.asks("person").await?;
        self.store.person(org, id).await
    }

    async fn people_of(&self, org: OrgId, ids: &BTreeSet<PersonId>) -> Result<Vec<Person>, StoreError> {
        self.asks("people_of").await?;
        self.store.people_of(org, ids).await
    }

    async fn people_by_email(&self, email: &str) -> Result<Vec<(OrgId, Person)>, StoreError> {
        self.asks("people_by_email").await?;
        self.store.people_by_email(email).await
    }

    async fn people(
        &self,
        org: OrgId,
        text: Option<&str>,
        after: Option<(String, PersonId)>,
        limit: u32,
    ) -> Result<Page<Person, (String, PersonId)>, StoreError> {
        self.asks("people").await?;
        self.store.people(org, text, after, limit).await
    }

    async fn person_by_alias(&self, org: OrgId, alias: &str) -> Result<Option<Person>, StoreError> {
        self.asks("person_by_alias").await?;
        self.store.person_by_alias(org, alias).await
    }

    async fn teams(&self, org: OrgId) -> Result<Vec<Team>, StoreError> {
        self.asks("teams").await?;
        self.store.teams(org).await
    }

    async fn team_people(
        &self,
        org: OrgId,
        teams: &BTreeSet<TeamId>,
    ) -> Result<BTreeSet<PersonId>, StoreError> {
        self.asks("team_people").await?;
        self.store.team_people(org, teams).await
    }

    async fn role_people(&self, org: OrgId, role: Role) -> Result<Vec<Person>, StoreError> {
        self.asks("role_people").await?;
        self.store.role_people(org, role).await
    }

    async fn team(&self, org: OrgId, id: TeamId) -> Result<Option<Team>, StoreError> {
        self.asks("team").await?;
        self.store.team(org, id).await
    }

    async fn account(&self, org: OrgId, id: AccountId) -> Result<Option<Account>, StoreError> {
        self.asks("account").await?;
        self.store.account(org, id).await
    }

    async fn account_by_alias(&self, org: OrgId, alias: &str) -> Result<Option<Account>, StoreError> {
        self.asks("account_by_alias").await?;
        self.store.account_by_alias(org, alias).await
    }

    async fn playbooks(&self, org: OrgId) -> Result<Vec<PublishedPlaybook>, StoreError> {
        self.asks("playbooks").await?;
        self.store.playbooks(org).await
    }

    async fn playbook(
        &self,
        org: OrgId,
        name: &str,
        version: Option<u32>,
    ) -> Result<Option<PublishedPlaybook>, StoreError> {
        self.asks("playbook").await?;
        self.store.playbook(org, name, version).await
    }

    async fn token(&self, secret: &str) -> Result<Option<(OrgId, Token)>, StoreError> {
        self.asks("token").await?;
        self.store.token(secret).await
    }

    async fn tokens(&self, org: OrgId) -> Result<Vec<Token>, StoreError> {
        self.asks("tokens").await?;
        self.store.tokens(org).await
    }

    async fn token_by_id(&self, org: OrgId, id: TokenId) -> Result<Option<Token>, StoreError> {
        self.asks("token_by_id").await?;
        self.store.token_by_id(org, id).await
    }

    async fn session(&self, secret: &str) -> Result<Option<(OrgId, Session)>, StoreError> {
        self.asks("session").await?;
        self.store.session(secret).await
    }

    async fn sessions_of(&self, org: OrgId, person: PersonId) -> Result<Vec<Session>, StoreError> {
        self.asks("sessions_of").await?;
        self.store.sessions_of(org, person).await
    }

    async fn link(&self, secret: &str) -> Result<Option<(OrgId, Link)>, StoreError> {
        self.asks("link").await?;
        self.store.link(secret).await
    }

    async fn letters(
        &self,
        org: OrgId,
        to: Option<PersonId>,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<Letter>, StoreError> {
        self.asks("letters").await?;
        self.store.letters(org, to, before, limit).await
    }

    async fn audit(
        &self,
        org: OrgId,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<(i64, Audit)>, StoreError> {
        self.asks("audit").await?;
        self.store.audit(org, before, limit).await
    }

    async fn events(
        &self,
        org: OrgId,
        before: Option<EventPlace>,
        limit: u32,
    ) -> Result<Vec<EventSeen>, StoreError> {
        self.asks("events").await?;
        self.store.events(org, before, limit).await
    }
}

#[async_trait]
impl Sweeps for Wire {
    async fn claim_looks(&self, claim: Claim) -> Result<Vec<(OrgId, HandoffId, Timestamp)>, StoreError> {
        self.looks_over(claim).await
    }

    async fn looked(&self, look: Look) -> Result<bool, StoreError> {
        self.looked_over(look).await
    }

    async fn claim_outbox(&self, claim: Claim) -> Result<Vec<(OrgId, OutboxRow)>, StoreError> {
        self.outbox_over(claim).await
    }

    async fn claim_post(&self, claim: Claim) -> Result<Vec<Bag>, StoreError> {
        self.post_over(claim).await
    }

    async fn on_post(
        &self,
        org: OrgId,
        person: PersonId,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<OnPost>, StoreError> {
        self.asks("on_post").await?;
        self.store.on_post(org, person, after, limit).await
    }

    async fn claim_events(&self, claim: Claim) -> Result<Vec<(OrgId, EventRow)>, StoreError> {
        self.events_over(claim).await
    }

    async fn deals_without(
        &self,
        org: OrgId,
        after: Option<DealKey>,
        limit: u32,
    ) -> Result<Vec<DealRow>, StoreError> {
        self.asks("deals_without").await?;
        self.store.deals_without(org, after, limit).await
    }

    async fn nudged(&self, at_most: Duration) {
        self.store.nudged(at_most).await;
    }
}

#[async_trait]
impl Parcels for Wire {
    async fn claim_parcels(&self, claim: Claim) -> Result<Vec<(OrgId, ParcelRow)>, StoreError> {
        self.asks("claim_parcels").await?;
        self.store.claim_parcels(claim).await
    }

    async fn parcels(
        &self,
        org: OrgId,
        handoff: HandoffId,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<ParcelSeen>, StoreError> {
        self.asks("parcels").await?;
        self.store.parcels(org, handoff, before, limit).await
    }

    async fn invites(&self, org: OrgId, handoff: HandoffId) -> Result<Vec<InviteRow>, StoreError> {
        self.asks("invites").await?;
        self.store.invites(org, handoff).await
    }
}

#[async_trait]
impl Mails for Wire {
    async fn claim_mails(&self, claim: Claim) -> Result<Vec<(OrgId, MailRow)>, StoreError> {
        self.asks("claim_mails").await?;
        self.store.claim_mails(claim).await
    }

    async fn mails(
        &self,
        org: OrgId,
        state: Option<MailState>,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<MailSeen>, StoreError> {
        self.asks("mails").await?;
        self.store.mails(org, state, before, limit).await
    }

    async fn awaited(&self, org: OrgId, id: Uuid) -> Result<Option<AwaitedRow>, StoreError> {
        self.asks("awaited").await?;
        self.store.awaited(org, id).await
    }

    async fn awaited_at(&self, secret: &str) -> Result<Option<(OrgId, AwaitedRow)>, StoreError> {
        self.asks("awaited_at").await?;
        self.store.awaited_at(secret).await
    }

    async fn take_turn(
        &self,
        what: &str,
        held: Option<Timestamp>,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        self.asks("take_turn").await?;
        self.store.take_turn(what, held, now, until).await
    }
}

#[async_trait]
impl Telling for Wire {
    async fn told(&self, org: OrgId, query: &ToldQuery) -> Result<Page<JournalRow, ToldPlace>, StoreError> {
        self.asks("told").await?;
        self.store.told(org, query).await
    }

    async fn letters_of(
        &self,
        org: OrgId,
        facts: &BTreeSet<(HandoffId, u64)>,
    ) -> Result<BTreeMap<(HandoffId, u64), Vec<Letter>>, StoreError> {
        self.asks("letters_of").await?;
        self.store.letters_of(org, facts).await
    }

    async fn waiting_post(
        &self,
        org: OrgId,
        letters: &BTreeSet<Uuid>,
    ) -> Result<BTreeMap<Uuid, Timestamp>, StoreError> {
        self.asks("waiting_post").await?;
        self.store.waiting_post(org, letters).await
    }

    async fn load_many(
        &self,
        org: OrgId,
        ids: &BTreeSet<HandoffId>,
    ) -> Result<BTreeMap<HandoffId, Stored>, StoreError> {
        self.asks("load_many").await?;
        self.store.load_many(org, ids).await
    }
}

#[async_trait]
impl Wording for Wire {
    async fn templates(&self, org: OrgId) -> Result<Vec<TemplateRow>, StoreError> {
        self.asks("templates").await?;
        self.store.templates(org).await
    }

    async fn templates_mark(&self, org: OrgId) -> Result<u64, StoreError> {
        self.asks("templates_mark").await?;
        self.store.templates_mark(org).await
    }
}

#[async_trait]
impl Drafting for Wire {
    async fn draft(&self, org: OrgId, name: &str) -> Result<Option<DraftRow>, StoreError> {
        self.asks("draft").await?;
        self.store.draft(org, name).await
    }

    async fn drafts(&self, org: OrgId) -> Result<Vec<DraftRow>, StoreError> {
        self.asks("drafts").await?;
        self.store.drafts(org).await
    }
}

#[async_trait]
impl Portals for Wire {
    async fn portal_people(&self, org: OrgId, account: AccountId) -> Result<Vec<PortalPerson>, StoreError> {
        self.asks("portal_people").await?;
        self.store.portal_people(org, account).await
    }

    async fn portal_person(
        &self,
        org: OrgId,
        id: PortalPersonId,
    ) -> Result<Option<PortalPerson>, StoreError> {
        self.asks("portal_person").await?;
        self.store.portal_person(org, id).await
    }

    async fn portal_people_by_email(&self, email: &str) -> Result<Vec<(OrgId, PortalPerson)>, StoreError> {
        self.asks("portal_people_by_email").await?;
        self.store.portal_people_by_email(email).await
    }

    async fn portal_key(&self, org: OrgId, id: Uuid) -> Result<Option<PortalKey>, StoreError> {
        self.asks("portal_key").await?;
        self.store.portal_key(org, id).await
    }

    async fn portal_key_of(&self, secret: &str) -> Result<Option<(OrgId, PortalKey)>, StoreError> {
        self.asks("portal_key_of").await?;
        self.store.portal_key_of(secret).await
    }

    async fn portal_asked(
        &self,
        org: OrgId,
        person: PortalPersonId,
        kind: PortalKeyKind,
        since: Timestamp,
    ) -> Result<u32, StoreError> {
        self.asks("portal_asked").await?;
        self.store.portal_asked(org, person, kind, since).await
    }

    async fn portal_session(&self, secret: &str) -> Result<Option<(OrgId, PortalSession)>, StoreError> {
        self.asks("portal_session").await?;
        self.store.portal_session(secret).await
    }
}

#[async_trait]
impl Finding for Wire {
    async fn find(&self, org: OrgId, query: &FindQuery) -> Result<Page<Found, FindPlace>, StoreError> {
        self.asks("find").await?;
        self.store.find(org, query).await
    }
}

#[async_trait]
impl Counting for Wire {
    async fn spread(
        &self,
        org: OrgId,
        reach: &Reach,
        filter: &HandoffFilter,
        lateness: Lateness,
    ) -> Result<Vec<Spread>, StoreError> {
        self.asks("spread").await?;
        self.store.spread(org, reach, filter, lateness).await
    }

    async fn loads(
        &self,
        org: OrgId,
        csms: &BTreeSet<PersonId>,
        now: Timestamp,
    ) -> Result<Vec<Load>, StoreError> {
        self.asks("loads").await?;
        self.store.loads(org, csms, now).await
    }

    async fn words(&self, org: OrgId) -> Result<DealWords, StoreError> {
        self.asks("words").await?;
        self.store.words(org).await
    }
}

#[async_trait]
impl Viewing for Wire {
    async fn views(
        &self,
        org: OrgId,
        person: PersonId,
        teams: &BTreeSet<TeamId>,
    ) -> Result<Vec<(SavedView, ViewChoice)>, StoreError> {
        self.asks("views").await?;
        self.store.views(org, person, teams).await
    }

    async fn view(&self, org: OrgId, id: Uuid) -> Result<Option<SavedView>, StoreError> {
        self.asks("view").await?;
        self.store.view(org, id).await
    }
}
