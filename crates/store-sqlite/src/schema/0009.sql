-- Who of a customer comes in counts the changes of it, so that nobody undoes what they did not read. A code to sign is for
-- one plan.
ALTER TABLE portal_person ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE portal_key ADD COLUMN handoff_id BLOB;
