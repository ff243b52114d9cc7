-- A playbook somebody is working on; without a source, published or dropped.
CREATE TABLE draft (
    org_id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    source text,
    based_on bigint,
    begun_at text NOT NULL,
    begun_by text NOT NULL,
    changed_at text NOT NULL,
    changed_by text NOT NULL,
    PRIMARY KEY (org_id, name)
);
