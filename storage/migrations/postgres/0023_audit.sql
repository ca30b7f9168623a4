-- +goose Up
-- What retention has taken from the beginning of each chain.
CREATE TABLE audit_removals (
    tenant_id  uuid        NOT NULL,
    number     bigint      NOT NULL,
    hash       bytea       NOT NULL,
    seq        bigint      NOT NULL,
    removed_at timestamptz NOT NULL,
    CONSTRAINT audit_removals_pkey PRIMARY KEY (tenant_id)
);
