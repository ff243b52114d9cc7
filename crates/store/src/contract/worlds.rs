//! Whatever is done, a store tells what the store in memory tells: the same random changes and questions to both.

use jiff::SignedDuration;
use throughline_domain::{AccountId, HandoffId, Money, OrgId, PersonId, Role};

use uuid::Uuid;

use super::{parcels::a_parcel, sample::*, together::Dice};
use crate::{
    Account, Asked, Change, Claim, Commit, Erase, EventRow, FindQuery, Finding, HandoffFilter, HandoffQuery,
    HandoffRow, InviteRow, Look, ParcelChange, ParcelRow, Parcels, PartRow, PromiseQuery, Reach, STRETCH,
    Sort, Sought, Sweeps,
    memory::MemoryStore,
    ports::{Directory, Handoffs, Store},
};

const WORLDS: u64 = 12;
const STEPS: usize = 60;
const QUESTIONS: usize = 40;

/// What a random world is made of.
struct World {
    org: OrgId,
    dice: Dice,
    people: Vec<PersonId>,
    accounts: Vec<AccountId>,
    stories: Vec<Story>,
    letters: Vec<Uuid>,
}

const WORDS: [&str; 10] = ["acme", "ACME", "Straße", "STRASSE", "100%", "_", "ΣΑΣ", "é", "É", "a b"];
const LIVES: [&str; 3] = ["live", "done", "withdrawn"];
const STAGES: [&str; 3] = ["preparing", "offered", "owned"];

impl World {
    fn new(seed: u64) -> Self {
        Self {
            org: org(),
            dice: Dice::new(seed),
            people: (0..6).map(|_| person()).collect(),
            accounts: (0..3).map(|_| fresh()).collect(),
            stories: Vec::new(),
            letters: (0..9).map(|_| fresh()).collect(),
        }
    }

    fn somebody(&mut self) -> PersonId {
        *self.dice.pick(&self.people)
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (!self.dice.once_in(3)).then(|| make(self))
    }

    fn time(&mut self) -> jiff::Timestamp {
        // Days apart, and now and then the same.
        at(self.dice.roll(12) as i64 * 40_000)
    }

    /// The next commit of a new or an old handoff.
    fn next(&mut self) -> Commit {
        let place = if self.stories.is_empty() || self.dice.once_in(3) {
            self.stories.push(Story::new(self.org));
            self.stories.len() - 1
        } else {
            self.dice.roll(self.stories.len())
        };
        let told = match self.stories[place].version {
            0 => Told::Opened,
            _ => Told::Wrote("as said"),
        };
        let mut commit = self.stories[place].tell(&[told]);
        self.shuffle(&mut commit, place);
        commit
    }

    fn shuffle(&mut self, commit: &mut Commit, place: usize) {
        let row = &mut commit.row;
        row.account_id = *self.dice.pick(&self.accounts);
        row.account = self.dice.pick(&WORDS).to_string();
        row.deal_name = self.dice.pick(&WORDS).to_string();
        row.life = self.dice.pick(&LIVES).to_string();
        row.stage = self.dice.pick(&STAGES).to_string();
        row.ae = self.somebody();
        row.csm = self.maybe(Self::somebody);
        row.next_person = self.maybe(Self::somebody);
        row.next_due_at = self.maybe(Self::time);
        row.updated_at = self.time();
        row.opened_at = self.time();
        row.missing = self.dice.roll(3) as u32;
        row.open_waivers = self.dice.roll(2) as u32;
        row.open_questions = self.dice.roll(2) as u32;
        row.bypassed = self.dice.once_in(2);
        row.signature_on = self.maybe(|world| jiff::civil::date(2026, 1, 1 + world.dice.roll(4) as i8));
        row.amount =
            self.maybe(|world| Money { minor: world.dice.roll(4) as i64, currency: "EUR".parse().unwrap() });
        if !self.dice.once_in(3) {
            let many = self.dice.roll(4);
            let role = |world: &mut Self| *world.dice.pick(&[Role::Ae, Role::Csm, Role::Se]);
            commit.parts =
                Some((0..many).map(|_| PartRow { person: self.somebody(), role: role(self) }).collect());
        }
        if self.dice.once_in(2) {
            let many = self.dice.roll(3);
            let make = |world: &mut Self| {
                let decide_by = world.maybe(Self::time);
                let mut promise = world.stories[place].promise(decide_by);
                promise.state = world.dice.pick(&["routed", "approved"]).to_string();
                promise.routed_to = world.maybe(|world| *world.dice.pick(&[Role::Product, Role::DealDesk]));
                promise
            };
            commit.promises = Some((0..many).map(|_| make(self)).collect());
        }
        commit.look_at = self.maybe(Self::time);
        if self.dice.once_in(3) {
            commit.outbox = vec![self.stories[place].message()];
        }
        if self.dice.once_in(8) {
            commit.erase = Some(Erase::Everything);
        }
        if self.dice.once_in(4) {
            commit.expected += 1; // stale
        }
    }

