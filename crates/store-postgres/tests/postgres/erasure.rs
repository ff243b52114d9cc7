//! Erased text is in no table once that is answered.

use crate::kept::Kept;
use throughline_domain::handoff::{Recorded, replay};
use throughline_store::{
    Change, DealRow, Directory, Handoffs, Rebuilt,
    audit::{Depth, verify},
    contract::{Story, Told, audit, org},
};

const SHORT: &str = "Quillfeather signs on Fridays";

/// Long enough to be put aside in pieces.
fn long() -> &'static str {
    Box::leak("Zebulon dislikes meetings; ".repeat(250).into_boxed_str())
}

/// The tables that hold a text, whatever the column.
fn holding(kept: &Kept, text: &str) -> Vec<String> {
    let tables = kept.database.run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
    let holds = |table: &&str| {
        let sql = format!("SELECT count(*) FROM \"{table}\" AS t WHERE strpos(t::text, '{text}') > 0");
        kept.database.run(&sql) != "0"
    };
    tables.lines().filter(holds).map(str::to_owned).collect()
}

/// A handoff with planted texts in journal texts, snapshot, promises and deal, told over many versions.
async fn planted(kept: &Kept) -> Story {
    let mut story = Story::new(org());
    let mut told = vec![Told::Opened];
    for _ in 0..12 {
        let mut commit = story.tell(&told);
        let mut promise = story.promise(None);
        promise.what = SHORT.to_owned();
        commit.promises = Some(vec![promise]);
        commit.deal = Some(DealRow { body: format!("{{\"owner\":\"{SHORT}\"}}"), ..story.reading() });
        kept.commit(commit).await.unwrap();
        told = vec![Told::Wrote(SHORT), Told::Wrote(long())];
    }
    story
}

#[tokio::test]
async fn erased_text_is_in_no_table_once_answered() {
    let kept = Kept::new().await;
    let story = planted(&kept).await;
    let mut before = holding(&kept, SHORT);
    before.sort();
    assert_eq!(before, ["deal", "promise", "snapshot", "text"]);
    let rows = kept.journal(story.org, story.id, 0, 1_000).await.unwrap();
    let facts: Vec<Recorded> = rows.iter().map(|row| row.open(&|_| None).unwrap()).collect();
    let rebuilt = Rebuilt {
        snapshot: serde_json::to_string(&replay(&facts)).unwrap(),
        row: kept.row(story.org, story.id).await.unwrap().unwrap(),
        promises: Vec::new(),
        deal: Some(DealRow { body: "{}".to_owned(), ..story.reading() }),
    };
    let erase = Change::EraseTexts { handoff: story.id, texts: Vec::new(), rebuilt: Box::new(rebuilt) };
    kept.apply(story.org, vec![erase], audit("erase")).await.unwrap();
    for text in [SHORT, &long()[..27], "dislikes meetings"] {
        assert_eq!(holding(&kept, text), [""; 0], "{text}");
    }
    let report = verify(&*kept, story.org, Depth::Replay).await.unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((report.texts, report.erased), (0, 22));
}
