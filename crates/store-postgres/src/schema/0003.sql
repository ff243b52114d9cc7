-- Mail to any mailbox, and what calendars were told last. The words of a mail go once it is sent or given up.
CREATE TABLE parcel (
    org_id uuid NOT NULL,
    parcel_id uuid NOT NULL,
    handoff_id uuid NOT NULL,
    what text COLLATE "C" NOT NULL,
    at text NOT NULL,
    due_key bigint NOT NULL,
    claimed_key bigint NOT NULL,
    tries bigint NOT NULL,
    state text COLLATE "C" NOT NULL,
    note text,
    sent_to text NOT NULL,
    subject text NOT NULL,
    mail text NOT NULL,
    PRIMARY KEY (org_id, parcel_id)
);
CREATE INDEX parcel_due ON parcel (due_key, org_id, parcel_id) WHERE state = 'waiting';
CREATE INDEX parcel_of ON parcel (org_id, handoff_id, parcel_id);

CREATE TABLE invite (
    org_id uuid NOT NULL,
    handoff_id uuid NOT NULL,
    step text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    told text NOT NULL,
    PRIMARY KEY (org_id, handoff_id, step)
);

-- Mail that came. The bytes go once it is done with; the rest stays a while, so that a repeat is known.
CREATE TABLE mail_in (
    org_id uuid NOT NULL,
    mail_id uuid NOT NULL,
    mail_key text COLLATE "C" NOT NULL,
    received_at text NOT NULL,
    received_key bigint NOT NULL,
    due_key bigint NOT NULL,
    claimed_key bigint NOT NULL,
    tries bigint NOT NULL,
    state text COLLATE "C" NOT NULL,
    note text,
    sent_by text,
    sent_to text,
    sender text,
    subject text,
    handoff_id uuid,
    raw bytea NOT NULL,
    PRIMARY KEY (org_id, mail_id)
);
CREATE UNIQUE INDEX mail_in_key ON mail_in (org_id, mail_key);
CREATE INDEX mail_in_waiting ON mail_in (mail_id, org_id) WHERE state = 'waiting';
CREATE INDEX mail_in_received ON mail_in (org_id, received_key);
CREATE INDEX mail_in_handoff ON mail_in (org_id, handoff_id);

-- Answers by mail that are awaited, and the addresses they come to, by the hash of what is secret in them.
CREATE TABLE awaited (
    org_id uuid NOT NULL,
    awaited_id uuid NOT NULL,
    handoff_id uuid NOT NULL,
    sender text NOT NULL,
    until text NOT NULL,
    until_key bigint NOT NULL,
    what text NOT NULL,
    PRIMARY KEY (org_id, awaited_id)
);
CREATE INDEX awaited_until ON awaited (org_id, until_key);
CREATE INDEX awaited_handoff ON awaited (org_id, handoff_id);
CREATE TABLE awaited_at (
    org_id uuid NOT NULL,
    secret text COLLATE "C" NOT NULL,
    awaited_id uuid NOT NULL,
    PRIMARY KEY (org_id, secret)
);
CREATE UNIQUE INDEX awaited_at_secret ON awaited_at (secret);
CREATE INDEX awaited_at_awaited ON awaited_at (org_id, awaited_id);

-- What one node does at a time, and until when it has the turn. Of no organisation: their id is nil.
CREATE TABLE turn (
    org_id uuid NOT NULL,
    what text COLLATE "C" NOT NULL,
    until_key bigint NOT NULL,
    PRIMARY KEY (org_id, what)
);

-- What was told of clocks, by when: few of all facts. And the letters a fact became.
CREATE INDEX journal_told ON journal (org_id, substr(at, 1, 19) COLLATE "C", handoff_id, seq)
    WHERE kind IN ('escalated', 'reminded');
CREATE INDEX letter_follows ON letter (org_id, ((doc::json ->> 'handoff')), (((doc::json ->> 'follows')::bigint)))
    WHERE doc::json ->> 'follows' IS NOT NULL;

-- How often an organisation was written, and how often it was when all its clocks were last to be looked at again. The
-- list's row bears that too: a commit that waited for that change must find it where it waits.
ALTER TABLE org ADD COLUMN version bigint NOT NULL DEFAULT 0;
ALTER TABLE org ADD COLUMN looks_from bigint NOT NULL DEFAULT 0;
ALTER TABLE handoff ADD COLUMN looks_from bigint NOT NULL DEFAULT 0;

-- What a company says in place of a shipped template; without a source, the shipped one again.
CREATE TABLE template (
    org_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    source text,
    changed_at text NOT NULL,
    changed_by text NOT NULL,
    failed text,
    PRIMARY KEY (org_id, kind)
);
