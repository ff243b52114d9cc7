//! Erased text is in no table once that is answered.

use crate::kept::Kept;
use throughline_store::{
    Erase, Handoffs,
    audit::{Depth, verify},
    contract::{PLANTED, REFRAIN, SHORT, erasing, planted},
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
