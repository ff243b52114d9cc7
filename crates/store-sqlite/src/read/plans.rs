//! How the engine goes about every statement there is: along an index, never through a whole table, and lists in
//! the order they are asked for, without sorting.

use std::collections::BTreeSet;

use rusqlite::{Connection, types::Value};
use throughline_domain::{OrgId, PersonId, Role};
use throughline_store::{
    Asked, Cursor, FindPlace, FindQuery, HandoffFilter, HandoffQuery, Lateness, PromiseQuery, Reach, Sort,
    SortKey, Sought, ToldPlace, ToldQuery,
    contract::{at, fresh, org, person},
};

use super::{board, directory, found, handoffs, list, sql::Sql, told};
use crate::write::{mails, parcels, sweeps};

fn a_file() -> Connection {
    let mut conn = Connection::open_in_memory().unwrap();
    crate::schema::migrate(&mut conn).unwrap();
    conn
}

/// The steps of a statement's plan.
fn plan(conn: &Connection, sql: &Sql) -> Vec<String> {
    let mut explain = conn.prepare(&format!("EXPLAIN QUERY PLAN {}", sql.text)).unwrap();
    for place in 1..=explain.parameter_count() {
        // What is written out has no values of its own.
        explain.raw_bind_parameter(place, sql.values.get(place - 1).unwrap_or(&Value::Null)).unwrap();
    }
    let mut rows = explain.raw_query();
    let mut steps = Vec::new();
    while let Some(step) = rows.next().unwrap() {
        steps.push(step.get(3).unwrap());
    }
    steps
}

fn assert_direct(conn: &Connection, sql: &Sql) {
    let plan = plan(conn, sql);
    // A list of values given as JSON, and a bounded inner query that is only counted, are no tables.
    let scans = |step: &&String| {
        step.starts_with("SCAN") && !step.contains("json_each") && !step.contains("subquery")
    };
    assert!(plan.iter().find(scans).is_none(), "{}\n{plan:#?}", sql.text);
    assert!(!plan.iter().any(|step| step.contains("ORDER BY")), "sorts: {}\n{plan:#?}", sql.text);
}

fn filters() -> Vec<HandoffFilter> {
    let set = |text: &str| BTreeSet::from([text.to_owned()]);
    let none = HandoffFilter::default;
    vec![
        none(),
        HandoffFilter { life: set("live"), ..none() },
        HandoffFilter { life: ["live", "done"].map(str::to_owned).into(), stage: set("owned"), ..none() },
        HandoffFilter { owes: Some(person()), ..none() },
        HandoffFilter { text: Some("acme".to_owned()), ..none() },
        HandoffFilter { incomplete: Some(true), bypassed: Some(true), open_waivers: Some(true), ..none() },
        HandoffFilter { due_before: Some(at(0)), life: set("live"), ..none() },
        HandoffFilter { nominated: Some(false), stage: set("preparing"), ..none() },
        HandoffFilter { due_from: Some(at(0)), due_before: Some(at(9)), life: set("live"), ..none() },
        HandoffFilter { segment: Some("Mid".to_owned()), lead_source: Some("Web".to_owned()), ..none() },
        HandoffFilter { refused: Some(true), credit: set("refused"), kicked_off: Some(true), ..none() },
    ]
}

fn queries(reach: &Reach, sort: Sort) -> Vec<HandoffQuery> {
    let key = if sort == Sort::Account { SortKey::Text("acme".to_owned()) } else { SortKey::Number(7) };
    let places = [None, Some(Cursor { key, id: fresh() })];
    let all = filters().into_iter().flat_map(|filter| places.clone().map(|after| (filter.clone(), after)));
    all.map(|(filter, after)| HandoffQuery { reach: reach.clone(), filter, sort, after, limit: 50 }).collect()
}

#[test]
fn a_page_of_the_organisation_is_read_in_order() {
    let conn = a_file();
    for sort in Sort::ALL {
        for query in queries(&Reach::Organisation, sort) {
            assert_direct(&conn, &list::organisation_sql(org(), &query, 51));
        }
    }
}

