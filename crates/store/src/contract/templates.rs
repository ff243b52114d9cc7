//! A company's own templates: changed one after the other, by whoever knows what stands there.

use throughline_domain::{Actor, OrgId};

use super::{
    names::{apply, conflicts},
    sample::*,
    together::together,
};
use crate::{Change, TemplateChange, TemplateFailure, TemplateRow, ports::Store};

fn a_template(kind: &str, version: u64, source: Option<&str>) -> TemplateRow {
    TemplateRow {
        kind: kind.to_owned(),
        version,
        source: source.map(str::to_owned),
        changed_at: at(version as i64),
        changed_by: Actor::Person { id: person() },
        failed: None,
    }
}

fn put(row: &TemplateRow) -> Vec<Change> {
    vec![Change::Template(TemplateChange::Put(row.clone()))]
}

fn failed(kind: &str, version: u64, second: i64) -> Vec<Change> {
    let failure = TemplateFailure { at: at(second), reason: "line 3: `x` is not known here".to_owned() };
    vec![Change::Template(TemplateChange::Failed { kind: kind.to_owned(), version, failure })]
}

async fn seen(store: &dyn Store, org: OrgId) -> (Vec<TemplateRow>, u64) {
    (store.templates(org).await.unwrap(), store.templates_mark(org).await.unwrap())
}

pub async fn a_template_is_changed_by_who_read_it_last(store: &dyn Store) {
    let org = org();
    assert_eq!(seen(store, org).await, (vec![], 0));
    let offered = a_template("offered", 1, Some("Subject: Würth „x“\n\n{{ account }}\n"));
    let digest = a_template("digest", 1, Some("Subject: x\n\n"));
    apply(store, org, put(&offered)).await;
    apply(store, org, put(&digest)).await;
    assert_eq!(seen(store, org).await, (vec![digest.clone(), offered], 2));
    conflicts(store, org, put(&a_template("offered", 1, Some("other")))).await;
    conflicts(store, org, put(&a_template("offered", 3, Some("other")))).await;
    conflicts(store, org, put(&a_template("reminder", 2, Some("other")))).await;
    // Back to the shipped one it is known still: what was read before is old.
    let shipped = a_template("offered", 2, None);
    apply(store, org, put(&shipped)).await;
    assert_eq!(seen(store, org).await, (vec![digest.clone(), shipped], 3));
    conflicts(store, org, put(&a_template("offered", 1, Some("again")))).await;
    let again = a_template("offered", 3, Some("again"));
    apply(store, org, put(&again)).await;
    assert_eq!(seen(store, org).await, (vec![digest, again], 4));
}

pub async fn of_many_changes_of_a_template_at_once_one_counts(store: &dyn Store) {
    let org = org();
    for version in [1, 2] {
        let rows: Vec<_> =
            (0..40).map(|number| a_template("offered", version, Some(&number.to_string()))).collect();
        let tries = rows.iter().map(|row| store.apply(org, put(row), audit("change-template")));
        let won: Vec<_> = together(tries).await.iter().map(Result::is_ok).collect();
        let winner: Vec<_> =
            rows.iter().zip(won).filter(|(_, won)| *won).map(|(row, _)| row.clone()).collect();
        assert_eq!(winner.len(), 1);
        assert_eq!(seen(store, org).await, (winner, version));
    }
}

pub async fn a_template_that_failed_says_so_until_it_is_changed(store: &dyn Store) {
    let org = org();
    let row = a_template("offered", 1, Some("a"));
    apply(store, org, put(&row)).await;
    for (kind, version, second) in
        [("reminder", 1, 5), ("offered", 2, 6), ("offered", 1, 7), ("offered", 1, 8)]
    {
        apply(store, org, failed(kind, version, second)).await;
    }
    let (rows, mark) = seen(store, org).await;
    assert_eq!(rows[0].failed.as_ref().map(|failure| failure.at), Some(at(7)), "the first time counts");
    assert_eq!((rows.len(), mark), (1, 1), "failing changes nothing else");
    apply(store, org, put(&a_template("offered", 2, Some("b")))).await;
    assert_eq!(seen(store, org).await.0[0].failed, None);
}

pub async fn templates_belong_to_one_organisation(store: &dyn Store) {
    let (here, there) = (org(), org());
    let (mine, theirs) = (a_template("offered", 1, Some("mine")), a_template("offered", 1, Some("theirs")));
    apply(store, here, put(&mine)).await;
    assert_eq!(seen(store, there).await, (vec![], 0));
    apply(store, there, put(&theirs)).await;
    apply(store, there, put(&a_template("offered", 2, None))).await;
    apply(store, there, failed("offered", 1, 5)).await;
    assert_eq!(seen(store, here).await, (vec![mine], 1));
}
