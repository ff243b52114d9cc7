-- Every table leads with org_id: one database may hold many organisations, no query crosses them by accident, and it
-- is the key to spread them by. *_key columns are what lists are ordered by, ascending. Text is compared byte by byte
-- whatever the database's own language, so that every installation pages alike.

CREATE TABLE org (
    org_id uuid PRIMARY KEY,
    slug text COLLATE "C" NOT NULL CONSTRAINT org_slug UNIQUE,
    doc text NOT NULL
);

CREATE TABLE person (
    org_id uuid NOT NULL,
    person_id uuid NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    search text COLLATE "C" NOT NULL,
    email text COLLATE "C",
    team_id uuid,
    doc text NOT NULL,
    PRIMARY KEY (org_id, person_id)
);
CREATE UNIQUE INDEX person_email ON person (org_id, email) WHERE email IS NOT NULL;
CREATE INDEX person_anywhere ON person (email, org_id) WHERE email IS NOT NULL;
CREATE INDEX person_name ON person (org_id, name_key, person_id);
CREATE INDEX person_team ON person (org_id, team_id, person_id) WHERE team_id IS NOT NULL;

CREATE TABLE person_alias (
    org_id uuid NOT NULL,
    alias text COLLATE "C" NOT NULL,
    person_id uuid NOT NULL,
    PRIMARY KEY (org_id, alias)
);
CREATE INDEX person_alias_person ON person_alias (org_id, person_id);

-- Who holds a role and has not left.
CREATE TABLE person_role (
    org_id uuid NOT NULL,
    person_id uuid NOT NULL,
    role text COLLATE "C" NOT NULL,
    PRIMARY KEY (org_id, person_id, role)
);
CREATE INDEX person_role_role ON person_role (org_id, role, person_id);

CREATE TABLE team (
    org_id uuid NOT NULL,
    team_id uuid NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    doc text NOT NULL,
    PRIMARY KEY (org_id, team_id)
);
CREATE INDEX team_name ON team (org_id, name_key, team_id);

CREATE TABLE account (
    org_id uuid NOT NULL,
    account_id uuid NOT NULL,
    doc text NOT NULL,
    PRIMARY KEY (org_id, account_id)
);

CREATE TABLE account_alias (
    org_id uuid NOT NULL,
    alias text COLLATE "C" NOT NULL,
    account_id uuid NOT NULL,
    PRIMARY KEY (org_id, alias)
);
CREATE INDEX account_alias_account ON account_alias (org_id, account_id);

CREATE TABLE playbook (
    org_id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    playbook_id uuid NOT NULL,
    at text NOT NULL,
    source text NOT NULL,
    PRIMARY KEY (org_id, name, version)
);

CREATE TABLE token (
    org_id uuid NOT NULL,
    token_id uuid NOT NULL,
    secret text COLLATE "C" NOT NULL CONSTRAINT token_secret UNIQUE,
    made_key bigint NOT NULL,
    doc text NOT NULL,
    PRIMARY KEY (org_id, token_id)
);
CREATE INDEX token_made ON token (org_id, made_key, token_id);

CREATE TABLE session (
    org_id uuid NOT NULL,
    secret text COLLATE "C" NOT NULL CONSTRAINT session_secret UNIQUE,
    person_id uuid NOT NULL,
    made_key bigint NOT NULL,
    seen_key bigint NOT NULL,
    doc text NOT NULL,
    PRIMARY KEY (org_id, secret)
);
CREATE INDEX session_person ON session (org_id, person_id, made_key);
CREATE INDEX session_seen ON session (org_id, seen_key);

CREATE TABLE link (
    org_id uuid NOT NULL,
    secret text COLLATE "C" NOT NULL CONSTRAINT link_secret UNIQUE,
    expires_key bigint NOT NULL,
    doc text NOT NULL,
    PRIMARY KEY (org_id, secret)
);

CREATE TABLE letter (
    org_id uuid NOT NULL,
    letter_id uuid NOT NULL,
    to_person uuid,
    doc text NOT NULL,
    PRIMARY KEY (org_id, letter_id)
);
CREATE INDEX letter_to ON letter (org_id, to_person, letter_id) WHERE to_person IS NOT NULL;

-- Numbered by a sequence of all organisations: a number of its own for each would let one change wait for another.
CREATE TABLE audit (
    org_id uuid NOT NULL,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    doc text NOT NULL,
    PRIMARY KEY (org_id, seq)
);

