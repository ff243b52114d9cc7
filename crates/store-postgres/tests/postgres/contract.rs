//! The contract, kept on a server.

use crate::kept::Kept;

async fn a_store() -> Kept {
    Kept::new().await
}

throughline_store::contract_suite!(a_store);