#[test]
fn a_page_of_somebodys_handoffs_is_read_in_order() {
    let conn = a_file();
    let somebody = person();
    let people = BTreeSet::from([somebody, person()]);
    for reach in [Reach::Organisation, Reach::People(people.clone()), Reach::People([person()].into())] {
        for query in queries(&reach, Sort::Due) {
            let sql = list::person_sql(org(), &query, somebody, &people, 51);
            assert_direct(&conn, &sql);
            assert!(plan(&conn, &sql)[0].contains("part_due"), "{}", sql.text);
        }
        for query in queries(&reach, Sort::Updated) {
            let sql = list::by_day_sql(org(), &query, somebody, &people);
            assert_direct(&conn, &sql);
            assert!(plan(&conn, &sql)[0].contains("part_touched"), "{}", sql.text);
        }
    }
}

#[test]
fn what_one_person_or_nobody_has_is_read_along_an_index_of_its_own() {
    let conn = a_file();
    let (none, set) = (HandoffFilter::default, BTreeSet::from(["live".to_owned()]));
    let cases = [
        (HandoffFilter { ae: Some(person()), open_questions: Some(true), ..none() }, "handoff_asked"),
        (HandoffFilter { ae: Some(person()), life: set.clone(), ..none() }, "handoff_ae"),
        (HandoffFilter { csm: Some(person()), life: set.clone(), ..none() }, "handoff_csm"),
        (HandoffFilter { nominated: Some(false), life: set, ..none() }, "handoff_csm"),
    ];
    for (filter, index) in cases {
        let query = HandoffQuery {
            reach: Reach::Organisation,
            filter: filter.clone(),
            sort: Sort::Due,
            after: Some(Cursor { key: SortKey::Number(7), id: fresh() }),
            limit: 50,
        };
        let count = list::count_sql(org(), &Reach::Organisation, &filter, 100);
        for sql in [list::organisation_sql(org(), &query, 51), count] {
            assert_direct(&conn, &sql);
            assert!(plan(&conn, &sql).iter().any(|step| step.contains(index)), "{}", sql.text);
        }
    }
}

#[test]
fn the_board_is_counted_in_the_order_of_due_times_without_sorting() {
    let conn = a_file();
    let lateness = Lateness { now: at(0), soon: at(9) };
    for filter in filters() {
        assert_direct(&conn, &list::spread_sql(org(), &Reach::Organisation, &filter, lateness));
    }
    // What a few people have is gathered from each one's index, and put in order once.
    let few = Reach::People([person(), person()].into());
    let steps = plan(&conn, &list::spread_sql(org(), &few, &HandoffFilter::default(), lateness));
    assert!(steps.iter().any(|step| step.contains("part_due")), "{steps:#?}");
    assert!(!steps.iter().any(|step| step.starts_with("SCAN h") || step.starts_with("SCAN p")), "{steps:#?}");
}

#[test]
fn workloads_are_told_from_their_index_alone() {
    let conn = a_file();
    let steps = plan(&conn, &board::loads_sql(org(), &[person(), person()].into(), at(0)));
    assert!(steps.iter().any(|step| step.contains("COVERING INDEX handoff_load")), "{steps:#?}");
}

#[test]
fn the_words_of_deals_are_found_by_leaps_along_an_index() {
    let conn = a_file();
    for column in ["segment", "lead_source"] {
        let steps = plan(&conn, &Sql::new(&board::words_sql(column)));
        let leaps = steps.iter().filter(|step| step.contains(&format!("handoff_{column}"))).count();
        assert_eq!(leaps, 2, "{steps:#?}");
        assert!(!steps.iter().any(|step| step.starts_with("SCAN handoff")), "{steps:#?}");
    }
}

#[test]
fn a_crowds_page_walks_the_organisations_order() {
    let conn = a_file();
    let crowd: BTreeSet<PersonId> = (0..100).map(|_| person()).collect();
    for sort in [Sort::Due, Sort::Updated] {
        for query in queries(&Reach::People(crowd.clone()), sort) {
            assert_direct(&conn, &list::organisation_sql(org(), &query, 51));
        }
    }
}

