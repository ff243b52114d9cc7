//! The plan as it was signed, on paper: the same for everybody, whenever it is asked for. What was signed stands inside it
//! byte for byte, and a seal of its own stands beside it.

use jiff::tz::TimeZone;
use throughline_app::{
    App, AppError,
    portal::{PlanDocument, SealedPlan},
};
use throughline_print::{Attachment, Block, Document, Fact, Paper, Text as Words, Tone};

use super::{
    plan::{Goal, Milestone, goals, milestones},
    printed, sheet,
};
use crate::{
    i18n::{Key, Locale, Text},
    key,
};

/// Which of the files on paper, and whether it is the seal that is asked for.
pub fn named(file: &str) -> Option<(Paper, bool)> {
    let (name, seal) = match file.strip_suffix(".seal.json") {
        Some(name) => (name, true),
        None => (file, false),
    };
    match name {
        "plan.pdf" => Some((Paper::A4, seal)),
        "plan.letter.pdf" => Some((Paper::Letter, seal)),
        _ => None,
    }
}

/// A sealed plan on paper, sealed itself.
///
/// # Errors
/// [`AppError::Broken`] for a document that was not sealed here.
pub async fn on_paper(app: &App, plan: &SealedPlan, paper: Paper) -> Result<SealedPlan, AppError> {
    let pdf = printed(document(plan)?, paper).await?;
    app.sealed_paper(plan, pdf)
}

/// In one language and one zone: what was signed does not change with who looks.
fn document(sealed: &SealedPlan) -> Result<Document, AppError> {
    let t = &Text::new(Locale::En, TimeZone::UTC);
    let plan: PlanDocument = serde_json::from_slice(&sealed.document).map_err(AppError::broken)?;
    let seal: serde_json::Value = serde_json::from_slice(&sealed.seal).map_err(AppError::broken)?;
    let signed = &plan.signed;
    let mut document = sheet(t, &plan.company, &t.get(key!("paper-plan")), &plan.account);
    let both = (("company", plan.company.as_str()), ("account", plan.account.as_str()));
    document.subtitle = Some(t.with(key!("paper-plan-of"), both).into_owned());
    document.at = signed.at;
    let args = (
        ("time", t.moment_full(signed.at)),
        ("imprint", plan.imprint.as_str()),
        ("seq", plan.journal.seq.to_string()),
        ("hash", plan.journal.hash.as_str()),
    );
    document.foot = t.with(key!("paper-foot-signed"), args).into_owned();
    let fact = |key: Key, value: String| Fact { label: t.get(key).into_owned(), value: Words::plain(value) };
    let consent = signed.consent.clone().unwrap_or_else(|| {
        t.with(key!("paper-plan-consent-gone"), ("hash", signed.consent_sha256.as_str())).into_owned()
    });
    document.blocks.push(Block::Panel(
        Tone::Good,
        vec![
            Block::Text(Words::strong(t.with(key!("paper-plan-signed"), ("name", signed.name.as_str())))),
            Block::Facts(vec![
                fact(key!("paper-plan-signed-at"), t.moment_full(signed.at)),
                fact(key!("paper-plan-mailbox"), signed.mailbox.clone()),
                fact(key!("paper-plan-proved"), t.moment_full(signed.proved_at)),
                fact(key!("paper-plan-consent"), consent),
            ]),
        ],
    ));
    let said = |words: &String| Goal { words: words.clone(), measure: None, by: None };
    document.blocks.extend(goals(t, &plan.goals.iter().map(said).collect::<Vec<_>>()));
    let mut all: Vec<_> = plan.milestones.iter().collect();
    all.sort_by_key(|one| (one.due_on.is_none(), one.due_on, one.id));
    let all: Vec<Milestone> = all
        .into_iter()
        .map(|one| Milestone {
            title: one.title.clone(),
            side: one.side,
            owner: one.owner.clone(),
            due: one.due_on,
            reached: None,
        })
        .collect();
    document.blocks.extend(milestones(t, &all, (&plan.company, &plan.account), false));
    let small =
        |key: Key, value: &str| Fact { label: t.get(key).into_owned(), value: Words::plain(value).small() };
    document.blocks.extend([
        Block::Heading(t.get(key!("paper-check")).into_owned()),
        Block::Text(Words::plain(t.get(key!("paper-check-text"))).small()),
        Block::Facts(vec![
            small(key!("paper-check-imprint"), &plan.imprint),
            small(key!("paper-check-consent"), &signed.consent_sha256),
            small(key!("paper-check-plan"), seal["document_sha256"].as_str().unwrap_or_default()),
            small(key!("paper-check-place"), &plan.journal.seq.to_string()),
            small(key!("paper-check-chain"), &plan.journal.hash),
            small(key!("paper-check-handoff"), &plan.handoff.to_string()),
            small(key!("paper-check-organisation"), &plan.organisation.to_string()),
        ]),
    ]);
    document.attachment = Some(Attachment {
        name: "plan.json".to_owned(),
        media: "application/json",
        about: t.get(key!("paper-plan")).into_owned(),
        bytes: sealed.document.clone(),
    });
    Ok(document)
}

