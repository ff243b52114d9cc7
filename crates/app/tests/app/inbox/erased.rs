//! Mail from and to the customer, and an erasure that comes before, in between or after.

use super::*;

fn answered(company: &Company) -> IdempotencyRow {
    let (key, request, body) =
        ("system:one".to_owned(), "asked".to_owned(), format!("{{\"to\":\"{INES}\"}}"));
    IdempotencyRow { key, request, status: 202, body, at: company.app.now() }
}

impl Office {
    /// Whether nothing is kept that would reach Ines, or says that she was to be reached.
    async fn keeps_nothing_for_ines(&self) {
        let (store, org) = (self.app().store(), self.company.org);
        let kept = store.parcels(org, self.id, None, 9).await.unwrap();
        assert!(kept.is_empty(), "{kept:?}");
        assert_eq!(store.remembered(org, "system:one").await.unwrap(), None);
        assert_eq!(self.sent_to(INES).await, None);
    }
}

#[tokio::test]
async fn a_mail_written_while_its_words_are_erased_is_written_anew_and_reaches_nobody() {
    let office = office().await;
    let (ines, system, id) = (office.planned().await, office.company.system(), office.id);
    let by = system.clone();
    let app = Interrupted::app(&office.company, move |app| {
        at_once(app.erase(&by, id, &Forget::Everything)).unwrap();
    });
    let refused = with_post(app, &office.out).ask_plan_by_mail(&system, id, ines).await;
    assert!(matches!(refused, Err(AppError::Invalid { .. })), "her address is gone: {refused:?}");
    office.keeps_nothing_for_ines().await;
}

#[tokio::test]
async fn a_mail_held_back_for_its_key_while_its_words_are_erased_is_worked_out_anew() {
    let office = office().await;
    let (ines, id) = (office.planned().await, office.id);
    let keyed = || Caller { held: Some(Held::default()), ..office.company.system() };
    let caller = keyed();
    office.app().ask_plan_by_mail(&caller, id, ines).await.unwrap();
    office.app().erase(&office.company.system(), id, &Forget::Everything).await.unwrap();
    let settled = office.app().settle(&caller, answered(&office.company)).await.unwrap();
    assert_eq!(settled, Settled::Overtaken);
    office.keeps_nothing_for_ines().await;
    let again = office.app().ask_plan_by_mail(&keyed(), id, ines).await;
    assert!(matches!(again, Err(AppError::Invalid { .. })), "her address is gone: {again:?}");
}

#[tokio::test]
async fn a_key_whose_words_are_erased_while_the_mail_is_written_leaves_no_mail_behind() {
    let office = office().await;
    let (ines, system, id) = (office.planned().await, office.company.system(), office.id);
    let caller = Caller { held: Some(Held::default()), ..system.clone() };
    let app = Interrupted::app(&office.company, move |app| {
        at_once(app.erase(&system, id, &Forget::Everything)).unwrap();
    });
    with_post(app, &office.out).ask_plan_by_mail(&caller, id, ines).await.unwrap();
    let settled = office.app().settle(&caller, answered(&office.company)).await.unwrap();
    assert_eq!(settled, Settled::Overtaken);
    office.keeps_nothing_for_ines().await;
}

#[tokio::test]
async fn a_mail_that_waits_when_its_words_are_erased_never_leaves() {
    let office = office().await;
    let (ines, system) = (office.planned().await, office.company.system());
    office.app().ask_plan_by_mail(&system, office.id, ines).await.unwrap();
    office.app().erase(&system, office.id, &Forget::Mentioning("Calloway".to_owned())).await.unwrap();
    assert_eq!(office.sent_to(INES).await, None);
    let asked = office.app().plan_asked(&system, office.id).await.unwrap().remove(0);
    assert_eq!((asked.parcel.to.as_str(), asked.parcel.state), (FORGOTTEN, ParcelState::GivenUp));
    assert_eq!(asked.awaited_until, None);
}

#[tokio::test]
async fn who_wrote_is_forgotten_with_the_words_and_their_answer_counts_no_more() {
    let office = office().await;
    let to = office.asks_ines().await;
    office.brings(&mail(1, INES, &to, "Who is in charge?")).await;
    assert_eq!(office.became().await.from.as_deref(), Some(INES));
    let system = office.company.system();
    office.app().erase(&system, office.id, &Forget::Mentioning("Calloway".to_owned())).await.unwrap();
    let became = office.became().await;
    assert_eq!((became.from.as_deref(), became.subject.as_deref()), (Some(FORGOTTEN), Some(FORGOTTEN)));
    // The plan stands as it was sent, and nobody is awaited to say yes to it any more.
    office.brings(&mail(2, INES, &to, "Confirmed.")).await;
    assert_eq!(office.handoff().await.plan.unwrap().confirmed, None);
    assert_eq!(office.became().await.state, MailState::Unused);
}