#[test]
fn a_page_without_filters_of_somebodys_due_handoffs_needs_their_index_alone() {
    let conn = a_file();
    let somebody = person();
    let people = BTreeSet::from([somebody]);
    let query = &queries(&Reach::People(people.clone()), Sort::Due)[1];
    let plan = plan(&conn, &list::person_sql(org(), query, somebody, &people, 51));
    assert_eq!(plan.len(), 1, "{plan:?}");
    assert!(plan[0].contains("COVERING INDEX part_due"), "{plan:?}");
}

#[test]
fn counts_and_other_lists_go_along_an_index() {
    let conn = a_file();
    let org: OrgId = org();
    for filter in filters() {
        for reach in [Reach::Organisation, Reach::People([person(), person()].into())] {
            assert_direct(&conn, &list::count_sql(org, &reach, &filter, 100));
        }
    }
    for after in [None, Some((7, fresh()))] {
        let query = PromiseQuery { after, routed_to: [Role::Product].into(), ..PromiseQuery::default() };
        assert_direct(&conn, &handoffs::promises_sql(org, &query, 51));
    }
    for text in [None, Some("maya".to_owned())] {
        assert_direct(&conn, &directory::people_sql(org, text, Some(("maya".to_owned(), person())), 51));
    }
    for to in [None, Some(person())] {
        assert_direct(&conn, &directory::letters_sql(org, to, Some(fresh()), 51));
    }
}

#[test]
fn what_was_told_and_its_letters_are_read_along_indexes_of_their_own() {
    let conn = a_file();
    let (org, crowd) = (org(), Reach::People([person(), person()].into()));
    for reach in [Reach::Organisation, crowd] {
        for after in [None, Some(ToldPlace { second: 7, handoff: fresh(), seq: 3 })] {
            for playbook in [None, Some("default".to_owned())] {
                let (from, until) = (at(0), at(9));
                let query = ToldQuery { reach: reach.clone(), playbook, from, until, after, limit: 50 };
                let sql = told::told_sql(org, &query, 51);
                assert_direct(&conn, &sql);
                assert!(plan(&conn, &sql)[0].contains("journal_told (org_id=? AND <expr>>?"), "{}", sql.text);
            }
        }
    }
    let letters = told::letters_sql(org, &[(fresh(), 3), (fresh(), 4)].into());
    let steps = plan(&conn, &letters);
    assert!(steps[0].contains("letter_follows (org_id=? AND <expr>=? AND <expr>=?)"), "{steps:?}");
    for sql in [told::post_sql(org, &[fresh()].into()), told::states_sql(org, &[fresh()].into())] {
        assert_direct(&conn, &sql);
    }
}

#[test]
fn what_is_sought_is_read_along_its_words_or_its_people() {
    let conn = a_file();
    let org: OrgId = org();
    let crowd: BTreeSet<PersonId> = (0..100).map(|_| person()).collect();
    for sought in Sought::ALL {
        for reach in [Reach::Organisation, Reach::People([person()].into()), Reach::People(crowd.clone())] {
            for after in [None, Some(FindPlace { word: "acme".to_owned(), rank: -7, id: fresh() })] {
                let asked = Asked::of("acme 2026");
                let query = FindQuery { sought, asked, reach: reach.clone(), after, limit: 50 };
                let question = found::Question::of(org, &query).unwrap();
                let walked = "INDEX word_found (org_id=? AND kind=? AND word>? AND word<?)";
                for sql in [question.walk(51), question.end()] {
                    let plan = plan(&conn, &sql);
                    assert!(plan.iter().any(|step| step.contains(walked)), "{plan:#?}");
                    // Only what was walked is gone through.
                    let whole = |step: &&String| {
                        step.starts_with("SCAN") && *step != "SCAN w" && !step.contains("json_each")
                    };
                    assert_eq!(plan.iter().find(whole), None, "{}\n{plan:#?}", sql.text);
                }
                let Some(parts) = question.parts() else { continue };
                for sql in [parts, question.theirs(51)] {
                    let plan = plan(&conn, &sql);
                    assert!(plan.iter().any(|step| step.contains("part_")), "{plan:#?}");
                    let whole = |step: &&String| {
                        step.starts_with("SCAN")
                            && !step.starts_with("SCAN (sub")
                            && *step != "SCAN own"
                            && !step.starts_with("SCAN json_each")
                    };
                    assert_eq!(plan.iter().find(whole), None, "{}\n{plan:#?}", sql.text);
                }
            }
        }
    }
}

