-- What lists are narrowed by and boards and workloads count. What is there already is worked out at its next look, which
-- it wants at once.
ALTER TABLE handoff ADD COLUMN segment TEXT;
ALTER TABLE handoff ADD COLUMN lead_source TEXT;
ALTER TABLE handoff ADD COLUMN arr_minor INTEGER;
ALTER TABLE handoff ADD COLUMN arr_currency TEXT;
ALTER TABLE handoff ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE handoff ADD COLUMN credit TEXT;
ALTER TABLE handoff ADD COLUMN kicked_off INTEGER NOT NULL DEFAULT 0;
UPDATE handoff SET look_key = 0;
CREATE INDEX handoff_segment ON handoff (org_id, segment) WHERE segment IS NOT NULL;
CREATE INDEX handoff_lead_source ON handoff (org_id, lead_source) WHERE lead_source IS NOT NULL;
-- What each CSM holds, told without reading a row.
CREATE INDEX handoff_load ON handoff (org_id, csm, stage, kicked_off, arr_currency, due_key, arr_minor)
    WHERE life = 'live' AND csm IS NOT NULL;

-- Lists and boards with their filters under a name, and what each reader made of them. shared: nobody, team or
-- organisation.
CREATE TABLE saved_view (
    org_id BLOB NOT NULL,
    view_id BLOB NOT NULL,
    owner BLOB NOT NULL,
    shared TEXT NOT NULL,
    team_id BLOB,
    name_key TEXT NOT NULL,
    place TEXT NOT NULL,
    version INTEGER NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (org_id, view_id)
) STRICT;
CREATE INDEX saved_view_owner ON saved_view (org_id, owner);
CREATE INDEX saved_view_team ON saved_view (org_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX saved_view_all ON saved_view (org_id) WHERE shared = 'organisation';
CREATE TABLE view_choice (
    org_id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    view_id BLOB NOT NULL,
    pinned INTEGER NOT NULL,
    first INTEGER NOT NULL,
    PRIMARY KEY (org_id, person_id, view_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX view_choice_view ON view_choice (org_id, view_id);
