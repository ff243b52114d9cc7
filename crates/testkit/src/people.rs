//! The people of every test: one for each job, two where two are needed.

use std::collections::BTreeSet;

use throughline_domain::{PersonId, PortalPersonId, Role};
use uuid::Uuid;

const fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(0x0001_0000_0000_7000_8000_0000_0000_0000 + number))
}

/// The AE of every deal that names no other.
pub const DANA: PersonId = person(1);
/// Another AE.
pub const EMIL: PersonId = person(2);
/// Dana's manager.
pub const MONA: PersonId = person(3);
/// The SE.
pub const SAM: PersonId = person(4);
/// Decides at the deal desk.
pub const DEE: PersonId = person(5);
/// Decides for product.
pub const PIA: PersonId = person(6);
/// The CSM.
pub const MAYA: PersonId = person(7);
/// Another CSM.
pub const NOAH: PersonId = person(8);
/// The implementation manager.
pub const IAN: PersonId = person(9);
/// The CS leader.
pub const LEE: PersonId = person(10);
/// RevOps: the process owner.
pub const RAVI: PersonId = person(11);
/// Leads sales.
pub const SOL: PersonId = person(12);
/// Reads credit.
pub const FAY: PersonId = person(13);
/// Reads everything.
pub const ODA: PersonId = person(14);
/// Runs the installation.
pub const ADA: PersonId = person(15);
/// Known to the CRM only: cannot sign in.
pub const OWEN: PersonId = person(16);

/// The customer's executive, in the portal.
pub const INES: PortalPersonId =
    PortalPersonId(Uuid::from_u128(0x0001_0000_0000_7000_8000_0000_0000_0000 + 17));

/// Everybody, with what they do.
pub const EVERYBODY: [(PersonId, &str, &[Role]); 16] = [
    (DANA, "Dana", &[Role::Ae]),
    (EMIL, "Emil", &[Role::Ae]),
    (MONA, "Mona", &[Role::AeManager]),
    (SAM, "Sam", &[Role::Se]),
    (DEE, "Dee", &[Role::DealDesk]),
    (PIA, "Pia", &[Role::Product]),
    (MAYA, "Maya", &[Role::Csm]),
    (NOAH, "Noah", &[Role::Csm]),
    (IAN, "Ian", &[Role::Implementation]),
    (LEE, "Lee", &[Role::CsLeader]),
    (RAVI, "Ravi", &[Role::RevOps]),
    (SOL, "Sol", &[Role::SalesLeader]),
    (FAY, "Fay", &[Role::Finance]),
    (ODA, "Oda", &[Role::Auditor]),
    (ADA, "Ada", &[Role::Admin]),
    (OWEN, "Owen", &[]),
];

/// What somebody does; nothing for a stranger.
pub fn roles_of(person: PersonId) -> BTreeSet<Role> {
    EVERYBODY.iter().filter(|(id, ..)| *id == person).flat_map(|(.., roles)| roles.iter().copied()).collect()
}

/// Somebody who does a job.
pub fn holder_of(role: Role) -> PersonId {
    let holder = EVERYBODY.iter().find(|(.., roles)| roles.contains(&role));
    holder.map(|(id, ..)| *id).expect("every job is somebody's")
}

/// Their name, for messages.
pub fn name_of(person: PersonId) -> &'static str {
    EVERYBODY.iter().find(|(id, ..)| *id == person).map_or("a stranger", |(_, name, _)| name)
}
