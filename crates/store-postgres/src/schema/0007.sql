-- What lists are narrowed by and boards and workloads count. What is there already, and what a node of the release before
-- adds, is worked out at its next look, which it wants at once.
ALTER TABLE handoff ADD COLUMN segment text COLLATE "C";
ALTER TABLE handoff ADD COLUMN lead_source text COLLATE "C";
ALTER TABLE handoff ADD COLUMN arr_minor bigint;
ALTER TABLE handoff ADD COLUMN arr_currency text COLLATE "C";
ALTER TABLE handoff ADD COLUMN refused boolean NOT NULL DEFAULT false;
ALTER TABLE handoff ADD COLUMN credit text COLLATE "C";
ALTER TABLE handoff ADD COLUMN kicked_off boolean NOT NULL DEFAULT false;
UPDATE handoff SET look_key = 0;
CREATE INDEX handoff_segment ON handoff (org_id, segment) WHERE segment IS NOT NULL;
CREATE INDEX handoff_lead_source ON handoff (org_id, lead_source) WHERE lead_source IS NOT NULL;
-- What each CSM holds, told without reading a row.
CREATE INDEX handoff_load ON handoff (org_id, csm, stage, kicked_off, arr_currency, due_key, arr_minor)
    WHERE life = 'live' AND csm IS NOT NULL;

-- Lists and boards with their filters under a name, and what each reader made of them. shared: nobody, team or
-- organisation.
CREATE TABLE saved_view (
    org_id uuid NOT NULL,
    view_id uuid NOT NULL,
    owner uuid NOT NULL,
    shared text COLLATE "C" NOT NULL,
    team_id uuid,
    name_key text COLLATE "C" NOT NULL,
    place text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    doc text NOT NULL,
    PRIMARY KEY (org_id, view_id)
);
CREATE INDEX saved_view_owner ON saved_view (org_id, owner);
CREATE INDEX saved_view_team ON saved_view (org_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX saved_view_all ON saved_view (org_id) WHERE shared = 'organisation';
CREATE TABLE view_choice (
    org_id uuid NOT NULL,
    person_id uuid NOT NULL,
    view_id uuid NOT NULL,
    pinned boolean NOT NULL,
    first boolean NOT NULL,
    PRIMARY KEY (org_id, person_id, view_id)
);
CREATE INDEX view_choice_view ON view_choice (org_id, view_id);
