-- +goose Up
-- Accounts that open to another address, one for each user. The address is sealed; what is
-- compared of it is a MAC, and of what stops it a digest.
CREATE TABLE recoveries (
    tenant_id       BLOB NOT NULL,
    user_id         BLOB NOT NULL,
    application_id  BLOB NOT NULL,
    identifier_type TEXT NOT NULL,
    recipient       BLOB NOT NULL,
    address         BLOB NOT NULL,
    token           BLOB NOT NULL,
    status          TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    opens_at        INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    ended_at        INTEGER,
    CONSTRAINT recoveries_pkey PRIMARY KEY (tenant_id, user_id)
) STRICT;
CREATE UNIQUE INDEX recoveries_tenant_id_token_key ON recoveries (tenant_id, token);
CREATE INDEX recoveries_address_idx ON recoveries (tenant_id, address) WHERE status = 'waiting';
