-- +goose Up
-- What all nodes together have reserved of a budget in a window. key is a fingerprint: no
-- number and no address is kept. block is what was reserved last.
CREATE TABLE message_budgets (
    tenant_id BLOB    NOT NULL,
    key       BLOB    NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at   INTEGER NOT NULL,
    reserved  INTEGER NOT NULL,
    block     INTEGER NOT NULL,
    CONSTRAINT message_budgets_pkey PRIMARY KEY (tenant_id, key, starts_at)
) STRICT;
CREATE INDEX message_budgets_ends_idx ON message_budgets (ends_at);

-- The ranges of numbers that nothing is sent to for now.
CREATE TABLE message_ranges (
    tenant_id  BLOB    NOT NULL,
    prefix     TEXT    NOT NULL,
    country    TEXT    NOT NULL,
    numbers    INTEGER NOT NULL,
    stopped_at INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL,
    CONSTRAINT message_ranges_pkey PRIMARY KEY (tenant_id, prefix)
) STRICT;
CREATE INDEX message_ranges_ends_idx ON message_ranges (ends_at);
