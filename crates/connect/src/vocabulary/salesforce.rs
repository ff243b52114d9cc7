//! What Salesforce calls things: the API (Data Loader, command line tools), the columns of reports in English,
//! German and French, and the snake-case columns of sync tools.

use super::{Object, Vocabulary};
use crate::field::Field;

pub(super) static VOCABULARY: Vocabulary = Vocabulary {
    columns: &[
        (
            Field::ExternalId,
            &[
                "opportunityid18",
                "opportunityid18digit",
                "opportunity18digitid",
                "18digitopportunityid",
                "casesafeopportunityid",
                "opportunitycasesafeid",
                "opportunityid",
                "iddelopportunite",
                "identifiantdelopportunite",
                "id",
                "casesafeid",
                "attributesreferenceid",
            ],
        ),
        (
            Field::Name,
            &[
                "opportunityname",
                "namederopportunity",
                "nomdelopportunite",
                "opportunite",
                "opportunity",
                "name",
            ],
        ),
        (
            Field::AccountName,
            &["accountname", "accountaccountname", "nomducompte", "account", "companyaccount", "compte"],
        ),
        (Field::AccountId, &["accountid18", "accountid", "idducompte"]),
        (Field::Stage, &["stagename", "stage", "opportunitystage", "phase", "verkaufsphase", "etape"]),
        (Field::Won, &["iswon", "won", "gewonnen", "gagne", "gagnee", "remporte", "remportee", "conclue"]),
        (
            Field::Closed,
            &["isclosed", "closed", "geschlossen", "abgeschlossen", "ferme", "fermee", "cloture", "cloturee"],
        ),
        (Field::Deleted, &["isdeleted", "deleted", "geloscht", "fivetrandeleted"]),
        (
            Field::Amount,
            &["amount", "opportunityamount", "betrag", "montant", "amountconverted", "betragkonvertiert"],
        ),
        (
            Field::Currency,
            &[
                "currencyisocode",
                "amountcurrency",
                "opportunitycurrency",
                "opportunitycurrencyisocode",
                "currency",
                "betragwahrung",
                "wahrung",
                "devisemontant",
                "montantdevise",
                "devise",
            ],
        ),
        (Field::Probability, &["probability", "wahrscheinlichkeit", "probabilite"]),
        (
            Field::ExpectedClose,
            &[
                "closedate",
                "schlusstermin",
                "abschlusstermin",
                "abschlussdatum",
                "datedecloture",
                "datedefermeture",
            ],
        ),
        (
            Field::CreatedAt,
            &[
                "createddate",
                "createddatetime",
                "erstelldatum",
                "erstelltam",
                "datedecreation",
                "datecreation",
            ],
        ),
        (
            Field::ModifiedAt,
            &[
                "lastmodifieddate",
                "lastmodifieddatetime",
                "lastmodified",
                "systemmodstamp",
                "datumderletztenanderung",
                "letztesanderungsdatum",
                "letzteanderungam",
                "zuletztgeandertam",
                "zuletztgeandert",
                "datededernieremodification",
                "dernieremodification",
            ],
        ),
        (Field::DealType, &["type", "opportunitytype", "typ", "typederopportunity", "typedopportunite"]),
        (Field::LeadSource, &["leadsource", "leadquelle", "originedelapiste", "sourcedelapiste"]),
        (Field::OwnerId, &["ownerid", "opportunityownerid", "opportunityowneruserid"]),
        (
            Field::OwnerName,
            &[
                "ownername",
                "opportunityowner",
                "opportunityownername",
                "opportunityownerfullname",
                "opportunityinhaber",
                "inhaberderopportunity",
                "proprietairedelopportunite",
                "owner",
                "opportunityowneralias",
                "owneralias",
            ],
        ),
        (
            Field::OwnerEmail,
            &[
                "owneremail",
                "opportunityowneremail",
                "opportunityowneremailaddress",
                "opportunityinhaberemail",
            ],
        ),
        (Field::Current, &["fivetranactive"]),
    ],
    signs: &[
        (
            Object::Deal,
            &[
                (10, &["opportunityname", "namederopportunity", "nomdelopportunite", "opportunityinhaber"]),
                (8, &["opportunityowner", "proprietairedelopportunite"]),
                (6, &["stagename"]),
                (
                    3,
                    &[
                        "forecastcategory",
                        "forecastcategoryname",
                        "expectedrevenue",
                        "iswon",
                        "hasopportunitylineitem",
                    ],
                ),
                (
                    1,
                    &[
                        "opportunityid",
                        "stage",
                        "closedate",
                        "amount",
                        "probability",
                        "nextstep",
                        "isclosed",
                        "fiscalperiod",
                        "fiscalquarter",
                        "campaignid",
                        "pricebook2id",
                        "syncedquoteid",
                        "won",
                        "schlusstermin",
                        "betrag",
                        "phase",
                        "etape",
                        "montant",
                        "datedecloture",
                    ],
                ),
            ],
        ),
        (
            Object::Account,
            &[
                (
                    3,
                    &["sicdesc", "tickersymbol", "dunsnumber", "accountsource", "accountnumber", "ownership"],
                ),
                (
                    2,
                    &[
                        "annualrevenue",
                        "numberofemployees",
                        "billingstreet",
                        "billingcity",
                        "billingstate",
                        "billingstateprovince",
                        "shippingstreet",
                        "shippingcity",
                        "parentid",
                        "accountowner",
                    ],
                ),
                (1, &["industry", "website", "phone", "fax", "rating", "billingcountry", "parentaccount"]),
            ],
        ),
        (
            Object::Contact,
            &[
                (6, &["mailingstreet", "mailingcity", "mailingstateprovince", "reportstoid", "contactid"]),
                (4, &["contactowner", "contactname", "contactfullname"]),
                (2, &["firstname", "lastname", "salutation", "birthdate"]),
                (1, &["email", "phone", "mobilephone", "mobile", "department", "title"]),
            ],
        ),
        (
            Object::Lead,
            &[
                (8, &["leadid", "leadowner", "leadstatus"]),
                (
                    4,
                    &[
                        "isconverted",
                        "converteddate",
                        "convertedaccountid",
                        "convertedopportunityid",
                        "converted",
                    ],
                ),
                (1, &["firstname", "lastname", "company", "companyaccount", "email"]),
            ],
        ),
        (
            Object::Activity,
            &[
                (8, &["whoid", "whatid", "activityid"]),
                (4, &["activitydate", "tasksubtype", "activitydatetime", "callduration", "startdatetime"]),
                (2, &["subject", "assigned", "duedate"]),
                (1, &["priority", "status"]),
            ],
        ),
        (
            Object::Ticket,
            &[(8, &["casenumber", "caseid", "caseowner"]), (2, &["caseorigin", "suppliedemail"])],
        ),
        (
            Object::LineItem,
            &[
                (12, &["pricebookentryid", "opportunityproductid"]),
                (4, &["unitprice", "product2id", "listprice"]),
                (2, &["quantity", "totalprice", "servicedate"]),
            ],
        ),
        (Object::Link, &[(8, &["isprimary"]), (6, &["role", "opportunitycontactroleid"])]),
        (Object::History, &[(20, &["fromstage", "tostage"]), (12, &["oldvalue", "newvalue"])]),
        (Object::User, &[(8, &["profileid", "userroleid", "username", "federationidentifier"])]),
    ],
    marks: &[
        (
            3,
            &[
                "systemmodstamp",
                "attributestype",
                "attributesreferenceid",
                "whoid",
                "whatid",
                "masterrecordid",
            ],
        ),
        (
            2,
            &[
                "stagename",
                "opportunityname",
                "opportunityowner",
                "reportstoid",
                "forecastcategory",
                "tasksubtype",
                "opportunityinhaber",
                "proprietairedelopportunite",
                "nomdelopportunite",
                "currencyisocode",
                "annualrevenue",
                "pricebookentryid",
                "owneralias",
                "schlusstermin",
                "mailingstreet",
            ],
        ),
        (
            1,
            &[
                "opportunityid",
                "isdeleted",
                "ownerid",
                "accountid",
                "accountname",
                "fiscalperiod",
                "iswon",
                "isclosed",
                "leadsource",
                "lastmodifieddate",
                "createddate",
                "leadstatus",
                "leadowner",
                "billingstreet",
                "billingcity",
                "nextstep",
                "campaignid",
                "isprimary",
            ],
        ),
    ],
    strangers: &["recordid", "closingdate", "dealname", "dealstage"],
    converted: &["amountconverted", "betragkonvertiert"],
    footers: &[
        "confidentialinformation",
        "vertraulicheinformationen",
        "informationsconfidentielles",
        "copyright",
        "generatedby",
        "generiertvon",
        "genererpar",
        "generepar",
        "allrightsreserved",
        "asof",
    ],
    spellings,
    speaks: |written| {
        let lower = written.trim().to_ascii_lowercase();
        if lower.ends_with("__c") || lower.contains("__r.") { 2 } else { 0 }
    },
    pattern: |_| None,
    object_of_id,
    kinds: Some(("attributestype", object_of_kind)),
    full_id,
    plural: &[],
    whole_percents: true,
    how_to_export: "In Salesforce, make a report of type Opportunities with the columns Opportunity ID, Opportunity \
                    Name, Account Name, Account ID, Stage, Won, Closed, Amount, Amount Currency, Probability, Close \
                    Date, Opportunity Owner and Last Modified Date; export it as Details Only, CSV, UTF-8. Or export \
                    the Opportunity object with Data Loader.",
};

