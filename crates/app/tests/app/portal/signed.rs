//! The plan they sign, sealed; and how they are forgotten.

use super::*;

#[tokio::test]
async fn who_may_sign_signs_what_they_read_with_a_code_of_their_own() {
    let office = office().await;
    office.grants(INES, true).await;
    office.grants(JON, false).await;
    let (ines, jon) = (office.visitor(INES).await, office.visitor(JON).await);
    assert!(matches!(office.app().ask_signing_code(&jon, office.id).await, Err(AppError::Forbidden(_))));

    let read = office.app().portal_view(&ines, office.id).await.unwrap();
    assert!(read.needs.contains(&PortalNeed::Signature));
    let plan = read.plan.unwrap();
    let (imprint, agreed) = (plan.imprint, plan.consent_sha256);
    assert!(plan.can_sign && agreed == secrets::hash(&plan.consent));
    let key = office.app().ask_signing_code(&ines, office.id).await.unwrap();
    let code = office.digits(INES).await;
    let form = |code: &str, imprint: &str| SignForm {
        name: text("Ines Calloway"),
        imprint: imprint.to_owned(),
        consent: agreed.clone(),
        key,
        code: code.to_owned(),
    };
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let tried = office.app().sign_plan(&ines, office.id, form(wrong, &imprint)).await.map(|_| ());
    assert!(matches!(tried, Err(AppError::Invalid { .. })), "{tried:?}");
    // In another browser of hers the code is not the one that was asked for there.
    let elsewhere = office.visitor(INES).await;
    not_there(office.app().sign_plan(&elsewhere, office.id, form(&code, &imprint)).await.map(|_| ()));

    let at = office.app().now();
    office.app().sign_plan(&ines, office.id, form(&code, &imprint)).await.unwrap();
    let plan = office.handoff().await.plan.unwrap();
    let confirmed = plan.confirmed.unwrap();
    assert_eq!((confirmed.form, confirmed.at), (PlanForm::Signed, at));
    assert_eq!((plan.signatures.len(), plan.signatures[0].consent.len()), (1, 64));
    not_there(office.app().sign_plan(&ines, office.id, form(&code, &imprint)).await.map(|_| ()));
    let view = office.app().portal_view(&jon, office.id).await.unwrap();
    assert_eq!(view.plan.unwrap().signatures[0].name, "Ines Calloway");

    // A changed plan is another, and what she read before is not signed.
    let csm = office.csm().await;
    let milestone =
        Milestone { title: text("Berlin too"), side: Side::Us, owner: None, due_on: None, reached_on: None };
    does(&office.company, &csm, office.id, command::SetMilestone { id: None, milestone }).await;
    let key = office.app().ask_signing_code(&ines, office.id).await.unwrap();
    let code = office.digits(INES).await;
    let stale = SignForm { key, ..form(&code, &imprint) };
    let refused = office.app().sign_plan(&ines, office.id, stale).await.map(|_| ());
    assert!(matches!(refused, Err(AppError::Refused(Refusal::OutOfTurn { .. }))), "{refused:?}");
}

