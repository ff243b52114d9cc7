//! Brief, agenda and plan as PDF: who gets them, and that nothing of the page is lost on either paper (U8).

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use axum::http::StatusCode;
use throughline_domain::playbook::AskKind;

use crate::{
    plan_mail::with_a_plan,
    world::{HOSTILE, World},
};

/// The words of a PDF without spaces, in the order they were set; none where Poppler is not installed.
fn read(pdf: &[u8]) -> Option<String> {
    let started = Command::new("pdftotext")
        .args(["-raw", "-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut child = started.ok()?;
    let (mut input, bytes) = (child.stdin.take().unwrap(), pdf.to_vec());
    let writer = std::thread::spawn(move || input.write_all(&bytes));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    Some(squeezed(&String::from_utf8(output.stdout).unwrap()))
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|one| !one.is_whitespace()).collect()
}

/// A sheet on both papers.
async fn sheet(world: &World, who: &str, name: &str) -> Vec<String> {
    let mut read_back = Vec::new();
    let mut seen = Vec::new();
    for paper in ["", "?paper=a4", "?paper=letter"] {
        let path = format!("/handoffs/{}/{name}{paper}", world.id);
        let (status, media, pdf) = world.file(who, &path).await;
        assert_eq!((status, media.as_str()), (StatusCode::OK, "application/pdf"), "{path}");
        assert!(pdf.starts_with(b"%PDF-1.7"), "{path}");
        if let Some(folder) = std::env::var_os("THROUGHLINE_SHEETS") {
            let name = format!("{who}-{}-{name}", paper.trim_start_matches('?'));
            std::fs::write(std::path::Path::new(&folder).join(name), &pdf).unwrap();
        }
        read_back.extend(read(&pdf));
        seen.push(pdf);
    }
    assert_eq!(seen[0], seen[1], "A4 is what one gets without saying");
    assert_ne!(seen[1], seen[2]);
    read_back
}

/// What a page says in an element, text by text.
fn said(page: &str, from: &str, to: &str) -> Vec<String> {
    let (_, rest) = page.split_once(from).unwrap();
    let (inside, _) = rest.split_once(to).unwrap();
    let texts = inside.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| {
        let signs = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
        squeezed(&signs.into_iter().fold(text.to_owned(), |text, (code, sign)| text.replace(code, sign)))
    });
    texts.filter(|text| text.chars().any(char::is_alphanumeric)).collect()
}

#[tokio::test]
async fn everything_the_brief_says_is_on_paper() {
    let world = World::new(9_000_000, HOSTILE).await;
    world.does("rob", "nominate", &[("csm", &world.person("carl"))]).await;
    world.fill("ada").await;
    world.does("carl", "questions", &[("text", "Who signs for IT?")]).await;
    let page = world.get("carl", &format!("/handoffs/{}/brief", world.id)).await.body;
    assert!(page.contains(&format!("/handoffs/{}/brief.pdf?paper=letter", world.id)));
    let texts = said(&page, "<ul class=\"glance\">", "<p class=\"sheet-stamp\">");
    assert!(texts.len() > 40, "{texts:?}");
    for read in sheet(&world, "carl", "brief.pdf").await {
        for text in &texts {
            assert!(read.contains(text), "{text} is not in {read}");
        }
    }
}

#[tokio::test]
async fn an_empty_brief_and_an_empty_agenda_show_their_holes() {
    let world = World::new(9_000_000, "Planning").await;
    for (name, hole) in [("brief.pdf", "Nothingtobrieffromyet"), ("agenda.pdf", "Missingintherecord")] {
        for read in sheet(&world, "ada", name).await {
            assert!(read.contains(hole), "{name}: {read}");
            assert!(read.contains("Page1of"), "{name}: {read}");
        }
    }
    let path = format!("/handoffs/{}/plan.pdf", world.id);
    assert_eq!(world.get("ada", &path).await.status, StatusCode::NOT_FOUND, "no plan is open yet");
    let path = format!("/handoffs/{}/brief.pdf?paper=a5", world.id);
    assert_eq!(world.get("ada", &path).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_plan_on_paper_says_what_both_sides_know_of_it_and_nothing_else() {
    let world = with_a_plan(|app| app).await;
    let playbook = world.view("ada").await.loaded.playbook.clone().unwrap();
    let ask = &playbook.asks().find(|ask| ask.kind == AskKind::Risks).unwrap().id.value;
    let secrets = ["Their CFO is nervous", "We would go down to half the price"];
    for secret in secrets {
        let risk = [("what", secret), ("kind", "timeline"), ("source", "call"), ("speaker", "Kim")];
        world.does("ada", &format!("items/new?list=risks&ask={ask}"), &risk).await;
    }
    for n in 1..=60 {
        let title = format!("Milestone {n}: {HOSTILE}");
        let fields =
            [("title", title.as_str()), ("side", "customer"), ("owner", "Ines"), ("due_on", "2027-01-15")];
        world.does("carl", "plan/milestones", &fields).await;
    }
    for read in sheet(&world, "carl", "plan.pdf").await {
        for n in 1..=60 {
            let title = squeezed(&format!("Milestone {n}: {HOSTILE}"));
            assert!(read.contains(&title), "{title}: {read}");
        }
        for word in ["Notagreedyet", "Brauhaus", "15Jan2027", "Ines"] {
            assert!(read.contains(word), "{word}: {read}");
        }
        for secret in secrets {
            assert!(!read.contains(&squeezed(secret)), "{secret}: {read}");
        }
    }
}

#[tokio::test]
async fn a_sheet_is_for_whoever_reads_the_page() {
    let world = World::new(800_000, "Planning").await;
    for name in ["brief", "agenda"] {
        let page = world.get("otto", &format!("/handoffs/{}/{name}", world.id)).await.status;
        let sheet = world.get("otto", &format!("/handoffs/{}/{name}.pdf", world.id)).await.status;
        assert_eq!((page, sheet), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND), "{name}");
    }
}
