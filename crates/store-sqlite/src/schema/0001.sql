-- Every table leads with org_id: one file may hold many organisations, and no query crosses them by accident.
-- Ids are 16-byte blobs, hashes 32-byte blobs, *_key columns what lists are ordered by, ascending.

CREATE TABLE org (
    org_id BLOB NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    doc TEXT NOT NULL
) STRICT;

CREATE TABLE person (
    org_id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    name_key TEXT NOT NULL,
    search TEXT NOT NULL,
    email TEXT,
    team_id BLOB,
    doc TEXT NOT NULL,
    PRIMARY KEY (org_id, person_id)
) STRICT;
CREATE UNIQUE INDEX person_email ON person (org_id, email) WHERE email IS NOT NULL;
CREATE INDEX person_anywhere ON person (email) WHERE email IS NOT NULL;
CREATE INDEX person_name ON person (org_id, name_key, person_id);
CREATE INDEX person_team ON person (org_id, team_id, person_id) WHERE team_id IS NOT NULL;

CREATE TABLE person_alias (
    org_id BLOB NOT NULL,
    alias TEXT NOT NULL,
    person_id BLOB NOT NULL,
    PRIMARY KEY (org_id, alias)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_alias_person ON person_alias (org_id, person_id);

-- Who holds a role and has not left.
CREATE TABLE person_role (
    org_id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (org_id, person_id, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_role_role ON person_role (org_id, role, person_id);

CREATE TABLE team (
    org_id BLOB NOT NULL,
    team_id BLOB NOT NULL,
    name_key TEXT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (org_id, team_id)
) STRICT;
CREATE INDEX team_name ON team (org_id, name_key, team_id);

CREATE TABLE account (
    org_id BLOB NOT NULL,
    account_id BLOB NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (org_id, account_id)
) STRICT;

CREATE TABLE account_alias (
    org_id BLOB NOT NULL,
    alias TEXT NOT NULL,
    account_id BLOB NOT NULL,
    PRIMARY KEY (org_id, alias)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_alias_account ON account_alias (org_id, account_id);

CREATE TABLE playbook (
    org_id BLOB NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    playbook_id BLOB NOT NULL,
    at TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (org_id, name, version)
) STRICT;

CREATE TABLE token (
    org_id BLOB NOT NULL,
    token_id BLOB NOT NULL,
    secret TEXT NOT NULL UNIQUE,
    made_key INTEGER NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (org_id, token_id)
) STRICT;
CREATE INDEX token_made ON token (org_id, made_key, token_id);

CREATE TABLE session (
    org_id BLOB NOT NULL,
    secret TEXT NOT NULL UNIQUE,
    person_id BLOB NOT NULL,
    made_key INTEGER NOT NULL,
    seen_key INTEGER NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (org_id, secret)
) STRICT;
CREATE INDEX session_person ON session (org_id, person_id, made_key);

CREATE TABLE link (
    org_id BLOB NOT NULL,
    secret TEXT NOT NULL UNIQUE,
    expires_key INTEGER NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (org_id, secret)
) STRICT;

CREATE TABLE letter (
    org_id BLOB NOT NULL,
    letter_id BLOB NOT NULL,
    to_person BLOB,
    doc TEXT NOT NULL,
    PRIMARY KEY (org_id, letter_id)
) STRICT;
CREATE INDEX letter_to ON letter (org_id, to_person, letter_id) WHERE to_person IS NOT NULL;

CREATE TABLE audit (
    org_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (org_id, seq)
) STRICT;

-- What lists show. The trailing life and stage let a list skip rows without reading them.
CREATE TABLE handoff (
    org_id BLOB NOT NULL,
    handoff_id BLOB NOT NULL,
    account_id BLOB NOT NULL,
    opened_key INTEGER NOT NULL,
    life TEXT NOT NULL,
    stage TEXT NOT NULL,
    ae BLOB NOT NULL,
    csm BLOB,
    next_person BLOB,
    bypassed INTEGER NOT NULL,
    open_waivers INTEGER NOT NULL,
    due_key INTEGER NOT NULL,
    updated_key INTEGER NOT NULL,
    signature_key INTEGER NOT NULL,
    account_key TEXT NOT NULL,
    missing_key INTEGER NOT NULL,
    amount_key INTEGER NOT NULL,
    search TEXT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (org_id, handoff_id)
) STRICT;
CREATE INDEX handoff_due ON handoff (org_id, due_key, handoff_id, life, stage);
CREATE INDEX handoff_updated ON handoff (org_id, updated_key, handoff_id, life, stage);
CREATE INDEX handoff_signature ON handoff (org_id, signature_key, handoff_id);
CREATE INDEX handoff_account ON handoff (org_id, account_key, handoff_id);
CREATE INDEX handoff_missing ON handoff (org_id, missing_key, handoff_id);
CREATE INDEX handoff_amount ON handoff (org_id, amount_key, handoff_id);
CREATE INDEX handoff_ae ON handoff (org_id, ae, due_key, handoff_id);
CREATE INDEX handoff_csm ON handoff (org_id, csm, due_key, handoff_id);
CREATE INDEX handoff_of_account ON handoff (org_id, account_id, opened_key, handoff_id);

-- The state apart from the row: lists never drag it along.
CREATE TABLE snapshot (
    org_id BLOB NOT NULL,
    handoff_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    head BLOB NOT NULL,
    dues TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org_id, handoff_id)
) STRICT;

-- With a rowid, so that facts of all handoffs are appended to one warm page.
CREATE TABLE journal (
    org_id BLOB NOT NULL,
    handoff_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    prev BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (org_id, handoff_id, seq)
) STRICT;

CREATE TABLE text (
    org_id BLOB NOT NULL,
    handoff_id BLOB NOT NULL,
    text_id BLOB NOT NULL,
    salt BLOB NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (org_id, handoff_id, text_id)
) STRICT;

CREATE TABLE promise (
    org_id BLOB NOT NULL,
    handoff_id BLOB NOT NULL,
    item_id BLOB NOT NULL,
    decide_key INTEGER NOT NULL,
    routed_to TEXT,
    state TEXT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (org_id, handoff_id, item_id)
) STRICT;
CREATE INDEX promise_decide ON promise (org_id, decide_key, item_id, routed_to, state);

-- Who has a part, with what the two orders need that people look at their own handoffs in. touched_key is the day of
-- the last change, later days smaller: it moves once a day, where the exact time would move with every fact.
CREATE TABLE part (
    org_id BLOB NOT NULL,
    handoff_id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    roles TEXT NOT NULL,
    due_key INTEGER NOT NULL,
    touched_key INTEGER NOT NULL,
    PRIMARY KEY (org_id, handoff_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX part_due ON part (org_id, person_id, due_key, handoff_id);
CREATE INDEX part_touched ON part (org_id, person_id, touched_key, handoff_id);

CREATE TABLE deal (
    org_id BLOB NOT NULL,
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    source_time TEXT NOT NULL,
    handoff_id BLOB,
    body TEXT NOT NULL,
    PRIMARY KEY (org_id, source, external_id)
) STRICT;

CREATE TABLE outbox (
    org_id BLOB NOT NULL,
    outbox_id BLOB NOT NULL,
    handoff_id BLOB NOT NULL,
    at TEXT NOT NULL,
    seq INTEGER NOT NULL,
    intent TEXT NOT NULL,
    PRIMARY KEY (org_id, outbox_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE answer (
    org_id BLOB NOT NULL,
    key TEXT NOT NULL,
    request TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    at TEXT NOT NULL,
    at_key INTEGER NOT NULL,
    PRIMARY KEY (org_id, key)
) STRICT;
CREATE INDEX answer_at ON answer (org_id, at_key);
