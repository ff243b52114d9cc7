//! `POST /api/v1/mail`: mail that arrived, as a mail server or a service hands it on; `GET`: what became of it.
//!
//! It is answered as soon as it is kept; what it says is read afterwards. So a mail server has nothing to wait for, and
//! a mail we cannot use is not brought again and again.

use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, State, rejection::BytesRejection},
    http::{StatusCode, Uri},
    response::IntoResponse,
    routing::get,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_app::{
    events::Received,
    inbox::{Arriving, LARGEST_MAIL},
};
use throughline_domain::access::Action;
use throughline_http::{
    ApiCaller, Web,
    extract::{Query, unread},
};
use throughline_store::{MailSeen, MailState};

use crate::{
    answer::{Answered, json},
    page::{self, Listed, decode, maybe_more},
    spec::{Verb, Verbs},
};

/// What is known of a mail beside its bytes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EnvelopeQuery {
    /// The envelope's sender (`MAIL FROM`); empty for a bounce, left out where it is not known.
    #[schemars(length(max = 256))]
    from: Option<String>,
    /// The envelope's recipient (`RCPT TO`): where a mail was sent to when its header does not say, as with a blind copy.
    #[schemars(length(max = 256))]
    to: Option<String>,
}

/// Which mail, how many, and from where.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MailWanted {
    /// Only mail that this became of; all when left out.
    state: Option<MailState>,
    /// How many rows at most; 50 when left out.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// Where the page begins: as found in `next`.
    #[schemars(length(max = 1000))]
    after: Option<String>,
}

/// A mail was taken.
#[derive(Debug, Serialize, JsonSchema)]
struct Taken {
    /// Whether it was here before: then nothing is done about it again.
    again: bool,
}

/// The verbs of mail that comes in.
pub fn add(verbs: &mut Verbs) {
    let path = "/api/v1/mail";
    verbs.add(
        Verb::get(path, "listMail")
            .about("mail", "Mail received in the last week, newest first, and what became of it.")
            .right(Action::ReadMessages)
            .query::<MailWanted>()
            .answers::<Listed<MailSeen>>(200),
        get(list).post(receive).layer(DefaultBodyLimit::max(LARGEST_MAIL)),
    );
    verbs.list.push(
        Verb::post(path, "receiveMail")
            .about("mail", "Bring a mail that arrived, byte for byte (RFC 5322).")
            .notes(
                "The bytes are kept as they come and read afterwards: 202 says that the mail will not be lost, and \
                 `GET /api/v1/mail` what became of it. The same mail again is answered alike and done once. It counts as \
                 an answer when it was sent to an address that only whoever it is awaited from was given, and comes from \
                 them.",
            )
            .right(Action::BringMail)
            .query::<EnvelopeQuery>()
            .raw("message/rfc822")
            .answers::<Taken>(202)
            .refuses(&["conflict", "invalid"]),
    );
}

async fn receive(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Query(EnvelopeQuery { from, to }): Query<EnvelopeQuery>,
    body: Result<Bytes, BytesRejection>,
) -> Answered {
    let raw = body.map_err(unread)?;
    let mail = Arriving { raw: &raw, sent_by: from.as_deref(), sent_to: to.as_deref() };
    let again = web.app.receive_mail(&caller, mail).await? == Received::Again;
    let mut response = json(Taken { again })?;
    *response.status_mut() = StatusCode::ACCEPTED;
    Ok(response.into_response())
}

async fn list(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    uri: Uri,
    Query(wanted): Query<MailWanted>,
) -> Answered {
    let limit = page::limit(wanted.limit)?;
    let after = decode(wanted.after.as_deref())?;
    let rows = web.app.mails_received(&caller, wanted.state, after, limit).await?;
    let next = maybe_more(&rows, limit, |mail| mail.id);
    json(Listed::new(rows, next, &uri))
}
