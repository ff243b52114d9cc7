use ring::signature::{Ed25519KeyPair, KeyPair as _};

use super::{
    make::{sealed, written},
    *,
};

fn key(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()
}

fn plan() -> PlanDocument {
    let milestones = vec![SealedMilestone {
        id: "0197a000-0000-7000-8000-000000000001".parse().unwrap(),
        title: "Finance trained".to_owned(),
        side: Side::Customer,
        owner: Some("Ines".to_owned()),
        due_on: Some("2026-05-01".parse().unwrap()),
    }];
    let words = "I agree.";
    PlanDocument {
        document: DOCUMENT.to_owned(),
        organisation: "0197a000-0000-7000-8000-000000000002".parse().unwrap(),
        company: "Northwind".to_owned(),
        account: "Lindner GmbH".to_owned(),
        handoff: "0197a000-0000-7000-8000-000000000003".parse().unwrap(),
        imprint: imprint(&milestones),
        milestones,
        goals: vec!["Close in three days".to_owned()],
        signed: SealedSignature {
            name: "Ines Calloway".to_owned(),
            at: "2026-03-02T09:00:00Z".parse().unwrap(),
            consent: Some(words.to_owned()),
            consent_sha256: hex(words.as_bytes()),
            proof: "mailed_code".to_owned(),
            mailbox: "ines@customer.example".to_owned(),
            proved_at: "2026-03-02T09:00:00Z".parse().unwrap(),
        },
        journal: SealedPlace { seq: 12, hash: "ab".repeat(32) },
    }
}

#[test]
fn a_sealed_plan_verifies_and_names_its_key() {
    let made = sealed(&key(1), written(&plan()).unwrap()).unwrap();
    let verified = verify_sealed(&made.document, &made.seal, None).unwrap();
    assert_eq!(verified.plan.signed.name, "Ines Calloway");
    verify_sealed(&made.document, &made.seal, Some(&verified.key)).unwrap();
    let other = STANDARD.encode(key(2).public_key().as_ref());
    assert_eq!(
        verify_sealed(&made.document, &made.seal, Some(&other)).unwrap_err(),
        Unsealed::OtherKey(verified.key)
    );
}

#[test]
fn every_byte_is_under_the_seal() {
    let made = sealed(&key(1), written(&plan()).unwrap()).unwrap();
    for at in 0..made.document.len() {
        let mut changed = made.document.clone();
        changed[at] ^= 1;
        assert_eq!(verify_sealed(&changed, &made.seal, None).unwrap_err(), Unsealed::Changed, "byte {at}");
    }
    for cut in [&made.document[1..], &made.document[..made.document.len() - 1], b""] {
        assert_eq!(verify_sealed(cut, &made.seal, None).unwrap_err(), Unsealed::Changed);
    }
    let another = sealed(&key(2), written(&plan()).unwrap()).unwrap();
    // Somebody else's seal holds, by somebody else's key: which is why the key is to be compared.
    assert_ne!(verify_sealed(&another.document, &another.seal, None).unwrap().key, {
        verify_sealed(&made.document, &made.seal, None).unwrap().key
    });
}

#[test]
fn what_is_no_seal_of_ours_is_told_and_nothing_panics() {
    let made = sealed(&key(1), written(&plan()).unwrap()).unwrap();
    let seal = String::from_utf8(made.seal.clone()).unwrap();
    for odd in [
        "",
        "{}",
        "null",
        &seal.replace(SEAL, "x"),
        &seal.replace("ed25519", "none"),
        &seal.replace("\"key\": \"", "\"key\": \"!"),
    ] {
        let why = verify_sealed(&made.document, odd.as_bytes(), None).unwrap_err();
        assert!(matches!(why, Unsealed::Unreadable("seal", _)), "{odd}: {why}");
    }
    let short = seal.replace(&STANDARD.encode(key(1).public_key().as_ref()), "AAAA");
    assert_eq!(verify_sealed(&made.document, short.as_bytes(), None).unwrap_err(), Unsealed::Changed);
}

#[test]
fn a_document_that_contradicts_itself_is_told_although_its_seal_holds() {
    let mut changed = plan();
    changed.milestones[0].title = "Finance half trained".to_owned();
    let made = sealed(&key(1), written(&changed).unwrap()).unwrap();
    let why = verify_sealed(&made.document, &made.seal, None).unwrap_err();
    assert!(matches!(why, Unsealed::Contradicts(text) if text.contains("milestones")), "{why}");
    let mut changed = plan();
    changed.signed.consent = Some("I agree to more.".to_owned());
    let made = sealed(&key(1), written(&changed).unwrap()).unwrap();
    let why = verify_sealed(&made.document, &made.seal, None).unwrap_err();
    assert!(matches!(why, Unsealed::Contradicts(text) if text.contains("words")), "{why}");
    let made = sealed(&key(1), written(&PlanDocument { document: "other/1".to_owned(), ..plan() }).unwrap())
        .unwrap();
    let why = verify_sealed(&made.document, &made.seal, None).unwrap_err();
    assert!(matches!(why, Unsealed::Unreadable("document", _)), "{why}");
}

/// As a typesetter writes it: the document stands in it as it is.
fn paper(plan: &PlanDocument) -> Vec<u8> {
    let plan = written(plan).unwrap();
    [b"%PDF-1.7\n1 0 obj\nstream\n", plan.as_slice(), b"\nendstream\n%%EOF\n"].concat()
}

#[test]
fn a_plan_on_paper_verifies_by_every_byte_of_it_and_says_what_it_carries() {
    let made = sealed(&key(1), paper(&plan())).unwrap();
    let verified = verify_sealed(&made.document, &made.seal, None).unwrap();
    assert_eq!((verified.plan.signed.name.as_str(), verified.plan.milestones.len()), ("Ines Calloway", 1));
    for at in 0..made.document.len() {
        let mut changed = made.document.clone();
        changed[at] ^= 1;
        let why = verify_sealed(&changed, &made.seal, None).unwrap_err();
        assert_eq!(why, Unsealed::Changed, "byte {at}");
    }
}

#[test]
fn paper_that_carries_no_plan_or_half_of_one_or_another_is_told_apart() {
    let whole = paper(&plan());
    let half = whole[..whole.len() / 2].to_vec();
    for pdf in [b"%PDF-1.7\n".to_vec(), half] {
        let made = sealed(&key(1), pdf).unwrap();
        let why = verify_sealed(&made.document, &made.seal, None).unwrap_err();
        assert!(matches!(why, Unsealed::Unreadable("document", _)), "{why}");
    }
    let mut changed = plan();
    changed.milestones[0].title = "Finance half trained".to_owned();
    let made = sealed(&key(1), paper(&changed)).unwrap();
    let why = verify_sealed(&made.document, &made.seal, None).unwrap_err();
    assert!(matches!(why, Unsealed::Contradicts(text) if text.contains("milestones")), "{why}");
}