#[tokio::test]
async fn what_was_signed_is_sealed_the_same_each_time_and_stays_what_it_was() {
    let office = office().await;
    office.grants(INES, true).await;
    let (ines, app) = (office.visitor(INES).await, office.app());
    let imprint = app.portal_view(&ines, office.id).await.unwrap().plan.unwrap().imprint;
    office.signs(&ines).await;

    let sealed = app.portal_sealed(&ines, office.id, 1).await.unwrap();
    let ours = app.seal_key(office.company.org);
    let verified = verify_sealed(&sealed.document, &sealed.seal, ours.as_deref()).unwrap();
    let plan = verified.plan;
    assert_eq!((plan.imprint.as_str(), plan.account.as_str()), (imprint.as_str(), "Customer 1"));
    assert_eq!((plan.signed.mailbox.as_str(), plan.signed.consent.is_some()), (INES, true));
    let journal = app.store().journal(office.company.org, office.id, plan.journal.seq - 1, 1).await.unwrap();
    assert_eq!((journal[0].kind.as_str(), &journal[0].hash), ("plan_signed", &plan.journal.hash));

    // On paper it is the same plan, or it is not sealed.
    let pdf = [b"%PDF-1.7\n", sealed.document.as_slice(), b"\n%%EOF\n"].concat();
    let paper = app.sealed_paper(&sealed, pdf.clone()).unwrap();
    assert_eq!(verify_sealed(&paper.document, &paper.seal, ours.as_deref()).unwrap().plan.imprint, imprint);
    assert_eq!(paper.document, pdf);
    let other = String::from_utf8(pdf).unwrap().replace("Ines Calloway", "Ines Callow");
    for odd in [other.into_bytes(), b"%PDF-1.7\n".to_vec(), Vec::new()] {
        assert!(matches!(app.sealed_paper(&sealed, odd), Err(AppError::Broken(_))));
    }

    // The plan goes on; what was signed stays what it was.
    let (csm, system) = (office.csm().await, office.company.system());
    let milestone =
        Milestone { title: text("Berlin too"), side: Side::Us, owner: None, due_on: None, reached_on: None };
    does(&office.company, &csm, office.id, command::SetMilestone { id: None, milestone }).await;
    assert_eq!(app.portal_sealed(&ines, office.id, 1).await.unwrap(), sealed);
    assert_eq!(app.sealed_plan(&csm, office.id, 1).await.unwrap(), sealed);
    let shown = app.portal_view(&ines, office.id).await.unwrap().plan.unwrap();
    assert_eq!((shown.signatures, shown.earlier[0].number), (Vec::new(), 1));
    // So does the company, under another name since; the words agreed to are still those that were read.
    renamed(&office, "Acme Holding").await;
    assert_eq!(app.portal_sealed(&ines, office.id, 1).await.unwrap(), sealed);
    for number in [0, 2, usize::MAX] {
        not_there(app.portal_sealed(&ines, office.id, number).await);
    }
    let (second, _) = handed_over(&office.company, "2", office.maya).await;
    not_there(app.portal_sealed(&ines, second, 1).await);
    let stranger = office.company.join("noah", &[Role::Csm], None).await;
    let stranger = office.company.caller(stranger).await;
    assert!(app.sealed_plan(&stranger, office.id, 1).await.is_err());

    app.erase(&system, office.id, &Forget::Everything).await.unwrap();
    let gone = app.sealed_plan(&system, office.id, 1).await;
    assert!(matches!(gone, Err(AppError::Conflict(_))), "{gone:?}");
}

async fn renamed(office: &Office, name: &str) {
    let org = office.app().organisation(office.company.org).await.unwrap();
    let change = throughline_store::Change::PutOrg(throughline_store::Org {
        version: org.version + 1,
        name: name.to_owned(),
        ..org.clone()
    });
    let audit = throughline_store::Audit {
        at: office.app().now(),
        by: throughline_domain::Actor::System,
        action: "change-organisation".to_owned(),
        subject: org.id.to_string(),
        detail: serde_json::Value::Null,
    };
    office.app().store().apply(org.id, vec![change], audit).await.unwrap();
}

#[tokio::test]
async fn words_that_nobody_read_are_agreed_to_by_nobody() {
    let office = office().await;
    office.grants(INES, true).await;
    let (ines, app) = (office.visitor(INES).await, office.app());
    let plan = app.portal_view(&ines, office.id).await.unwrap().plan.unwrap();
    let key = app.ask_signing_code(&ines, office.id).await.unwrap();
    let code = office.digits(INES).await;
    renamed(&office, "Acme Holding").await;
    let (name, imprint) = (text("Ines Calloway"), plan.imprint);
    let form = SignForm { name, imprint, consent: plan.consent_sha256, key, code };
    let refused = app.sign_plan(&ines, office.id, form.clone()).await.map(|_| ());
    assert!(matches!(refused, Err(AppError::Refused(Refusal::OutOfTurn { .. }))), "{refused:?}");
    assert!(office.handoff().await.plan.unwrap().signatures.is_empty());
    // The code was not used up by it.
    let form = SignForm { consent: secrets::hash(&consent("Acme Holding", "Customer 1")), ..form };
    app.sign_plan(&ines, office.id, form).await.unwrap();
}

