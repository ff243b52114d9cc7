//! Who gets in, by what, and for how long; and how far.

use super::*;

#[tokio::test]
async fn whoever_works_on_the_plan_lets_people_of_the_account_in_and_nobody_else_does() {
    let office = office().await;
    let (app, account) = (office.app(), office.account);
    let ines = office.grants("Ines@Customer.example ", true).await;
    assert_eq!((ines.email.as_str(), ines.account, ines.may_sign), (INES, account, true));
    let invitation = office.mails_to(INES).await.remove(0);
    assert!(invitation.text.contains(&format!("/portal?at={account}")), "{}", invitation.text);
    assert!(!invitation.text.contains("key="), "an invitation holds no secret");

    // Again it changes nothing and mails nothing; another right is given by an act of its own.
    assert_eq!(office.grants(INES, true).await, ines);
    let refused = app.grant_portal(&office.csm().await, account, new(INES, false)).await;
    assert!(matches!(refused, Err(AppError::Conflict(_))), "{refused:?}");
    let takes = PortalPersonChange { may_sign: Some(false), ..Default::default() };
    let taken = app.change_portal(&office.csm().await, account, ines.id, takes.clone()).await.unwrap();
    assert_eq!(taken, PortalPerson { version: 2, may_sign: false, ..ines.clone() });
    assert_eq!(office.mails_to(INES).await.len(), 1);
    assert_eq!(app.portal_people(&office.csm().await, account).await.unwrap().len(), 1);

    let dana = office.company.caller(office.dana).await;
    let noah = office.company.join("noah", &[Role::Csm], None).await;
    let noah = office.company.caller(noah).await;
    assert!(matches!(
        app.grant_portal(&dana, account, new(JON, true)).await,
        Err(AppError::Forbidden(Action::Plan))
    ));
    not_there(app.grant_portal(&noah, account, new(JON, true)).await);
    not_there(app.portal_people(&noah, account).await);
    not_there(app.revoke_portal(&noah, account, ines.id).await);
    not_there(app.change_portal(&noah, account, ines.id, takes.clone()).await);
    let (_, elsewhere) = handed_over(&office.company, "2", office.maya).await;
    not_there(app.revoke_portal(&office.csm().await, elsewhere, ines.id).await);
    not_there(app.change_portal(&office.csm().await, elsewhere, ines.id, takes).await);
    for bad in ["", "ines", "ines@customer", "a b@customer.example"] {
        let refused = app.grant_portal(&office.csm().await, account, new(bad, false)).await;
        assert!(matches!(refused, Err(AppError::Invalid { .. })), "{bad}: {refused:?}");
    }
}

#[tokio::test]
async fn a_link_opens_the_portal_once_in_the_browser_that_asked() {
    let office = office().await;
    office.grants(INES, false).await;
    let link = office.link(INES, HERS).await;
    // However often it is looked at, nothing is used up.
    for _ in 0..3 {
        assert!(office.app().portal_link(&link, Some(HERS)).await.unwrap().same_browser);
        let shown = office.app().portal_link(&link, None).await.unwrap();
        assert_eq!((shown.same_browser, shown.company.as_str()), (false, "Acme"));
    }
    let Entered::In(session) = office.app().enter_portal(&link, HERS).await.unwrap() else { panic!() };
    let visitor = office.app().portal_visitor(&session).await.unwrap();
    assert_eq!(visitor.person.email, INES);

    not_there(office.app().enter_portal(&link, HERS).await);
    not_there(office.app().enter_portal(&link, OTHER).await);
    not_there(office.app().portal_link(&link, Some(HERS)).await);
    office.app().leave_portal(&visitor).await.unwrap();
    out(office.app().portal_visitor(&session).await);
}

#[tokio::test]
async fn a_forged_or_an_old_link_opens_nothing() {
    let office = office().await;
    office.grants(INES, false).await;
    let link = office.link(INES, HERS).await;
    for forged in ["", "x", &link[1..], &link.to_uppercase(), &"x".repeat(10_000)] {
        not_there(office.app().portal_link(forged, Some(HERS)).await);
        not_there(office.app().enter_portal(forged, HERS).await);
    }
    office.later(9);
    office.app().portal_link(&link, Some(HERS)).await.unwrap();
    office.later(1);
    not_there(office.app().portal_link(&link, Some(HERS)).await);
    not_there(office.app().enter_portal(&link, HERS).await);
}

