//! How the server goes about every statement there is, where it has a choice: along an index, never through a whole
//! table, and lists in the order they are asked for, without sorting.

use std::collections::BTreeSet;

use sqlx_core::{
    connection::Connection, query::query_with, raw_sql::raw_sql, row::Row, sql_str::AssertSqlSafe,
};
use sqlx_postgres::PgConnection;
use throughline_domain::{PersonId, Role, deal::DealKey};
use throughline_store::{
    Asked, Claim, Cursor, EventPlace, FindPlace, FindQuery, HandoffFilter, HandoffQuery, PromiseQuery, Reach,
    Sort, SortKey, Sought, ToldPlace, ToldQuery,
    contract::{at, fresh, org, person},
};
use throughline_testkit::postgres::Database;

use super::{directory, found, handoffs, list, sweeps, told};
use crate::{
    PostgresStore,
    sql::Sql,
    write::{mails, parcels, sweeps as claims},
};

/// An empty store, and a session that would rather do anything than read a whole table or sort.
async fn a_session() -> (Database, PgConnection) {
    let database = Database::new();
    drop(PostgresStore::open(&database.url()).await.unwrap());
    let mut session = PgConnection::connect(&database.url()).await.unwrap();
    let settings = "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off;
                    SET plan_cache_mode = force_generic_plan";
    raw_sql(settings).execute(&mut session).await.unwrap();
    (database, session)
}

async fn plan(session: &mut PgConnection, sql: &Sql) -> String {
    let (_, values) = sql.parts().unwrap();
    let explain = AssertSqlSafe(format!("EXPLAIN {}", sql.text()));
    let rows = query_with(explain, values).persistent(false).fetch_all(session).await.unwrap();
    rows.iter().map(|row| row.get::<String, _>(0) + "\n").collect()
}

fn assert_direct(sql: &Sql, plan: &str, index: &str) {
    assert!(!plan.contains("Seq Scan"), "{}\n{plan}", sql.text());
    assert!(plan.contains(index), "not by {index}: {}\n{plan}", sql.text());
}

fn queries(reach: &Reach, sort: Sort) -> Vec<HandoffQuery> {
    let key = if sort == Sort::Account { SortKey::Text("acme".to_owned()) } else { SortKey::Number(7) };
    let none = HandoffFilter::default;
    let filters = [
        none(),
        HandoffFilter { life: ["live", "done"].map(str::to_owned).into(), ..none() },
        HandoffFilter { text: Some("acme".to_owned()), owes: Some(person()), ..none() },
        HandoffFilter { incomplete: Some(true), bypassed: Some(true), due_before: Some(at(0)), ..none() },
    ];
    let places = [None, Some(Cursor { key, id: fresh() })];
    let all = filters.into_iter().flat_map(|filter| places.clone().map(|after| (filter.clone(), after)));
    all.map(|(filter, after)| HandoffQuery { reach: reach.clone(), filter, sort, after, limit: 50 }).collect()
}

#[tokio::test]
async fn a_page_of_the_organisation_is_read_in_order() {
    let (_database, mut session) = a_session().await;
    let crowd: BTreeSet<PersonId> = (0..100).map(|_| person()).collect();
    for sort in Sort::ALL {
        for reach in [Reach::Organisation, Reach::People(crowd.clone())] {
            for query in queries(&reach, sort) {
                let sql = list::page_sql(org(), &query, 51);
                let plan = plan(&mut session, &sql).await;
                let index = format!("handoff_{}", format!("{sort:?}").to_lowercase());
                assert_direct(&sql, &plan, &index);
                assert!(!plan.contains("Sort"), "sorts: {}\n{plan}", sql.text());
            }
        }
    }
}

#[tokio::test]
async fn a_page_of_somebodys_handoffs_is_read_from_their_own_index() {
    let (_database, mut session) = a_session().await;
    let people = Reach::People([person(), person()].into());
    for (sort, index) in [(Sort::Due, "part_due"), (Sort::Updated, "part_touched")] {
        for query in queries(&people, sort) {
            let sql = list::page_sql(org(), &query, 51);
            let plan = plan(&mut session, &sql).await;
            assert_direct(&sql, &plan, index);
        }
    }
}

#[tokio::test]
async fn counts_and_other_lists_go_along_an_index() {
    let (_database, mut session) = a_session().await;
    let org = org();
    let promises = PromiseQuery {
        after: Some((7, fresh())),
        routed_to: [Role::Product].into(),
        ..PromiseQuery::default()
    };
    let key = DealKey { source: "csv".to_owned(), external_id: "7".to_owned() };
    let place = EventPlace { received: 7, source: "csv".to_owned(), id: "7".to_owned() };
    let nobody = HandoffFilter { nominated: Some(false), ..HandoffFilter::default() };
    let reach = Reach::People([person(), person()].into());
    for (sql, index) in [
        (list::count_sql(org, &reach, &HandoffFilter::default(), 100), "part_"),
        (list::count_sql(org, &Reach::Organisation, &nobody, 100), "handoff_"),
        (handoffs::promises_sql(org, &promises, 51), "promise_decide"),
        (directory::people_sql(org, Some("maya"), Some(("maya".to_owned(), person())), 51), "person_name"),
        (directory::letters_sql(org, Some(person()), Some(fresh()), 51), "letter_to"),
        (directory::letters_sql(org, None, Some(fresh()), 51), "letter_pkey"),
        (sweeps::deals_sql(org, Some(&key), 51), "deal_without"),
        (sweeps::events_sql(org, Some(&place), 51), "event_received"),
    ] {
        let plan = plan(&mut session, &sql).await;
        assert_direct(&sql, &plan, index);
    }
}

