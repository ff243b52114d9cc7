//! The contract, kept in memory.

use super::MemoryStore;

async fn a_store() -> Box<MemoryStore> {
    Box::new(MemoryStore::new())
}

crate::contract_suite!(a_store);
