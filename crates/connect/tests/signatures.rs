//! Signed messages: what another implementation signed is believed, and nothing else is.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde::Deserialize;
use throughline_connect::signature::{Claims, Key, KeyError, Refused, TOLERANCE, sign, verify};

const SECRET: &str = "whsec_qLXCz9zp9gMQHSo3RFFea3iFkp+sucbT";
const OTHER: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

/// A message as `fixtures/signatures/make.py` had it signed.
#[derive(Deserialize)]
struct Case {
    name: String,
    key: String,
    id: String,
    timestamp: String,
    body: String,
    signature: String,
}

impl Case {
    fn all() -> Vec<Case> {
        serde_json::from_str(include_str!("fixtures/signatures/signed.json")).unwrap()
    }

    fn body(&self) -> String {
        match self.body.strip_prefix("repeat:") {
            Some(times) => "x".repeat(times.parse().unwrap()),
            None => self.body.clone(),
        }
    }

    fn key(&self) -> Key {
        Key::parse(&self.key).unwrap()
    }

    fn claims(&self) -> Claims<'_> {
        Claims { id: Some(&self.id), timestamp: Some(&self.timestamp), signatures: Some(&self.signature) }
    }

    fn sent_at(&self) -> Timestamp {
        Timestamp::from_second(self.timestamp.parse().unwrap()).unwrap()
    }
}

fn secret() -> Case {
    Case::all().into_iter().next().unwrap()
}

fn public() -> Case {
    Case::all().into_iter().find(|case| case.key.starts_with("whpk_")).unwrap()
}

#[test]
fn what_other_implementations_signed_is_believed() {
    let cases = Case::all();
    assert!(cases.len() >= 20 && cases.iter().any(|case| case.signature.starts_with("v1a,")));
    for case in cases {
        let got = verify(&[case.key()], case.claims(), case.body().as_bytes(), case.sent_at());
        assert_eq!(got, Ok(case.id.as_str()), "{}", case.name);
    }
}

#[test]
fn what_we_sign_is_what_others_sign() {
    for case in Case::all().into_iter().filter(|case| case.key.starts_with("whsec_")) {
        let ours = sign(&case.key(), &case.id, case.sent_at(), case.body().as_bytes());
        assert_eq!(ours.as_ref(), Some(&case.signature), "{}", case.name);
    }
    assert_eq!(sign(&public().key(), "x", Timestamp::UNIX_EPOCH, b""), None);
}

#[test]
fn a_message_is_good_for_five_minutes_either_way() {
    for case in [secret(), public()] {
        let at = |after: SignedDuration| {
            verify(&[case.key()], case.claims(), case.body().as_bytes(), case.sent_at() + after).map(drop)
        };
        let more = TOLERANCE + SignedDuration::from_secs(1);
        assert_eq!(at(TOLERANCE), Ok(()));
        assert_eq!(at(-TOLERANCE), Ok(()));
        assert_eq!(at(more), Err(Refused::TooOld(301)));
        assert_eq!(at(-more), Err(Refused::TooNew(301)));
    }
}

#[test]
fn while_keys_change_any_good_signature_by_any_good_key_will_do() {
    let case = secret();
    let (ours, other, public) = (case.key(), Key::parse(OTHER).unwrap(), public().key());
    let mut wrong = case.signature.clone();
    wrong.replace_range(3..4, if wrong.as_bytes()[3] == b'A' { "B" } else { "A" });
    let sent = format!("{wrong} v2,whatever v1a,AAAA  {} v1,{}", case.signature, "!");
    let claims = Claims { signatures: Some(&sent), ..case.claims() };
    let checked = |keys: &[Key]| verify(keys, claims, case.body().as_bytes(), case.sent_at()).map(drop);
    assert_eq!(checked(&[other.clone(), ours.clone()]), Ok(()));
    assert_eq!(checked(&[public.clone(), ours]), Ok(()));
    assert_eq!(checked(std::slice::from_ref(&other)), Err(Refused::Wrong(3)));
    assert_eq!(checked(&[public]), Err(Refused::Wrong(1)));
    assert_eq!(checked(&[]), Err(Refused::NoneOfKind("v1")));
    let unmarked = Claims { signatures: Some(&case.signature[3..]), ..case.claims() };
    assert_eq!(
        verify(&[other], unmarked, case.body().as_bytes(), case.sent_at()),
        Err(Refused::NoneOfKind("v1"))
    );
}