/// Custom fields end in `__c` (`_c` from sync tools); report columns may carry the object before a colon.
fn spellings(written: &str) -> Vec<String> {
    let name = written.trim();
    let lower = name.to_ascii_lowercase();
    let mut spellings = Vec::new();
    if let Some(bare) = lower.strip_suffix("__c").or_else(|| lower.strip_suffix("_c")) {
        spellings.push(bare.to_owned());
    }
    for prefix in ["opportunity:", "opportunity name:", "account.", "account name:", "opportunity."] {
        if let Some(rest) = lower.strip_prefix(prefix) {
            let rest = rest.strip_suffix("__c").unwrap_or(rest).trim();
            // `Account Name: Type` is the account's type and not the deal's.
            let of_account = prefix.starts_with("account");
            let shared =
                ["id", "name", "segment", "csm", "csm_name", "csm email", "account name", "account id"];
            match (of_account, rest) {
                (true, "id" | "account id") => spellings.push("accountid".to_owned()),
                (true, "name" | "account name") => spellings.push("accountname".to_owned()),
                (true, rest)
                    if shared.contains(&rest) || rest.contains("segment") || rest.contains("success") =>
                {
                    spellings.push(rest.to_owned());
                }
                (true, _) => {}
                (false, "id") => spellings.push("opportunityid".to_owned()),
                (false, "name") => spellings.push("opportunityname".to_owned()),
                (false, rest) => spellings.push(rest.to_owned()),
            }
        }
    }
    spellings
}

/// The first three characters of an id name its object.
fn object_of_id(id: &str) -> Option<Object> {
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

fn object_of_kind(kind: &str) -> Object {
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
fn full_id(id: &str) -> Option<String> {
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

    #[test]
    fn custom_and_related_columns_are_known_by_their_bare_names() {
        let keys = |written| VOCABULARY.keys(written);
        assert!(keys("Contract_Signed_Date__c").contains(&"contractsigneddate".to_owned()));
        assert!(keys("Account.Segment__c").contains(&"segment".to_owned()));
        assert!(keys("Opportunity: Stage").contains(&"stage".to_owned()));
        assert!(keys("Account.Name").contains(&"accountname".to_owned()));
        assert!(!keys("Account.Type").contains(&"type".to_owned()));
    }
}