    /// A change of what waits: now and then of what is not there.
    fn wait(&mut self) -> Change {
        let (letter, note) = (*self.dice.pick(&self.letters), "because".to_owned());
        let (source, id) = (WORDS[0].to_owned(), self.dice.roll(9).to_string());
        let letters = vec![letter];
        if self.dice.once_in(4) {
            return Change::Parcel(self.parcel());
        }
        match self.dice.roll(10) {
            0..3 => Change::Post { letter, person: self.somebody(), at: self.time() },
            3 => Change::Posted { letters },
            4 => Change::PostNever { letters },
            5 => Change::PostLater { letters, at: self.time() },
            6 => {
                let (received_at, body) = (self.time(), b"{}".to_vec());
                Change::Receive(EventRow { source, id, received_at, tries: 0, body })
            }
            7 => Change::EventDone { source, id, note },
            8 => Change::EventLater { source, id, at: self.time(), note },
            _ if self.dice.once_in(4) => Change::LookAgain,
            _ => Change::EventRefused { source, id, note },
        }
    }

    /// A change of what is sent, about the first handoff there is.
    fn parcel(&mut self) -> ParcelChange {
        let (id, note) = (*self.dice.pick(&self.letters), "because".to_owned());
        let handoff = self.letters[0].into();
        match self.dice.roll(9) {
            0..4 => {
                ParcelChange::Send(ParcelRow { id, ..a_parcel(handoff, self.dice.roll(12) as i64 * 40_000) })
            }
            4 => ParcelChange::Sent { id },
            5 => ParcelChange::GivenUp { id, note },
            6 => ParcelChange::Later { id, at: self.time(), note },
            7 => {
                let after = self.maybe(|world| world.dice.roll(3) as u32);
                let sequence = after.map_or(0, |after| after + 1);
                let step = "kickoff".parse().unwrap();
                let row = InviteRow { handoff, step, sequence, told: "{}".to_owned() };
                ParcelChange::Invite { row, after }
            }
            _ if self.dice.once_in(3) => ParcelChange::Forget { handoff },
            _ => ParcelChange::Sent { id },
        }
    }

    fn filter(&mut self) -> HandoffFilter {
        let mut filter = HandoffFilter::default();
        for _ in 0..self.dice.roll(3) {
            match self.dice.roll(13) {
                0 => {
                    filter.life =
                        [self.dice.pick(&LIVES).to_string(), self.dice.pick(&LIVES).to_string()].into()
                }
                1 => filter.stage = [self.dice.pick(&STAGES).to_string()].into(),
                2 => filter.ae = Some(self.somebody()),
                3 => filter.csm = Some(self.somebody()),
                4 => filter.part = Some(self.somebody()),
                5 => filter.owes = Some(self.somebody()),
                6 => filter.text = Some(self.dice.pick(&WORDS).to_uppercase()),
                7 => filter.incomplete = Some(self.dice.once_in(2)),
                8 => filter.bypassed = Some(self.dice.once_in(2)),
                9 => filter.due_before = Some(self.time()),
                10 => filter.open_questions = Some(self.dice.once_in(2)),
                11 => filter.nominated = Some(self.dice.once_in(2)),
                _ => filter.open_waivers = Some(self.dice.once_in(2)),
            }
        }
        filter
    }