#[cfg(test)]
mod tests {
    use throughline_app::portal::{SealedMilestone, SealedPlace, SealedSignature};
    use throughline_domain::record::Side;

    use super::*;

    fn sealed() -> SealedPlan {
        let milestone = |n: u32| SealedMilestone {
            id: format!("0197a000-0000-7000-8000-{n:012}").parse().unwrap(),
            title: format!("Milestone {n}"),
            side: Side::Customer,
            owner: Some("Jörg Šimůnek".to_owned()),
            due_on: Some("2026-05-01".parse().unwrap()),
        };
        let plan = PlanDocument {
            document: "throughline.plan/1".to_owned(),
            organisation: "0197a000-0000-7000-8000-000000000002".parse().unwrap(),
            company: "Northwind".to_owned(),
            account: "Lindner GmbH".to_owned(),
            handoff: "0197a000-0000-7000-8000-000000000003".parse().unwrap(),
            imprint: "ab".repeat(32),
            milestones: (1..=200).map(milestone).collect(),
            goals: vec!["Close in three days".to_owned()],
            signed: SealedSignature {
                name: "Ines Calloway".to_owned(),
                at: "2026-03-02T09:00:00Z".parse().unwrap(),
                consent: None,
                consent_sha256: "cd".repeat(32),
                proof: "mailed_code".to_owned(),
                mailbox: "ines@customer.example".to_owned(),
                proved_at: "2026-03-02T09:00:00Z".parse().unwrap(),
            },
            journal: SealedPlace { seq: 12, hash: "ef".repeat(32) },
        };
        let document = serde_json::to_vec_pretty(&plan).unwrap();
        SealedPlan { document, seal: br#"{ "document_sha256": "0123" }"#.to_vec() }
    }

    #[tokio::test]
    async fn a_signed_plan_is_the_same_bytes_each_time_and_carries_what_was_signed() {
        let plan = sealed();
        let mut both = Vec::new();
        for paper in [Paper::A4, Paper::Letter] {
            let pdf = printed(document(&plan).unwrap(), paper).await.unwrap();
            assert_eq!(printed(document(&plan).unwrap(), paper).await.unwrap(), pdf);
            let carried = pdf.windows(plan.document.len()).filter(|window| *window == plan.document);
            assert_eq!(carried.count(), 1);
            both.push(pdf);
        }
        assert_ne!(both[0], both[1]);
    }

    #[test]
    fn its_files_are_named_by_paper_and_nothing_else_is_there() {
        assert_eq!(named("plan.pdf"), Some((Paper::A4, false)));
        assert_eq!(named("plan.letter.pdf.seal.json"), Some((Paper::Letter, true)));
        for odd in
            ["plan.json", "plan.seal.json", "plan.a5.pdf", ".seal.json", "plan.pdf.seal.json.seal.json"]
        {
            assert_eq!(named(odd), None, "{odd}");
        }
    }
}
