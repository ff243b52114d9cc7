-- The words of names, each leading to what is called so: 1 a handoff, 2 an account, 3 a person. rank: see found.rs.
CREATE TABLE word (
    org_id BLOB NOT NULL,
    kind INTEGER NOT NULL,
    id BLOB NOT NULL,
    word TEXT NOT NULL,
    rank INTEGER NOT NULL,
    PRIMARY KEY (org_id, kind, id, word)
) STRICT, WITHOUT ROWID;
CREATE INDEX word_found ON word (org_id, kind, word, rank, id);
