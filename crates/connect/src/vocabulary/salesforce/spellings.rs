//! How one column is written in several ways.

/// Custom fields end in `__c` (`_c` from sync tools); report columns may carry the object before a colon.
pub(super) fn spellings(written: &str) -> Vec<String> {
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

#[cfg(test)]
mod tests {
    use super::super::VOCABULARY;

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
