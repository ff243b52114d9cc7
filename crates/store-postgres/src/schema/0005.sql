-- The words of names, each leading to what is called so: 1 a handoff, 2 an account, 3 a person. rank: see found.rs.
CREATE TABLE word (
    org_id uuid NOT NULL,
    kind smallint NOT NULL,
    id uuid NOT NULL,
    word text COLLATE "C" NOT NULL,
    rank bigint NOT NULL,
    PRIMARY KEY (org_id, kind, id, word)
);
CREATE INDEX word_found ON word (org_id, kind, word, rank, id);
