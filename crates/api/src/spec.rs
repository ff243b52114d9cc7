//! What a verb says about itself: enough for its documentation, and for the tests that hold it to that.
//!
//! A [`Verb`] is declared beside its handler and handed to the router with it, so nothing can be routed without
//! being documented. Schemas are made only when the document is asked for: starting costs nothing.

mod document;
mod schemas;

pub use document::document;

use axum::routing::MethodRouter;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use throughline_domain::access::Action;
use throughline_http::Web;

type Schemer = fn(&mut SchemaGenerator) -> Schema;

/// An answer a verb gives when all goes well.
#[derive(Clone)]
pub struct Good {
    /// Its status.
    pub status: u16,
    /// Its media type.
    pub media: &'static str,
    /// What is in it.
    pub schema: Option<Schemer>,
}

/// A verb of the API.
#[derive(Clone)]
pub struct Verb {
    /// In lower case.
    pub method: &'static str,
    /// As routed.
    pub path: String,
    /// Unique, for client generators.
    pub id: String,
    /// Under which heading.
    pub tag: &'static str,
    /// One sentence; empty: the body's own.
    pub summary: &'static str,
    /// Further sentences.
    pub notes: &'static str,
    /// Which right it takes; none: any caller.
    pub right: Option<Action>,
    /// Whether anybody may ask, without a credential.
    pub open: bool,
    /// Whether it is open to whoever signs what they send: the body is taken as it comes, and its own id, not an
    /// `Idempotency-Key`, tells that it comes again.
    pub signed: bool,
    /// The parts of the path.
    pub parts: Option<Schemer>,
    /// The query.
    pub query: Option<Schemer>,
    /// Headers of its own.
    pub headers: Option<Schemer>,
    /// The body.
    pub body: Option<Schemer>,
    /// The media type of a body that is taken as it comes, byte for byte; what it says names it, not an
    /// `Idempotency-Key`.
    pub raw: Option<&'static str>,
    /// Whether the answer bears an `ETag`.
    pub etag: bool,
    /// Whether `If-Match` is heeded.
    pub if_match: bool,
    /// Whether it must be sent.
    pub must_match: bool,
    /// Answers.
    pub good: Vec<Good>,
    /// Problem types beyond those that follow from the above.
    pub problems: Vec<&'static str>,
}

