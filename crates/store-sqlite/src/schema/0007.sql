-- A playbook somebody is working on; without a source, published or dropped.
CREATE TABLE draft (
    org_id BLOB NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    source TEXT,
    based_on INTEGER,
    begun_at TEXT NOT NULL,
    begun_by TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    PRIMARY KEY (org_id, name)
) STRICT;
