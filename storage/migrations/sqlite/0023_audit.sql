-- +goose Up
-- What retention has taken from the beginning of each chain.
CREATE TABLE audit_removals (
    tenant_id  BLOB    NOT NULL,
    number     INTEGER NOT NULL,
    hash       BLOB    NOT NULL,
    seq        INTEGER NOT NULL,
    removed_at INTEGER NOT NULL,
    CONSTRAINT audit_removals_pkey PRIMARY KEY (tenant_id)
) STRICT;