#[tokio::test]
async fn a_code_signs_the_plan_it_was_asked_for_and_its_mail_says_which() {
    let office = office().await;
    office.grants(INES, true).await;
    let (ines, app) = (office.visitor(INES).await, office.app());
    let second = another_of_the_account(&office).await;
    let key = app.ask_signing_code(&ines, office.id).await.unwrap();
    let code = office.digits(INES).await;
    let mail = office.mails_to(INES).await.pop().unwrap();
    assert!(mail.text.contains("Customer 1") && mail.text.contains("under way since"), "{}", mail.text);
    let form = async |id| {
        let plan = app.portal_view(&ines, id).await.unwrap().plan.unwrap();
        let (name, consent, code) = (text("Ines Calloway"), plan.consent_sha256, code.clone());
        SignForm { name, imprint: plan.imprint, consent, key, code }
    };
    not_there(app.sign_plan(&ines, second, form(second).await).await.map(|_| ()));
    app.sign_plan(&ines, office.id, form(office.id).await).await.unwrap();
}

/// Another deal of the same customer, accepted and with its plan open.
async fn another_of_the_account(office: &Office) -> HandoffId {
    let system = office.company.system();
    let mut upsell = deal("9", Some("dana"));
    upsell.account = "Customer 1".to_owned();
    let options = throughline_app::deals::DealOptions { open_now: true, ..Default::default() };
    let id = office.app().put_deal(&system, upsell, options).await.unwrap().handoff.unwrap();
    let csm = office.csm().await;
    does(&office.company, &system, id, command::Offer { to: office.maya }).await;
    does(&office.company, &csm, id, command::Accept {}).await;
    let milestone =
        Milestone { title: text("Berlin"), side: Side::Us, owner: None, due_on: None, reached_on: None };
    does(&office.company, &csm, id, command::OpenPlan {}).await;
    does(&office.company, &csm, id, command::SetMilestone { id: None, milestone }).await;
    id
}

#[tokio::test]
async fn a_signed_plan_of_which_any_text_was_erased_is_sealed_no_more() {
    for gone in ["Ines Calloway", "ines@customer", "close the month"] {
        let office = office().await;
        office.grants(INES, true).await;
        let ines = office.visitor(INES).await;
        office.signs(&ines).await;
        office.app().sealed_plan(&office.csm().await, office.id, 1).await.unwrap();
        let system = office.company.system();
        office.app().erase(&system, office.id, &Forget::Mentioning(gone.to_owned())).await.unwrap();
        let sealed = office.app().sealed_plan(&system, office.id, 1).await;
        assert!(matches!(sealed, Err(AppError::Conflict(_))), "{gone}: {sealed:?}");
    }
}

#[tokio::test]
async fn mail_to_who_is_forgotten_goes_whichever_handoff_of_the_account_is_erased() {
    let office = office().await;
    office.grants(INES, true).await;
    office.grants(JON, true).await;
    // A second handoff is the newer one: links are mailed on its account.
    let second = another_of_the_account(&office).await;
    office.enters(INES).await;
    office.enters(JON).await;
    let addressed = async || {
        let mut all = Vec::new();
        for id in [office.id, second] {
            all.extend(office.app().store().parcels(office.company.org, id, None, 100).await.unwrap());
        }
        let to = |address: &str| all.iter().filter(|one| one.to == address).count();
        (to(INES), to(JON))
    };
    let (hers, his) = addressed().await;
    assert!(hers > 1 && his > 1, "{hers} {his}");
    let system = office.company.system();
    office.app().erase(&system, office.id, &Forget::Mentioning(INES.to_owned())).await.unwrap();
    assert_eq!(addressed().await, (0, his));
}

#[tokio::test]
async fn who_asks_to_be_forgotten_is_in_the_portal_no_more() {
    let office = office().await;
    office.grants(INES, true).await;
    office.grants(JON, false).await;
    let session = office.enters(INES).await;
    let system = office.company.system();
    let phrase = Forget::Mentioning("INES@customer".to_owned());
    office.app().erase(&system, office.id, &phrase).await.unwrap();
    out(office.app().portal_visitor(&session).await);
    let left = office.app().portal_people(&office.csm().await, office.account).await.unwrap();
    assert_eq!(left.iter().map(|one| one.email.as_str()).collect::<Vec<_>>(), [JON]);
    office.app().erase(&system, office.id, &Forget::Everything).await.unwrap();
    assert_eq!(office.app().portal_people(&office.csm().await, office.account).await.unwrap(), []);
}
