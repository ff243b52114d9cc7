//! Erased text is in no table once that is answered.

use crate::kept::Kept;
use throughline_store::{
    Change, Directory, Erase, Handoffs, IdempotencyRow,
    audit::{Depth, verify},
    contract::{PLANTED, REFRAIN, SHORT, audit, erasing, planted},
};

/// The tables that hold a text, whatever the column.
fn holding(kept: &Kept, text: &str) -> Vec<String> {
    let tables = kept.database.run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
    let holds = |table: &&str| {
        let sql = format!("SELECT count(*) FROM \"{table}\" AS t WHERE strpos(t::text, '{text}') > 0");
        kept.database.run(&sql) != "0"
    };
    tables.lines().filter(holds).map(str::to_owned).collect()
}

#[tokio::test]
async fn erased_text_is_in_no_table_once_answered() {
    let kept = Kept::new().await;
    let mut story = planted(&*kept).await;
    let mut before = holding(&kept, SHORT);
    before.sort();
    assert_eq!(before, ["deal", "promise", "snapshot", "text"]);
    let erase = erasing(&*kept, &mut story, Erase::Everything).await;
    kept.commit(erase).await.unwrap();
    for text in [SHORT, REFRAIN, "dislikes meetings"] {
        assert_eq!(holding(&kept, text), [""; 0], "{text}");
    }
    let report = verify(&*kept, story.org, Depth::Replay).await.unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((report.texts, report.erased), (0, PLANTED));
}

/// How many texts, answers that say anything, and facts are kept.
fn words(kept: &Kept) -> [u64; 3] {
    ["text", "answer WHERE body <> ''", "journal"]
        .map(|rows| kept.database.run(&format!("SELECT count(*) FROM {rows}")).trim().parse().unwrap())
}

#[tokio::test]
async fn texts_and_the_answers_that_quote_them_go_together_or_stay_together() {
    let kept = Kept::new().await;
    let mut story = planted(&*kept).await;
    let quoting = IdempotencyRow { body: format!("{} {SHORT}", story.id), ..story.answer("one:1") };
    kept.apply(story.org, vec![Change::PutAnswer(quoting)], audit("put")).await.unwrap();
    let erase = erasing(&*kept, &mut story, Erase::Everything).await;
    let before = words(&kept);
    assert_eq!(before[..2], [PLANTED, 1]);
    kept.database
        .run("CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'no room'; END$$");
    // Whatever is written first, something after it fails.
    for part in ["UPDATE ON answer", "DELETE ON text", "UPDATE ON snapshot", "INSERT ON journal"] {
        let fails = format!("CREATE TRIGGER fails BEFORE {part} FOR EACH ROW EXECUTE FUNCTION fails()");
        kept.database.run(&fails);
        let refused = kept.commit(erase.clone()).await.unwrap_err();
        assert!(refused.to_string().contains("no room"), "{part}: {refused}");
        assert_eq!(words(&kept), before, "{part}");
        let table = part.rsplit(' ').next().unwrap();
        kept.database.run(&format!("DROP TRIGGER fails ON {table}"));
    }
    kept.commit(erase).await.unwrap();
    assert_eq!(words(&kept), [0, 0, before[2] + 1]);
}
