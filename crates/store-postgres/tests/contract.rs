//! The contract, kept on a server.

mod common;

use common::Kept;

async fn a_store() -> Kept {
    Kept::new().await
}

throughline_store::contract_suite!(a_store);
