-- Who of a customer may come into the portal, by which key, and who is in. Of keys and sessions only hashes are kept.
CREATE TABLE portal_person (
    org_id BLOB NOT NULL,
    portal_person_id BLOB NOT NULL,
    account_id BLOB NOT NULL,
    email TEXT NOT NULL,
    made_key INTEGER NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (org_id, portal_person_id)
) STRICT;
CREATE UNIQUE INDEX portal_person_of ON portal_person (org_id, account_id, email);
CREATE INDEX portal_person_made ON portal_person (org_id, account_id, made_key, portal_person_id);
CREATE INDEX portal_person_email ON portal_person (email, org_id, portal_person_id);

CREATE TABLE portal_key (
    org_id BLOB NOT NULL,
    portal_key_id BLOB NOT NULL,
    portal_person_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    browser TEXT NOT NULL,
    secret TEXT UNIQUE,
    tries INTEGER NOT NULL,
    asked_at TEXT NOT NULL,
    asked_key INTEGER NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT,
    PRIMARY KEY (org_id, portal_key_id)
) STRICT;
CREATE INDEX portal_key_of ON portal_key (org_id, portal_person_id, asked_key);
CREATE INDEX portal_key_asked ON portal_key (org_id, asked_key);

CREATE TABLE portal_session (
    org_id BLOB NOT NULL,
    secret TEXT NOT NULL UNIQUE,
    portal_person_id BLOB NOT NULL,
    seen_key INTEGER NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (org_id, secret)
) STRICT;
CREATE INDEX portal_session_of ON portal_session (org_id, portal_person_id);
CREATE INDEX portal_session_seen ON portal_session (org_id, seen_key);