#[tokio::test]
async fn a_link_that_was_passed_on_lets_nobody_in_without_the_code_mailed_to_its_owner() {
    let office = office().await;
    office.grants(INES, false).await;
    let link = office.link(INES, HERS).await;
    let of = office.needs_code(&link).await;
    // The link is used up, and the code is nobody's who does not read her mail.
    not_there(office.app().enter_portal(&link, HERS).await);
    let digits = office.digits(INES).await;
    let wrong = if digits == "000000" { "000001" } else { "000000" };
    let tried = office.app().enter_portal_by_code(of, wrong, OTHER).await;
    assert!(matches!(tried, Err(AppError::Invalid { .. })), "{tried:?}");
    not_there(office.app().enter_portal_by_code(of, &digits, "a third browser").await);
    let spaced = format!(" {} {} ", &digits[..3], &digits[3..]);
    let session = office.app().enter_portal_by_code(of, &spaced, OTHER).await.unwrap();
    assert_eq!(office.app().portal_visitor(&session).await.unwrap().person.email, INES);
    not_there(office.app().enter_portal_by_code(of, &digits, OTHER).await);
}

#[tokio::test]
async fn a_code_is_over_after_five_tries_and_after_ten_minutes() {
    let office = office().await;
    office.grants(INES, false).await;
    let of = office.needs_code(&office.link(INES, HERS).await).await;
    let digits = office.digits(INES).await;
    let wrong = if digits == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        let tried = office.app().enter_portal_by_code(of, wrong, OTHER).await;
        assert!(matches!(tried, Err(AppError::Invalid { .. })), "{tried:?}");
    }
    not_there(office.app().enter_portal_by_code(of, &digits, OTHER).await);

    let of = office.needs_code(&office.link(INES, HERS).await).await;
    let digits = office.digits(INES).await;
    office.later(10);
    not_there(office.app().enter_portal_by_code(of, &digits, OTHER).await);
}

#[tokio::test]
async fn of_an_address_nobody_learns_anything_and_nobody_is_mailed_more_than_five_links_an_hour() {
    let office = office().await;
    office.grants(INES, false).await;
    office.app().ask_portal_link("nobody@customer.example", None, HERS).await.unwrap();
    let elsewhere = handed_over(&office.company, "2", office.maya).await.1;
    office.app().ask_portal_link(INES, Some(elsewhere), HERS).await.unwrap();
    let invited = office.mails_to(INES).await.len();
    for _ in 0..9 {
        office.app().ask_portal_link(INES, Some(office.account), HERS).await.unwrap();
    }
    assert_eq!(office.mails_to(INES).await.len(), invited + 5);
    assert_eq!(office.mails_to("nobody@customer.example").await.len(), 0);
    office.later(61);
    office.app().ask_portal_link(INES, None, HERS).await.unwrap();
    assert_eq!(office.mails_to(INES).await.len(), invited + 6);
}

#[tokio::test]
async fn nothing_that_opens_the_portal_is_kept() {
    let office = office().await;
    office.grants(INES, true).await;
    let link = office.link(INES, HERS).await;
    let of = office.needs_code(&link).await;
    let digits = office.digits(INES).await;
    let session = office.app().enter_portal_by_code(of, &digits, OTHER).await.unwrap();
    let (store, org) = (office.app().store(), office.company.org);
    let kept = format!(
        "{:?} {:?} {:?}",
        store.audit(org, None, 100).await.unwrap(),
        store.parcels(org, office.id, None, 100).await.unwrap(),
        store.portal_key(org, of.key).await.unwrap(),
    );
    assert!(!kept.contains(&link) && !kept.contains(&session) && !kept.contains(HERS), "{kept}");
    let audit = format!("{:?}", store.audit(org, None, 100).await.unwrap());
    assert!(audit.contains("enter-portal") && !audit.contains(INES), "{audit}");
}

