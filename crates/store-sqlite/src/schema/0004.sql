-- Mail to any mailbox, and what calendars were told last. The words of a mail go once it is sent or given up.
CREATE TABLE parcel (
    org_id BLOB NOT NULL,
    parcel_id BLOB NOT NULL,
    handoff_id BLOB NOT NULL,
    what TEXT NOT NULL,
    at TEXT NOT NULL,
    due_key INTEGER NOT NULL,
    claimed_key INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    state TEXT NOT NULL,
    note TEXT,
    sent_to TEXT NOT NULL,
    subject TEXT NOT NULL,
    mail TEXT NOT NULL,
    PRIMARY KEY (org_id, parcel_id)
) STRICT;
CREATE INDEX parcel_due ON parcel (due_key, org_id, parcel_id) WHERE state = 'waiting';
CREATE INDEX parcel_of ON parcel (org_id, handoff_id, parcel_id);

CREATE TABLE invite (
    org_id BLOB NOT NULL,
    handoff_id BLOB NOT NULL,
    step TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    told TEXT NOT NULL,
    PRIMARY KEY (org_id, handoff_id, step)
) STRICT, WITHOUT ROWID;

-- Mail that came. The bytes go once it is done with; the rest stays a while, so that a repeat is known.
CREATE TABLE mail_in (
    org_id BLOB NOT NULL,
    mail_id BLOB NOT NULL,
    mail_key TEXT NOT NULL,
    received_at TEXT NOT NULL,
    received_key INTEGER NOT NULL,
    due_key INTEGER NOT NULL,
    claimed_key INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    state TEXT NOT NULL,
    note TEXT,
    sent_by TEXT,
    sent_to TEXT,
    sender TEXT,
    subject TEXT,
    handoff_id BLOB,
    raw BLOB NOT NULL,
    PRIMARY KEY (org_id, mail_id)
) STRICT;
CREATE UNIQUE INDEX mail_in_key ON mail_in (org_id, mail_key);
CREATE INDEX mail_in_waiting ON mail_in (mail_id, org_id) WHERE state = 'waiting';
CREATE INDEX mail_in_received ON mail_in (org_id, received_key);
CREATE INDEX mail_in_handoff ON mail_in (org_id, handoff_id);

-- Answers by mail that are awaited, and the addresses they come to, by the hash of what is secret in them.
CREATE TABLE awaited (
    org_id BLOB NOT NULL,
    awaited_id BLOB NOT NULL,
    handoff_id BLOB NOT NULL,
    sender TEXT NOT NULL,
    until TEXT NOT NULL,
    until_key INTEGER NOT NULL,
    what TEXT NOT NULL,
    PRIMARY KEY (org_id, awaited_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX awaited_until ON awaited (org_id, until_key);
CREATE INDEX awaited_handoff ON awaited (org_id, handoff_id);
CREATE TABLE awaited_at (
    org_id BLOB NOT NULL,
    secret TEXT NOT NULL,
    awaited_id BLOB NOT NULL,
    PRIMARY KEY (org_id, secret)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX awaited_at_secret ON awaited_at (secret);
CREATE INDEX awaited_at_awaited ON awaited_at (org_id, awaited_id);

-- What one node does at a time, and until when it has the turn. Of no organisation: their id is nil.
CREATE TABLE turn (
    org_id BLOB NOT NULL,
    what TEXT NOT NULL,
    until_key INTEGER NOT NULL,
    PRIMARY KEY (org_id, what)
) STRICT, WITHOUT ROWID;

-- What was told of clocks, by when: few of all facts. And the letters a fact became.
CREATE INDEX journal_told ON journal (org_id, substr(at, 1, 19), handoff_id, seq)
    WHERE kind IN ('escalated', 'reminded');
CREATE INDEX letter_follows ON letter (org_id, doc ->> '$.handoff', doc ->> '$.follows')
    WHERE doc ->> '$.follows' IS NOT NULL;

-- How often an organisation was written, and how often it was when all its clocks were last to be looked at again.
ALTER TABLE org ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE org ADD COLUMN looks_from INTEGER NOT NULL DEFAULT 0;

-- What a company says in place of a shipped template; without a source, the shipped one again.
CREATE TABLE template (
    org_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    source TEXT,
    changed_at TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    failed TEXT,
    PRIMARY KEY (org_id, kind)
) STRICT;