#[tokio::test]
async fn what_was_told_and_its_letters_are_read_along_indexes_of_their_own() {
    let (_database, mut session) = a_session().await;
    let (org, crowd) = (org(), Reach::People([person(), person()].into()));
    for reach in [Reach::Organisation, crowd] {
        for after in [None, Some(ToldPlace { second: 7, handoff: fresh(), seq: 3 })] {
            for playbook in [None, Some("default".to_owned())] {
                let (from, until) = (at(0), at(9));
                let query = ToldQuery { reach: reach.clone(), playbook, from, until, after, limit: 50 };
                let sql = told::told_sql(org, &query, 51);
                let plan = plan(&mut session, &sql).await;
                assert_direct(&sql, &plan, "journal_told");
                assert!(!plan.contains("Sort"), "{plan}");
            }
        }
    }
    let sql = told::letters_sql(org, &[(fresh(), 3), (fresh(), 4)].into());
    assert_direct(&sql, &plan(&mut session, &sql).await, "letter_follows");
}

#[tokio::test]
async fn what_is_sought_is_read_along_its_words_or_its_people() {
    let (_database, mut session) = a_session().await;
    let org = org();
    for sought in Sought::ALL {
        for reach in [Reach::Organisation, Reach::People([person(), person()].into())] {
            for after in [None, Some(FindPlace { word: "acme".to_owned(), rank: -7, id: fresh() })] {
                let asked = Asked::of("acme 2026");
                let query = FindQuery { sought, asked, reach: reach.clone(), after, limit: 50 };
                let question = found::Question::of(org, &query).unwrap();
                for sql in [question.walk(51), question.end()] {
                    let plan = plan(&mut session, &sql).await;
                    assert_direct(&sql, &plan, "word_found");
                    assert!(!plan.contains("Sort"), "sorts: {}\n{plan}", sql.text());
                }
                let Some(parts) = question.parts() else { continue };
                for sql in [parts, question.theirs(51)] {
                    let plan = plan(&mut session, &sql).await;
                    assert_direct(&sql, &plan, "part_");
                }
            }
        }
    }
}

#[tokio::test]
async fn each_claim_reads_what_waits_in_its_order() {
    let (_database, mut session) = a_session().await;
    let claim = Claim { now: at(0), until: at(9), limit: 50 };
    for (sql, index) in [
        (claims::looks_sql(claim), "handoff_look"),
        (claims::outbox_sql(claim), "outbox_age"),
        (claims::events_sql(claim), "event_new"),
        (parcels::claim_sql(claim), "parcel_due"),
        (mails::claim_sql(claim), "mail_in_waiting"),
    ] {
        let plan = plan(&mut session, &sql).await;
        assert_direct(&sql, &plan, index);
        assert!(!plan.contains("Sort"), "sorts: {}\n{plan}", sql.text());
    }
    let sql = claims::post_sql(claim);
    let plan = plan(&mut session, &sql).await;
    for index in ["post_at", "post_person"] {
        assert_direct(&sql, &plan, index);
    }
}

/// Every statement written out in these files.
fn written_out() -> Vec<&'static str> {
    let files = [
        include_str!("directory.rs"),
        include_str!("handoffs.rs"),
        include_str!("mails.rs"),
        include_str!("parcels.rs"),
        include_str!("portal.rs"),
        include_str!("../write/apply.rs"),
        include_str!("../write/mails.rs"),
        include_str!("../write/parcels.rs"),
        include_str!("../write/people.rs"),
        include_str!("../write/portal.rs"),
        include_str!("../write/waiting.rs"),
    ];
    let verbs = ["SELECT ", "UPDATE ", "DELETE "];
    let literals = files.into_iter().flat_map(|file| file.split('"').skip(1).step_by(2));
    literals
        .filter(|text| verbs.iter().any(|verb| text.starts_with(verb)) && !text.contains("xact"))
        .collect()
}

#[tokio::test]
async fn every_statement_written_out_goes_along_an_index() {
    let (_database, mut session) = a_session().await;
    let all = written_out();
    assert!(all.len() > 40, "{} statements found", all.len());
    for (number, text) in all.into_iter().enumerate() {
        if text.starts_with("SELECT doc FROM org ORDER BY") {
            // All organisations are meant.
            continue;
        }
        let places = (1..9).take_while(|place| text.contains(&format!("${place}"))).count();
        let nulls = vec!["NULL"; places].join(", ");
        let explain = format!("PREPARE q{number} AS {text}; EXPLAIN EXECUTE q{number} ({nulls})");
        let rows = raw_sql(AssertSqlSafe(explain)).fetch_all(&mut session).await.unwrap();
        let plan: String = rows.iter().map(|row| row.get::<String, _>(0) + "\n").collect();
        assert!(!plan.contains("Seq Scan") && plan.contains("Index"), "{text}\n{plan}");
    }
}