#[tokio::test]
async fn who_is_revoked_is_out_at_once_and_what_was_asked_for_them_does_not_leave() {
    let office = office().await;
    let ines = office.grants(INES, true).await;
    let session = office.enters(INES).await;
    let link = office.link(INES, HERS).await;
    office.app().ask_portal_link(INES, None, HERS).await.unwrap();
    let before = office.out.0.lock().unwrap().len();
    let csm = office.csm().await;
    let revoked = office.app().revoke_portal(&csm, office.account, ines.id).await.unwrap();
    assert!(revoked.revoked_at.is_some());
    out(office.app().portal_visitor(&session).await);
    not_there(office.app().enter_portal(&link, HERS).await);
    office.app().ask_portal_link(INES, None, HERS).await.unwrap();
    office.mails_to(INES).await;
    assert_eq!(office.out.0.lock().unwrap().len(), before, "the waiting link is given up");

    // Let in again they are the same person, and need another link.
    office.later(60);
    let refused = office.app().grant_portal(&csm, office.account, new(INES, true)).await;
    assert!(matches!(refused, Err(AppError::Conflict(_))), "{refused:?}");
    let again = office.lets_in_again(INES, false).await;
    assert_eq!((again.id, again.may_sign, again.revoked_at), (ines.id, false, None));
    out(office.app().portal_visitor(&session).await);
    office.enters(INES).await;
}

#[tokio::test]
async fn whoever_takes_a_right_of_somebody_who_was_let_in_no_more_lets_nobody_in() {
    let office = office().await;
    let (app, csm, account) = (office.app(), office.csm().await, office.account);
    let ines = office.grants(INES, true).await;
    let revoked = app.revoke_portal(&csm, account, ines.id).await.unwrap();
    let mails = office.mails_to(INES).await.len();
    for may_sign in [Some(false), Some(true), None] {
        let change = PortalPersonChange { name: Some("Ines C.".to_owned()), may_sign };
        let refused = app.change_portal(&csm, account, ines.id, change).await;
        assert!(matches!(refused, Err(AppError::Conflict(_))), "{refused:?}");
    }
    assert_eq!(app.portal_people(&csm, account).await.unwrap(), [revoked]);
    assert_eq!(office.mails_to(INES).await.len(), mails);
    // Let in again is let in once: a page that was open meanwhile gives no right by it.
    office.lets_in_again(INES, false).await;
    let stale = NewPortalPerson { again: true, ..new(INES, true) };
    let refused = app.grant_portal(&csm, account, stale).await;
    assert!(matches!(refused, Err(AppError::Conflict(_))), "{refused:?}");
}

#[tokio::test]
async fn a_right_is_taken_without_mail() {
    let office = office().await;
    let ines = office.grants(INES, true).await;
    let store = office.app().store().clone();
    let without = App::new(store, office.company.clock.clone());
    assert!(!without.mails());
    let takes = PortalPersonChange { may_sign: Some(false), ..Default::default() };
    let taken = without.change_portal(&office.csm().await, office.account, ines.id, takes).await.unwrap();
    assert!(!taken.may_sign);
}

#[tokio::test]
async fn a_revocation_is_not_lost_to_whoever_had_read_them_before() {
    let office = office().await;
    let ines = office.grants(INES, true).await;
    let (csm, account, org) = (office.csm().await, office.account, office.company.org);
    // While one takes the right, another lets her in no more.
    let interrupted = |change: Box<dyn Fn(App, Caller) + Send>| {
        let csm = csm.clone();
        crate::erasing::Interrupted::app(&office.company, move |app| change(app, csm))
    };
    let (id, revoker) = (ines.id, office.company.app.clone());
    let app = interrupted(Box::new(move |_, csm| {
        crate::erasing::at_once(revoker.revoke_portal(&csm, account, id)).unwrap();
    }));
    let takes = PortalPersonChange { may_sign: Some(false), ..Default::default() };
    let late = app.change_portal(&csm, account, ines.id, takes).await;
    assert!(matches!(late, Err(AppError::Conflict(_))), "{late:?}");
    assert!(office.app().store().portal_person(org, ines.id).await.unwrap().unwrap().revoked_at.is_some());
    // The other way round the revocation comes second, and stands.
    let again = office.lets_in_again(INES, true).await;
    let (id, changer) = (again.id, office.company.app.clone());
    let app = interrupted(Box::new(move |_, csm| {
        let takes = PortalPersonChange { may_sign: Some(false), ..Default::default() };
        crate::erasing::at_once(changer.change_portal(&csm, account, id, takes)).unwrap();
    }));
    let revoked = app.revoke_portal(&csm, account, ines.id).await.unwrap();
    assert!(revoked.revoked_at.is_some() && !revoked.may_sign);
    assert_eq!(office.app().store().portal_person(org, ines.id).await.unwrap(), Some(revoked));
}

