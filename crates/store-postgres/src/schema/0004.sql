-- Who of a customer may come into the portal, by which key, and who is in. Of keys and sessions only hashes are kept.
CREATE TABLE portal_person (
    org_id uuid NOT NULL,
    portal_person_id uuid NOT NULL,
    account_id uuid NOT NULL,
    email text COLLATE "C" NOT NULL,
    made_key bigint NOT NULL,
    doc text NOT NULL,
    PRIMARY KEY (org_id, portal_person_id)
);
CREATE UNIQUE INDEX portal_person_of ON portal_person (org_id, account_id, email);
CREATE INDEX portal_person_made ON portal_person (org_id, account_id, made_key, portal_person_id);
CREATE INDEX portal_person_email ON portal_person (email, org_id, portal_person_id);

CREATE TABLE portal_key (
    org_id uuid NOT NULL,
    portal_key_id uuid NOT NULL,
    portal_person_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    browser text COLLATE "C" NOT NULL,
    secret text COLLATE "C" CONSTRAINT portal_key_secret UNIQUE,
    tries bigint NOT NULL,
    asked_at text NOT NULL,
    asked_key bigint NOT NULL,
    expires_at text NOT NULL,
    used_at text,
    PRIMARY KEY (org_id, portal_key_id)
);
CREATE INDEX portal_key_of ON portal_key (org_id, portal_person_id, asked_key);
CREATE INDEX portal_key_asked ON portal_key (org_id, asked_key);

CREATE TABLE portal_session (
    org_id uuid NOT NULL,
    secret text COLLATE "C" NOT NULL CONSTRAINT portal_session_secret UNIQUE,
    portal_person_id uuid NOT NULL,
    seen_key bigint NOT NULL,
    doc text NOT NULL,
    PRIMARY KEY (org_id, secret)
);
CREATE INDEX portal_session_of ON portal_session (org_id, portal_person_id);
CREATE INDEX portal_session_seen ON portal_session (org_id, seen_key);