    fn reach(&mut self) -> Reach {
        match self.dice.roll(4) {
            0 | 1 => Reach::Organisation,
            2 => Reach::People((0..self.dice.roll(4)).map(|_| self.somebody()).collect()),
            // A crowd, of whom few have a part anywhere.
            _ => {
                let known: Vec<PersonId> = (0..self.dice.roll(3)).map(|_| self.somebody()).collect();
                Reach::People((0..80).map(|_| person()).chain(known).collect())
            }
        }
    }
}

pub async fn random_worlds_look_as_they_do_in_memory(store: &dyn Store) {
    for seed in 1..=WORLDS {
        let memory = MemoryStore::new();
        let mut world = World::new(seed);
        let names = world.accounts.iter().zip(WORDS);
        let names = names.map(|(id, name)| Account { id: *id, name: name.to_owned(), aliases: [].into() });
        let change: Vec<_> = names.map(Change::PutAccount).collect();
        store.apply(world.org, change.clone(), audit("name")).await.unwrap();
        memory.apply(world.org, change, audit("name")).await.unwrap();
        for step in 0..STEPS {
            let commit = world.next();
            let (id, stale) = (commit.id, commit.expected + 1 != commit.row.version);
            let (one, other) = (store.commit(commit.clone()).await, memory.commit(commit).await);
            assert_eq!(format!("{one:?}"), format!("{other:?}"), "seed {seed}, step {step}");
            if stale {
                // The story went on without the store: begin another.
                world.stories.retain(|story| story.id != id);
            }
            let change = vec![world.wait()];
            let one = store.apply(world.org, change.clone(), audit("wait")).await;
            let other = memory.apply(world.org, change.clone(), audit("wait")).await;
            assert_eq!(format!("{one:?}"), format!("{other:?}"), "seed {seed}, step {step}: {change:?}");
            same_claims(store, &memory, &mut world, seed).await;
            if step % 10 == 9 {
                same_answers(store, &memory, &mut world, seed).await;
            }
        }
    }
}

/// Claims reach over all organisations, and earlier worlds may have left something: as much as may be is taken, and
/// looked at where it is this world's.
async fn same_claims(store: &dyn Store, memory: &MemoryStore, world: &mut World, seed: u64) {
    let (org, now) = (world.org, world.time());
    let until = now + SignedDuration::from_secs(world.dice.roll(100_000) as i64);
    let claim = Claim { now, until, limit: STRETCH };
    match world.dice.roll(5) {
        0 => {
            let mut taken = store.claim_looks(claim).await.unwrap();
            taken.retain(|(of, ..)| *of == org);
            assert_eq!(taken, memory.claim_looks(claim).await.unwrap(), "seed {seed}: {claim:?}");
            for (org, id, _) in taken {
                let row = memory.row(org, id).await.unwrap().unwrap();
                let version = row.version - u64::from(world.dice.once_in(9));
                let row = HandoffRow { next_due_at: world.maybe(World::time), ..row };
                let look = Look {
                    org,
                    id,
                    version,
                    until,
                    row,
                    dues: Vec::new(),
                    look_at: world.maybe(World::time),
                };
                let noted = store.looked(look.clone()).await.unwrap();
                assert_eq!(noted, memory.looked(look).await.unwrap(), "seed {seed}");
            }
        }
        1 => {
            let mut taken = store.claim_outbox(claim).await.unwrap();
            taken.retain(|(of, _)| *of == org);
            assert_eq!(taken, memory.claim_outbox(claim).await.unwrap(), "seed {seed}: {claim:?}");
        }
        2 => {
            let mut taken = store.claim_post(claim).await.unwrap();
            taken.retain(|bag| bag.org == org);
            assert_eq!(taken, memory.claim_post(claim).await.unwrap(), "seed {seed}: {claim:?}");
        }
        3 => {
            let mut taken = store.claim_parcels(claim).await.unwrap();
            taken.retain(|(of, _)| *of == org);
            assert_eq!(taken, memory.claim_parcels(claim).await.unwrap(), "seed {seed}: {claim:?}");
        }
        _ => {
            let mut taken = store.claim_events(claim).await.unwrap();
            taken.retain(|(of, _)| *of == org);
            assert_eq!(taken, memory.claim_events(claim).await.unwrap(), "seed {seed}: {claim:?}");
        }
    }
}

