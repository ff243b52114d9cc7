-- What waits, and until when a node has it. Claimed until 0 is nobody's.

-- When a handoff's clocks want a look; NULL: never. What is there already wants one soon. On the list's row, which
-- every commit writes anyway.
ALTER TABLE handoff ADD COLUMN look_key INTEGER DEFAULT 0;
ALTER TABLE handoff ADD COLUMN look_claimed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX handoff_look ON handoff (look_key, org_id, handoff_id) WHERE look_key IS NOT NULL;

ALTER TABLE outbox ADD COLUMN claimed_key INTEGER NOT NULL DEFAULT 0;
CREATE INDEX outbox_age ON outbox (outbox_id, org_id);

-- Letters that wait to be mailed.
CREATE TABLE post (
    org_id BLOB NOT NULL,
    letter_id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    at_key INTEGER NOT NULL,
    claimed_key INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    PRIMARY KEY (org_id, letter_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX post_at ON post (at_key, org_id, person_id, claimed_key);
CREATE INDEX post_person ON post (org_id, person_id, at_key, letter_id, claimed_key, tries);

-- What came from outside. The body goes once it is done with; the rest stays a while, so that a repeat is known.
CREATE TABLE event (
    org_id BLOB NOT NULL,
    source TEXT NOT NULL,
    event_id TEXT NOT NULL,
    received_at TEXT NOT NULL,
    received_key INTEGER NOT NULL,
    due_key INTEGER NOT NULL,
    claimed_key INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    state TEXT NOT NULL,
    note TEXT,
    body BLOB NOT NULL,
    PRIMARY KEY (org_id, source, event_id)
) STRICT;
CREATE INDEX event_new ON event (received_key, org_id, source, event_id) WHERE state = 'new';
CREATE INDEX event_received ON event (org_id, received_key, source, event_id);

CREATE INDEX deal_without ON deal (org_id, source, external_id) WHERE handoff_id IS NULL;
