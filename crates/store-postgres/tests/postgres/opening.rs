//! Which databases are opened, and what is refused.

use throughline_domain::{HandoffId, OrgId};
use throughline_store::{
    Account, Asked, Claim, Directory, FindQuery, Finding, Found, Reach, Sought, Store, Sweeps,
    contract::{at, fresh},
};
use throughline_store_postgres::{OpenError, PostgresStore, SCHEMA_VERSION, migrate};
use throughline_testkit::postgres::Database;

async fn refusal(database: &Database) -> OpenError {
    PostgresStore::open(&database.url()).await.map(drop).unwrap_err()
}

#[tokio::test]
async fn an_empty_database_becomes_a_store() {
    let database = Database::new();
    assert!(!PostgresStore::exists(&database.url()).await.unwrap());
    let store = PostgresStore::open(&database.url()).await.unwrap();
    store.ready().await.unwrap();
    assert_eq!(store.kind(), "postgres");
    assert_eq!(store.orgs().await.unwrap(), []);
    assert!(PostgresStore::exists(&database.url()).await.unwrap());
    assert_eq!(migrate(&database.url()).await.unwrap(), (SCHEMA_VERSION, SCHEMA_VERSION));
}

#[tokio::test]
async fn what_is_no_store_is_refused_and_left_alone() {
    let database = Database::new();
    database.run("CREATE TABLE recipes (name text); CREATE TABLE schema_version (version bigint)");
    assert!(matches!(refusal(&database).await, OpenError::Foreign));
    assert!(!PostgresStore::exists(&database.url()).await.unwrap());
    assert_eq!(database.run("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), "2");
}

#[tokio::test]
async fn a_newer_store_is_refused() {
    let database = Database::new();
    drop(PostgresStore::open(&database.url()).await.unwrap());
    database.run(&format!("INSERT INTO schema_version (version) VALUES ({})", SCHEMA_VERSION + 1));
    let why = refusal(&database).await;
    assert!(matches!(why, OpenError::Newer { .. }) && why.to_string().contains("newer program"), "{why}");
}

#[tokio::test]
async fn a_server_that_would_forget_is_refused() {
    let database = Database::new();
    database.run(&format!("ALTER DATABASE {} SET synchronous_commit = off", database.name()));
    let why = refusal(&database).await;
    assert!(matches!(why, OpenError::NotDurable(_)), "{why}");
    assert!(why.to_string().contains("synchronous_commit"), "{why}");
    database.run(&format!("ALTER DATABASE {} SET synchronous_commit = local", database.name()));
    PostgresStore::open(&database.url()).await.unwrap();
}

#[tokio::test]
async fn a_database_or_server_that_is_not_there_is_told() {
    let database = Database::new();
    let other = database.url().replace(database.name(), "nowhere");
    let why = PostgresStore::open(&other).await.map(drop).unwrap_err().to_string();
    assert!(why.contains("nowhere"), "{why}");
    let other = database.url().replace("host=", "host=/nowhere");
    assert!(matches!(PostgresStore::open(&other).await.map(drop), Err(OpenError::Server(_))));
    assert!(matches!(PostgresStore::open("postgres://[").await.map(drop), Err(OpenError::Address(_))));
}

#[tokio::test]
async fn every_table_leads_with_the_organisation() {
    let database = Database::new();
    drop(PostgresStore::open(&database.url()).await.unwrap());
    let first = "SELECT c.relname || ':' || a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
                 JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
                 WHERE i.indisprimary AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'schema_version'";
    let tables = database.run(first);
    assert!(tables.lines().count() > 15);
    assert!(tables.lines().all(|table| table.ends_with(":org_id")), "{tables}");
}

#[tokio::test]
async fn a_wrong_character_finds_nothing_and_breaks_nothing() {
    let database = Database::new();
    let store = PostgresStore::open(&database.url()).await.unwrap();
    let org = throughline_store::contract::org();
    assert_eq!(store.person_by_alias(org, "salesforce:\0").await.unwrap(), None);
    assert_eq!(store.people(org, Some("a\0b"), None, 9).await.unwrap().rows, []);
    assert_eq!(store.session("\0").await.unwrap(), None);
}

#[tokio::test]
async fn a_database_of_the_first_version_is_brought_forward_with_what_it_holds() {
    let database = Database::new();
    database.run("CREATE TABLE schema_version (version bigint PRIMARY KEY)");
    database.run("COMMENT ON TABLE schema_version IS 'Throughline'");
    database.run("INSERT INTO schema_version VALUES (1)");
    database.run(include_str!("../../src/schema/0001.sql"));
    let (org, id): (OrgId, HandoffId) = (fresh(), fresh());
    let add = |id: HandoffId| {
        format!(
            "INSERT INTO handoff (org_id, handoff_id, account_id, opened_key, life, stage, ae, bypassed, open_waivers,
                 open_questions, due_key, updated_key, signature_key, account_key, missing_key, amount_key, search, doc)
             VALUES ('{org}', '{id}', '{id}', 0, 'live', 'owned', '{id}', false, 0, 0, 0, 0, 0, '', 0, 0, '', '{{}}')"
        )
    };
    database.run(&add(id));
    let acme = Account { id: id.0.into(), name: "ACME Straße".to_owned(), aliases: [].into() };
    let doc = serde_json::to_string(&acme).unwrap();
    database.run(&format!("INSERT INTO account (org_id, account_id, doc) VALUES ('{org}', '{id}', '{doc}')"));
    let store = PostgresStore::open(&database.url()).await.unwrap();
    let (sought, asked) = (Sought::Accounts, Asked::of("straße"));
    let query = FindQuery { sought, asked, reach: Reach::Organisation, after: None, limit: 9 };
    assert_eq!(store.find(org, &query).await.unwrap().rows, [Found::Account(acme)]);
    let claim = Claim { now: at(0), until: at(9), limit: 9 };
    let long_ago = jiff::Timestamp::UNIX_EPOCH;
    assert_eq!(store.claim_looks(claim).await.unwrap(), [(org, id, long_ago)], "its clocks want a look");
    // A node of the release before may still add some.
    let late: HandoffId = fresh();
    database.run(&add(late));
    assert_eq!(store.claim_looks(claim).await.unwrap(), [(org, late, long_ago)]);
}