async fn same_answers(store: &dyn Store, memory: &MemoryStore, world: &mut World, seed: u64) {
    let org = world.org;
    for _ in 0..QUESTIONS {
        let (reach, filter) = (world.reach(), world.filter());
        let (sort, limit) = (*world.dice.pick(&Sort::ALL), 1 + world.dice.roll(9) as u32);
        let mut query = HandoffQuery { reach, filter, sort, after: None, limit };
        loop {
            let page = store.list(org, &query).await.unwrap();
            assert_eq!(page, memory.list(org, &query).await.unwrap(), "seed {seed}: {query:?}");
            query.after = page.next;
            if query.after.is_none() {
                break;
            }
        }
        let most = world.dice.roll(9) as u32;
        let counted = store.count(org, &query.reach, &query.filter, most).await.unwrap();
        assert_eq!(
            counted,
            memory.count(org, &query.reach, &query.filter, most).await.unwrap(),
            "seed {seed}: {query:?}"
        );
    }
    for _ in 0..QUESTIONS {
        let (sought, limit) = (*world.dice.pick(&Sought::ALL), 1 + world.dice.roll(5) as u32);
        let text = format!("{} {}", world.dice.pick(&WORDS), world.dice.pick(&["", "a", "s", "Σ"]));
        let mut query =
            FindQuery { sought, asked: Asked::of(&text), reach: world.reach(), after: None, limit };
        loop {
            let page = store.find(org, &query).await.unwrap();
            assert_eq!(page, memory.find(org, &query).await.unwrap(), "seed {seed}: {query:?}");
            query.after = page.next;
            if query.after.is_none() {
                break;
            }
        }
    }
    for routed_to in [[].into(), [Role::Product].into(), [Role::Product, Role::DealDesk].into()] {
        let mut query = PromiseQuery { routed_to, state: [].into(), after: None, limit: 3 };
        if world.dice.once_in(2) {
            query.state.insert("routed".to_owned());
        }
        loop {
            let page = store.promises(org, &query).await.unwrap();
            assert_eq!(page, memory.promises(org, &query).await.unwrap(), "seed {seed}: {query:?}");
            query.after = page.next;
            if query.after.is_none() {
                break;
            }
        }
    }
    for account in world.accounts.clone() {
        assert_eq!(
            store.of_account(org, account).await.unwrap(),
            memory.of_account(org, account).await.unwrap()
        );
    }
    assert_eq!(store.tally(org).await.unwrap(), memory.tally(org).await.unwrap());
    assert_eq!(store.outbox(org, 99).await.unwrap(), memory.outbox(org, 99).await.unwrap());
    assert_eq!(store.events(org, None, 99).await.unwrap(), memory.events(org, None, 99).await.unwrap());
    let sent_of = world.letters[0].into();
    let sent = store.parcels(org, sent_of, None, 99).await.unwrap();
    assert_eq!(sent, memory.parcels(org, sent_of, None, 99).await.unwrap());
    assert_eq!(store.invites(org, sent_of).await.unwrap(), memory.invites(org, sent_of).await.unwrap());
    let ids: Vec<HandoffId> = store.ids(org, None, 1_000).await.unwrap();
    assert_eq!(ids, memory.ids(org, None, 1_000).await.unwrap());
    for id in ids {
        assert_eq!(store.load(org, id).await.unwrap(), memory.load(org, id).await.unwrap());
        assert_eq!(store.row(org, id).await.unwrap(), memory.row(org, id).await.unwrap());
        assert_eq!(store.dues(org, id).await.unwrap(), memory.dues(org, id).await.unwrap());
        assert_eq!(store.texts(org, id).await.unwrap(), memory.texts(org, id).await.unwrap());
        assert_eq!(
            store.journal(org, id, 0, 99).await.unwrap(),
            memory.journal(org, id, 0, 99).await.unwrap()
        );
    }
}
