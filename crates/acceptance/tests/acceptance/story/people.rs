//! The people of the company: one for every role, two CSMs.

/// Somebody who works here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who {
    /// Their name.
    pub name: &'static str,
    /// Their mail address.
    pub email: &'static str,
    /// Their role, as in data.
    pub role: &'static str,
    /// How far it reaches.
    pub scope: &'static str,
}

macro_rules! people {
    ($($(#[$doc:meta])* $constant:ident = $name:literal, $email:literal, $role:literal, $scope:literal;)*) => {
        $($(#[$doc])* pub const $constant: Who = Who { name: $name, email: $email, role: $role, scope: $scope };)*

        /// Everybody.
        pub const EVERYBODY: &[Who] = &[$($constant),*];
    };
}

people! {
    /// Runs the process; set the company up.
    RITA = "Rita Okafor", "rita@northwind.example", "rev_ops", "organisation";
    /// Sells.
    AVA = "Ava Lindqvist", "ava@northwind.example", "ae", "own";
    /// Sells, too.
    ANTON = "Anton Weiss", "anton@northwind.example", "ae", "own";
    /// Leads those who sell.
    ARNE = "Arne Holm", "arne@northwind.example", "ae_manager", "team";
    /// Shows how it works.
    SOFIA = "Sofia Marques", "sofia@northwind.example", "se", "own";
    /// Decides prices and terms.
    DORA = "Dora Klein", "dora@northwind.example", "deal_desk", "organisation";
    /// Decides what the product will do.
    PETER = "Peter Osei", "peter@northwind.example", "product", "organisation";
    /// Teaches those who sell.
    ENID = "Enid Park", "enid@northwind.example", "enablement", "organisation";
    /// Receives accounts.
    MAYA = "Maya Brandt", "maya@northwind.example", "csm", "own";
    /// Receives accounts, too.
    NILS = "Nils Aho", "nils@northwind.example", "csm", "own";
    /// Puts it to work at the customer's.
    IDA = "Ida Roux", "ida@northwind.example", "implementation", "own";
    /// Leads those who receive.
    CLARA = "Clara Mendes", "clara@northwind.example", "cs_leader", "organisation";
    /// Leads sales.
    LEO = "Leo Brandão", "leo@northwind.example", "sales_leader", "organisation";
    /// Pays.
    FINN = "Finn Moss", "finn@northwind.example", "finance", "organisation";
    /// Looks on.
    AUDA = "Auda Nazari", "auda@northwind.example", "auditor", "organisation";
}

/// Who does what a role owes in these stories.
#[track_caller]
pub fn holding(role: &str) -> Who {
    *EVERYBODY.iter().find(|who| who.role == role).unwrap_or_else(|| panic!("nobody is {role}"))
}