impl Verb {
    fn new(method: &'static str, path: impl Into<String>, id: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            id: id.into(),
            tag: "",
            summary: "",
            notes: "",
            right: None,
            open: false,
            signed: false,
            parts: None,
            query: None,
            headers: None,
            body: None,
            raw: None,
            etag: false,
            if_match: false,
            must_match: false,
            good: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// A safe verb.
    pub fn get(path: impl Into<String>, id: impl Into<String>) -> Self {
        Self::new("get", path, id)
    }

    /// A verb that does something.
    pub fn post(path: impl Into<String>, id: impl Into<String>) -> Self {
        Self::new("post", path, id)
    }

    /// A verb that says how something is.
    pub fn put(path: impl Into<String>, id: impl Into<String>) -> Self {
        Self::new("put", path, id)
    }

    /// A verb that changes parts of something.
    pub fn patch(path: impl Into<String>, id: impl Into<String>) -> Self {
        Self::new("patch", path, id)
    }

    /// A verb that ends something.
    pub fn delete(path: impl Into<String>, id: impl Into<String>) -> Self {
        Self::new("delete", path, id)
    }

    /// Its heading and its sentence.
    #[must_use]
    pub fn about(self, tag: &'static str, summary: &'static str) -> Self {
        Self { tag, summary, ..self }
    }

    /// Further sentences.
    #[must_use]
    pub fn notes(self, notes: &'static str) -> Self {
        Self { notes, ..self }
    }

    /// The right it takes.
    #[must_use]
    pub fn right(self, right: Action) -> Self {
        Self { right: Some(right), ..self }
    }

    /// Anybody may ask.
    #[must_use]
    pub fn open(self) -> Self {
        Self { open: true, ..self }
    }

    /// Anybody may ask who signs what they send.
    #[must_use]
    pub fn signed(self) -> Self {
        Self { open: true, signed: true, ..self }
    }

    /// The parts of its path.
    #[must_use]
    pub fn parts<T: JsonSchema>(self) -> Self {
        Self { parts: Some(schema_of::<T>), ..self }
    }

    /// Its query.
    #[must_use]
    pub fn query<T: JsonSchema>(self) -> Self {
        Self { query: Some(schema_of::<T>), ..self }
    }

    /// Headers of its own.
    #[must_use]
    pub fn headers<T: JsonSchema>(self) -> Self {
        Self { headers: Some(schema_of::<T>), ..self }
    }

    /// Its body.
    #[must_use]
    pub fn body<T: JsonSchema>(self) -> Self {
        Self { body: Some(schema_of::<T>), ..self }
    }

    /// Its body is taken as it comes.
    #[must_use]
    pub fn raw(self, media: &'static str) -> Self {
        Self { raw: Some(media), ..self }
    }

    /// The answer bears an `ETag`.
    #[must_use]
    pub fn etag(self) -> Self {
        Self { etag: true, ..self }
    }

    /// `If-Match` is heeded.
    #[must_use]
    pub fn if_match(self) -> Self {
        Self { if_match: true, ..self }
    }

    /// `If-Match` must be sent, with a version or `*`.
    #[must_use]
    pub fn must_match(self) -> Self {
        Self { if_match: true, must_match: true, ..self }
    }

    /// Answers with a value as JSON.
    #[must_use]
    pub fn answers<T: JsonSchema>(self, status: u16) -> Self {
        self.answers_as(status, "application/json", Some(schema_of::<T>))
    }

    /// Answers with nothing.
    #[must_use]
    pub fn answers_nothing(self) -> Self {
        self.answers_as(204, "", None)
    }

    /// Answers in another form.
    #[must_use]
    pub fn answers_as(mut self, status: u16, media: &'static str, schema: Option<Schemer>) -> Self {
        self.good.push(Good { status, media, schema });
        self
    }

    /// May also refuse with these problem types.
    #[must_use]
    pub fn refuses(mut self, kinds: &[&'static str]) -> Self {
        self.problems.extend(kinds);
        self
    }

    /// Whether it changes nothing.
    pub fn is_safe(&self) -> bool {
        self.method == "get"
    }

    /// Whether what is sent has an id of its own, so that no `Idempotency-Key` is needed.
    pub fn names_itself(&self) -> bool {
        self.signed || self.raw.is_some()
    }

    /// Whether its answer is given again to whoever sends the same `Idempotency-Key`.
    pub fn keeps_answers(&self) -> bool {
        !self.is_safe() && !self.names_itself()
    }

    /// Every problem type it may answer with.
    pub fn kinds(&self) -> Vec<&'static str> {
        let mut kinds = vec!["too-many", "broken", "unavailable", "took-too-long"];
        if !self.open {
            kinds.push("not-signed-in");
        }
        if self.right.is_some() {
            kinds.push("forbidden");
        }
        if self.parts.is_some() {
            kinds.push("not-found");
        }
        if self.query.is_some() {
            kinds.push("bad-request");
        }
        if self.signed {
            kinds.push("bad-signature");
        } else if self.body.is_some() {
            kinds.extend(["invalid", "unsupported-media-type"]);
        }
        if !self.is_safe() {
            kinds.extend(["cross-site", "bad-request", "too-large", "slow-body"]);
        }
        if self.keeps_answers() {
            kinds.extend(["conflict", "in-progress", "key-reused"]);
        }
        if self.if_match {
            kinds.push("stale");
        }
        if self.must_match {
            kinds.push("precondition-required");
        }
        kinds.extend(&self.problems);
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }
}

fn schema_of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// Verbs with their handlers.
#[derive(Default)]
pub struct Verbs {
    /// Handlers by path; one path may stand here several times, with other methods.
    pub routes: Vec<(String, MethodRouter<Web>)>,
    /// What they say about themselves.
    pub list: Vec<Verb>,
}

impl Verbs {
    /// Adds one.
    pub fn add(&mut self, verb: Verb, handler: MethodRouter<Web>) {
        self.routes.push((verb.path.clone(), handler));
        self.list.push(verb);
    }
}
