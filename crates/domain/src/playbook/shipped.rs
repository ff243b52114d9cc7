//! The playbooks that ship with the product.

/// Their names with their text.
pub fn shipped() -> &'static [(&'static str, &'static str)] {
    &[
        ("default", include_str!("../../../../playbooks/default.yaml")),
        ("governed-gate", include_str!("../../../../playbooks/governed-gate.yaml")),
        ("full-context", include_str!("../../../../playbooks/full-context.yaml")),
        ("four-domains", include_str!("../../../../playbooks/four-domains.yaml")),
        ("account-truth", include_str!("../../../../playbooks/account-truth.yaml")),
        ("enterprise-protocol", include_str!("../../../../playbooks/enterprise-protocol.yaml")),
    ]
}

/// The text of a shipped playbook.
pub fn source(name: &str) -> Option<&'static str> {
    shipped().iter().find(|(known, _)| *known == name).map(|(_, source)| *source)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::load;

    #[test]
    fn every_shipped_playbook_is_sound_and_bears_its_name() {
        for (name, source) in shipped() {
            let playbook = load(source).unwrap_or_else(|findings| {
                let told: Vec<String> = findings.iter().map(ToString::to_string).collect();
                panic!("{name}:\n{}", told.join("\n"))
            });
            assert_eq!(playbook.playbook.value, *name);
            assert_eq!(super::source(name), Some(*source));
        }
        assert_eq!(source("nobodys"), None);
    }
}