-- What lists show. The trailing life and stage let a list skip rows without reading them.
CREATE TABLE handoff (
    org_id uuid NOT NULL,
    handoff_id uuid NOT NULL,
    account_id uuid NOT NULL,
    opened_key bigint NOT NULL,
    life text COLLATE "C" NOT NULL,
    stage text COLLATE "C" NOT NULL,
    ae uuid NOT NULL,
    csm uuid,
    next_person uuid,
    bypassed boolean NOT NULL,
    open_waivers bigint NOT NULL,
    open_questions bigint NOT NULL,
    due_key bigint NOT NULL,
    updated_key bigint NOT NULL,
    signature_key bigint NOT NULL,
    account_key text COLLATE "C" NOT NULL,
    missing_key bigint NOT NULL,
    amount_key bigint NOT NULL,
    search text COLLATE "C" NOT NULL,
    doc text NOT NULL,
    PRIMARY KEY (org_id, handoff_id)
) WITH (fillfactor = 80);
CREATE INDEX handoff_due ON handoff (org_id, due_key, handoff_id, life, stage);
CREATE INDEX handoff_updated ON handoff (org_id, updated_key, handoff_id, life, stage);
CREATE INDEX handoff_signature ON handoff (org_id, signature_key, handoff_id);
CREATE INDEX handoff_account ON handoff (org_id, account_key, handoff_id);
CREATE INDEX handoff_missing ON handoff (org_id, missing_key, handoff_id);
CREATE INDEX handoff_amount ON handoff (org_id, amount_key, handoff_id);
CREATE INDEX handoff_ae ON handoff (org_id, ae, due_key, handoff_id);
CREATE INDEX handoff_asked ON handoff (org_id, ae, due_key, handoff_id) WHERE open_questions > 0;
CREATE INDEX handoff_csm ON handoff (org_id, csm, due_key, handoff_id);
CREATE INDEX handoff_of_account ON handoff (org_id, account_id, opened_key, handoff_id);

-- The state apart from the row: lists never drag it along. Whoever changes a handoff holds its row here first.
CREATE TABLE snapshot (
    org_id uuid NOT NULL,
    handoff_id uuid NOT NULL,
    version bigint NOT NULL,
    head bytea NOT NULL,
    dues text NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (org_id, handoff_id)
) WITH (fillfactor = 70);

CREATE TABLE journal (
    org_id uuid NOT NULL,
    handoff_id uuid NOT NULL,
    seq bigint NOT NULL,
    at text NOT NULL,
    kind text NOT NULL,
    body text NOT NULL,
    prev bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (org_id, handoff_id, seq)
);

CREATE TABLE text (
    org_id uuid NOT NULL,
    handoff_id uuid NOT NULL,
    text_id uuid NOT NULL,
    salt bytea NOT NULL,
    text text NOT NULL,
    PRIMARY KEY (org_id, handoff_id, text_id)
);

CREATE TABLE promise (
    org_id uuid NOT NULL,
    handoff_id uuid NOT NULL,
    item_id uuid NOT NULL,
    decide_key bigint NOT NULL,
    routed_to text COLLATE "C",
    state text COLLATE "C" NOT NULL,
    doc text NOT NULL,
    PRIMARY KEY (org_id, handoff_id, item_id)
);
CREATE INDEX promise_decide ON promise (org_id, decide_key, item_id, routed_to, state);

-- Who has a part, with what the two orders need that people look at their own handoffs in. touched_key is the day of
-- the last change, later days smaller: it moves once a day, where the exact time would move with every fact.
CREATE TABLE part (
    org_id uuid NOT NULL,
    handoff_id uuid NOT NULL,
    person_id uuid NOT NULL,
    roles text COLLATE "C" NOT NULL,
    due_key bigint NOT NULL,
    touched_key bigint NOT NULL,
    PRIMARY KEY (org_id, handoff_id, person_id)
);
CREATE INDEX part_due ON part (org_id, person_id, due_key, handoff_id);
CREATE INDEX part_touched ON part (org_id, person_id, touched_key, handoff_id);

-- A deal has one handoff for good. Two that want it at once meet here: the later one sets `taken`, which nothing may.
CREATE TABLE deal (
    org_id uuid NOT NULL,
    source text COLLATE "C" NOT NULL,
    external_id text COLLATE "C" NOT NULL,
    source_time text NOT NULL,
    handoff_id uuid,
    taken boolean NOT NULL DEFAULT false CONSTRAINT deal_taken CHECK (NOT taken),
    body text NOT NULL,
    PRIMARY KEY (org_id, source, external_id)
);

CREATE TABLE outbox (
    org_id uuid NOT NULL,
    outbox_id uuid NOT NULL,
    handoff_id uuid NOT NULL,
    at text NOT NULL,
    seq bigint NOT NULL,
    intent text NOT NULL,
    PRIMARY KEY (org_id, outbox_id)
);

CREATE TABLE answer (
    org_id uuid NOT NULL,
    key text COLLATE "C" NOT NULL,
    request text NOT NULL,
    status integer NOT NULL,
    body text NOT NULL,
    at text NOT NULL,
    at_key bigint NOT NULL,
    PRIMARY KEY (org_id, key)
);
CREATE INDEX answer_at ON answer (org_id, at_key);

-- How many handoffs and facts were ever committed, counted in the commits themselves: a handoff whose every row is
-- gone leaves no other trace. Spread over slots by the handoff's id, so that commits on different handoffs seldom wait
-- for one another.
CREATE TABLE tally (
    org_id uuid NOT NULL,
    slot smallint NOT NULL,
    handoffs bigint NOT NULL,
    facts bigint NOT NULL,
    PRIMARY KEY (org_id, slot)
) WITH (fillfactor = 50);
