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