/// Every statement written out in these files.
fn written_out() -> Vec<String> {
    let files = [
        include_str!("directory.rs"),
        include_str!("handoffs.rs"),
        include_str!("list.rs"),
        include_str!("mails.rs"),
        include_str!("parcels.rs"),
        include_str!("portal.rs"),
        include_str!("sweeps.rs"),
        include_str!("../write/apply.rs"),
        include_str!("../write/commit.rs"),
        include_str!("../write/handoff_row.rs"),
        include_str!("../write/mails.rs"),
        include_str!("../write/parcels.rs"),
        include_str!("../write/people.rs"),
        include_str!("../write/portal.rs"),
        include_str!("../write/sweeps.rs"),
        include_str!("../write/views.rs"),
        include_str!("../write/waiting.rs"),
    ];
    let verbs = ["SELECT ", "INSERT ", "UPDATE ", "DELETE "];
    let literals = files.iter().flat_map(|file| file.split('"').skip(1).step_by(2));
    let whole =
        literals.filter(|text| verbs.iter().any(|verb| text.starts_with(verb)) && !text.contains('{'));
    // Statements put together are tested above.
    whole.filter(|text| !text.ends_with(' ')).map(str::to_owned).collect()
}

#[test]
fn every_statement_written_out_goes_along_an_index() {
    let conn = a_file();
    let all = written_out();
    assert!(all.len() > 60, "{} statements found", all.len());
    for text in all {
        if text.starts_with("SELECT doc FROM org ORDER BY") {
            // All organisations are meant.
            continue;
        }
        if [sweeps::OUTBOX, sweeps::EVENTS, sweeps::PEOPLE, parcels::PARCELS, mails::MAILS].contains(&&*text)
        {
            // All that waits is meant, or a bounded stretch is sorted anew: tested below.
            continue;
        }
        let mut explain = conn.prepare(&format!("EXPLAIN QUERY PLAN {text}")).unwrap();
        for place in 1..=explain.parameter_count() {
            explain.raw_bind_parameter(place, rusqlite::types::Null).unwrap();
        }
        let mut steps = explain.raw_query();
        while let Some(step) = steps.next().unwrap() {
            let step: String = step.get(3).unwrap();
            assert!(!step.starts_with("SCAN") || step == "SCAN CONSTANT ROW", "{step}: {text}");
            // Sorting what is equal in all terms but the last is sorting next to nothing.
            assert!(!step.contains("B-TREE") || step.contains("LAST TERM"), "{step}: {text}");
        }
    }
}

#[test]
fn each_claim_reads_what_waits_in_its_order() {
    let conn = a_file();
    for (text, index) in [
        (sweeps::LOOKS, "SEARCH handoff USING INDEX handoff_look"),
        (sweeps::OUTBOX, "SCAN outbox USING INDEX outbox_age"),
        (sweeps::PEOPLE, "SEARCH post USING COVERING INDEX post_at (at_key<?)"),
        (
            sweeps::THEIRS,
            "SEARCH post USING COVERING INDEX post_person (org_id=? AND person_id=? AND at_key<?)",
        ),
        (sweeps::EVENTS, "SCAN event USING INDEX event_new"),
        (mails::MAILS, "SCAN mail_in USING INDEX mail_in_waiting"),
        (parcels::PARCELS, "SEARCH parcel USING INDEX parcel_due (due_key<?)"),
    ] {
        let plan = plan(&conn, &Sql::new(text));
        assert!(plan.iter().any(|step| step.starts_with(index)), "not by {index}: {plan:#?}");
        let whole = |step: &&String| {
            step.starts_with("SCAN") && !step.contains("USING") && !step.contains("subquery")
        };
        assert_eq!(plan.iter().find(whole), None, "{text}");
        // People are put in order after a bounded stretch of letters is read.
        let sorts = plan.iter().any(|step| step.contains("ORDER BY"));
        assert!(!sorts || text == sweeps::PEOPLE, "sorts: {text}\n{plan:#?}");
    }
}