#[tokio::test]
async fn a_session_that_ended_while_its_use_was_noted_stays_ended() {
    let office = office().await;
    office.grants(INES, false).await;
    let session = office.enters(INES).await;
    let visitor = office.app().portal_visitor(&session).await.unwrap();
    office.later(6);
    // The first look at the clock comes after the session was read.
    let leaver = office.company.app.clone();
    let app = crate::erasing::Interrupted::app(&office.company, move |_| {
        crate::erasing::at_once(leaver.leave_portal(&visitor)).unwrap();
    });
    app.portal_visitor(&session).await.unwrap();
    out(office.app().portal_visitor(&session).await);
}

#[tokio::test]
async fn a_session_ends_after_eight_hours_without_use() {
    let office = office().await;
    office.grants(INES, false).await;
    let session = office.enters(INES).await;
    office.later(8 * 60);
    office.app().portal_visitor(&session).await.unwrap();
    office.later(8 * 60 + 1);
    out(office.app().portal_visitor(&session).await);
    let staff =
        office.company.app.sign_in("maya@acme.example", crate::company::PASSWORD.to_owned(), "").await;
    let (_, _, theirs) = staff.unwrap();
    out(office.app().portal_visitor(&theirs).await);
    assert!(matches!(office.app().session_caller(&session).await, Err(AppError::NotSignedIn)));
}

#[tokio::test]
async fn the_same_person_at_two_accounts_is_two_and_neither_reaches_the_other() {
    let office = office().await;
    let (second, elsewhere) = handed_over(&office.company, "2", office.maya).await;
    office.grants(INES, true).await;
    office.app().grant_portal(&office.csm().await, elsewhere, new(INES, false)).await.unwrap();
    let invited = office.mails_to(INES).await.len();
    office.app().ask_portal_link(INES, None, HERS).await.unwrap();
    let links: Vec<_> = office.mails_to(INES).await[invited..].iter().map(link_in).collect();
    assert_eq!(links.len(), 2, "one for each account");
    for link in links {
        let Entered::In(session) = office.app().enter_portal(&link, HERS).await.unwrap() else { panic!() };
        let visitor = office.app().portal_visitor(&session).await.unwrap();
        let first = visitor.person.account == office.account;
        let (mine, other) = if first { (office.id, second) } else { (second, office.id) };
        let listed = office.app().portal_handoffs(&visitor).await.unwrap();
        assert_eq!(listed.iter().map(|one| one.id).collect::<Vec<_>>(), [mine]);
        assert_eq!(office.app().portal_view(&visitor, mine).await.unwrap().id, mine);
        not_there(office.app().portal_view(&visitor, other).await);
        let comment = command::CommentPlan { milestone: None, text: text("Hello") };
        not_there(office.app().portal_act(&visitor, other, PortalAct::Comment(comment)).await.map(|_| ()));
        not_there(office.app().ask_signing_code(&visitor, other).await);
        let unknown = HandoffId(office.app().fresh_id());
        not_there(office.app().portal_view(&visitor, unknown).await);
        assert_eq!(office.app().ask_signing_code(&visitor, mine).await.is_ok(), first, "a right per account");
    }
}

#[tokio::test]
async fn what_is_only_being_sold_to_them_is_not_theirs_to_see() {
    let office = office().await;
    office.grants(INES, false).await;
    let visitor = office.visitor(INES).await;
    let mut upsell = deal("9", Some("dana"));
    upsell.account = "Customer 1".to_owned();
    let options = throughline_app::deals::DealOptions { open_now: true, ..Default::default() };
    let system = office.company.system();
    let put = office.app().put_deal(&system, upsell, options).await.unwrap();
    let id = put.handoff.unwrap();
    let sold = office.app().load(office.company.org, id).await.unwrap().handoff;
    assert_eq!(sold.account, office.account, "of the same customer");
    not_there(office.app().portal_view(&visitor, id).await);
    assert_eq!(office.app().portal_handoffs(&visitor).await.unwrap().len(), 1);
}
