//! What an id and an API's type name say of the object they belong to.

use crate::vocabulary::Object;

/// The first three characters of an id name its object.
pub(super) fn object_of_id(id: &str) -> Option<Object> {
    if !is_id(id) {
        return None;
    }
    Some(match id.get(..3)? {
        "006" => Object::Deal,
        "001" => Object::Account,
        "003" => Object::Contact,
        "00Q" => Object::Lead,
        "00T" | "00U" | "02s" => Object::Activity,
        "500" => Object::Ticket,
        "00k" => Object::LineItem,
        "008" | "017" => Object::History,
        "00K" => Object::Link,
        "005" => Object::User,
        _ => return None,
    })
}

fn is_id(id: &str) -> bool {
    matches!(id.len(), 15 | 18)
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && id.bytes().any(|byte| byte.is_ascii_alphabetic())
}

pub(super) fn object_of_kind(kind: &str) -> Object {
    match kind {
        "Opportunity" => Object::Deal,
        "Account" => Object::Account,
        "Contact" => Object::Contact,
        "Lead" => Object::Lead,
        "Task" | "Event" | "EmailMessage" => Object::Activity,
        "Case" => Object::Ticket,
        "OpportunityLineItem" => Object::LineItem,
        "OpportunityHistory" | "OpportunityFieldHistory" => Object::History,
        "OpportunityContactRole" | "AccountContactRelation" => Object::Link,
        "User" => Object::User,
        _ => Object::Unknown,
    }
}

/// Reports write ids of 15 characters where case counts, the API the same ids with three more that say which
/// letters are capitals. One deal must not come in twice, so the long form is made of the short.
pub(super) fn full_id(id: &str) -> Option<String> {
    if id.len() != 15 {
        return None;
    }
    object_of_id(id)?;
    let mut full = id.to_owned();
    for part in id.as_bytes().chunks(5) {
        let capitals = part.iter().enumerate().filter(|(_, byte)| byte.is_ascii_uppercase());
        let sum = capitals.map(|(at, _)| 1_usize << at).sum::<usize>();
        full.push(char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[sum]));
    }
    Some(full)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_id_is_completed_as_the_api_writes_it() {
        assert_eq!(full_id("006bm00000LKJNN").as_deref(), Some("006bm00000LKJNNAA5"));
        assert_eq!(full_id("006Ec00000AieKF").as_deref(), Some("006Ec00000AieKFIAZ"));
        assert_eq!(full_id("006Ec00000AieKFIAZ"), None);
        assert_eq!(full_id("123456789012345"), None);
        assert_eq!(full_id("OpportunityRef1"), None);
    }

    #[test]
    fn an_id_names_its_object() {
        assert_eq!(object_of_id("006bm00000LKJNNAA5"), Some(Object::Deal));
        assert_eq!(object_of_id("00Qbm00000LKJNNAA5"), Some(Object::Lead));
        assert_eq!(object_of_id("10001"), None);
    }
}
