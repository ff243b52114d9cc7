-- Who signs in with an address is read in order.
DROP INDEX person_anywhere;
CREATE INDEX person_anywhere ON person (email, org_id) WHERE email IS NOT NULL;

-- An AE's unanswered questions, however many deals they have.
ALTER TABLE handoff ADD COLUMN open_questions INTEGER NOT NULL DEFAULT 0;
UPDATE handoff SET open_questions = doc ->> '$.open_questions';
CREATE INDEX handoff_asked ON handoff (org_id, ae, due_key, handoff_id) WHERE open_questions > 0;

-- How many handoffs and facts were ever committed, counted in the commits themselves: a handoff whose every row is
-- gone leaves no other trace.
CREATE TABLE tally (
    org_id BLOB NOT NULL PRIMARY KEY,
    handoffs INTEGER NOT NULL,
    facts INTEGER NOT NULL
) STRICT;
INSERT INTO tally (org_id, handoffs, facts) SELECT org_id, count(*), sum(version) FROM snapshot GROUP BY org_id;