#[test]
fn a_secret_is_no_public_key_and_a_signature_of_one_kind_none_of_the_other() {
    let (case, public) = (secret(), public());
    // The public half is known to anybody: as a secret it must be worth nothing.
    let forged = Key::parse(&public.key.replace("whpk_", "whsec_")).unwrap();
    let made = sign(&forged, &public.id, public.sent_at(), public.body().as_bytes()).unwrap();
    let claims = Claims { signatures: Some(&made), ..public.claims() };
    let got = verify(&[public.key()], claims, public.body().as_bytes(), public.sent_at());
    assert_eq!(got, Err(Refused::NoneOfKind("v1a")));
    let renamed = case.signature.replace("v1,", "v1a,");
    let claims = Claims { signatures: Some(&renamed), ..case.claims() };
    let got = verify(&[case.key()], claims, case.body().as_bytes(), case.sent_at());
    assert_eq!(got, Err(Refused::NoneOfKind("v1")));
}

#[test]
fn headers_are_read_strictly_and_within_bounds() {
    let case = secret();
    let refused =
        |claims: Claims| verify(&[case.key()], claims, case.body().as_bytes(), case.sent_at()).unwrap_err();
    let fine = case.claims();
    assert_eq!(refused(Claims { id: None, ..fine }), Refused::Missing("webhook-id"));
    assert_eq!(refused(Claims { timestamp: None, ..fine }), Refused::Missing("webhook-timestamp"));
    assert_eq!(refused(Claims { signatures: None, ..fine }), Refused::Missing("webhook-signature"));
    let long = "x".repeat(256);
    for odd in ["", "a b", "a.b", "ü", "a\n", &long] {
        assert_eq!(refused(Claims { id: Some(odd), ..fine }), Refused::OddId, "{odd}");
    }
    for odd in ["", "+1772441400", "-1", "1772441400.0", "1772441400 ", "0x10", "1e9", "9999999999999"] {
        assert_eq!(refused(Claims { timestamp: Some(odd), ..fine }), Refused::OddTime, "{odd}");
    }
    let many = vec![case.signature.as_str(); 17].join(" ");
    let wrong = vec!["v1,AAAA"; 17].join(" ");
    let endless = "v1,".to_owned() + &"A".repeat(3_000);
    for odd in [many, wrong, endless] {
        assert_eq!(refused(Claims { signatures: Some(&odd), ..fine }), Refused::TooMany);
    }
    assert_eq!(refused(Claims { signatures: Some(""), ..fine }), Refused::NoneOfKind("v1"));
}

#[test]
fn keys_are_read_by_their_beginning_and_have_a_length() {
    let length = |bytes: usize, kind: &str| {
        let text = Key::written(&vec![7; bytes]).replace("whsec_", kind);
        Key::parse(&text).map(|key| key.kind())
    };
    assert_eq!(length(23, "whsec_"), Err(KeyError::Length(23)));
    assert_eq!(length(24, "whsec_"), Ok("v1"));
    assert_eq!(length(64, "whsec_"), Ok("v1"));
    assert_eq!(length(65, "whsec_"), Err(KeyError::Length(65)));
    assert_eq!(length(31, "whpk_"), Err(KeyError::Length(31)));
    assert_eq!(length(32, "whpk_"), Ok("v1a"));
    assert_eq!(length(32, "whsk_"), Err(KeyError::Beginning));
    assert_eq!(Key::parse("whsec_*").unwrap_err(), KeyError::Base64);
    assert!(Key::parse(&SECRET.replace('=', "")).is_ok());
    assert_eq!(format!("{:?}", Key::parse(SECRET).unwrap()), "Key(v1)");
}

proptest! {
    /// Whatever is changed of a message, by a bit or in one of its parts, nobody believes it any more.
    #[test]
    fn a_message_changed_anywhere_is_refused(
        of_public in any::<bool>(),
        part in 0..4_usize,
        place in any::<prop::sample::Index>(),
        bit in 0..7_u32,
    ) {
        let case = if of_public { public() } else { secret() };
        let mut parts = [case.id.clone(), case.timestamp.clone(), case.signature.clone(), case.body()].map(String::into_bytes);
        let at = place.index(parts[part].len());
        parts[part][at] ^= 1 << bit;
        let [id, timestamp, signature, body] = &parts;
        let text = |bytes: &'_ Vec<u8>| String::from_utf8(bytes.clone()).ok();
        let (id, timestamp, signature) = (text(id), text(timestamp), text(signature));
        let claims = Claims { id: id.as_deref(), timestamp: timestamp.as_deref(), signatures: signature.as_deref() };
        prop_assert!(verify(&[case.key()], claims, body, case.sent_at()).is_err());
    }

    #[test]
    fn no_header_and_no_key_makes_it_panic(id in ".{0,300}", timestamp in ".{0,14}", signatures in ".{0,80}", key in ".{0,60}") {
        drop(Key::parse(&key));
        drop(Key::parse(&format!("whpk_{key}")));
        let claims = Claims { id: Some(&id), timestamp: Some(&timestamp), signatures: Some(&signatures) };
        let got = verify(&[secret().key(), public().key()], claims, b"{}", secret().sent_at());
        prop_assert!(got.is_err());
    }
}
