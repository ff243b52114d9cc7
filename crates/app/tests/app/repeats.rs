//! Commands whose key is taken while they are under way: by the same request at another node.

use throughline_app::{AppError, HandleOptions};
use throughline_domain::{Role, handoff::command::Nominate};

use crate::company::{deal, staffed};

#[tokio::test]
async fn what_the_same_request_did_a_moment_ago_is_no_reason_to_refuse_it() {
    let company = staffed().await;
    let maya = company.join("maya", &[Role::Csm], None).await;
    let id = company.opened(deal("1", None)).await.id;
    let nominate = async |key: &str, if_version| {
        let idempotency = Some((key.to_owned(), "the same".to_owned()));
        let options = HandleOptions { idempotency, if_version, ..HandleOptions::default() };
        company.app.handle(&company.system(), id, Nominate { csm: maya }, options).await
    };
    let before = company.app.load(company.org, id).await.unwrap().version;
    assert!(nominate("one", Some(before)).await.unwrap().changed);
    // Nobody looked whether the key is there: it was not, when they did.
    assert!(matches!(nominate("one", Some(before)).await, Err(AppError::KeyReused)), "not that it is stale");
    assert!(matches!(nominate("one", None).await, Err(AppError::KeyReused)), "not that it was so before");
    assert!(matches!(nominate("two", Some(before)).await, Err(AppError::Stale { .. })));
    assert!(!nominate("two", None).await.unwrap().changed);
}
