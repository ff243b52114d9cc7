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
