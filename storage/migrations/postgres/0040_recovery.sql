-- +goose Up
-- Accounts that open to another address, one for each user. The address is sealed; what is
-- compared of it is a MAC, and of what stops it a digest.
CREATE TABLE recoveries (
    tenant_id       uuid NOT NULL,
    user_id         uuid NOT NULL,
    application_id  uuid NOT NULL,
    identifier_type text NOT NULL,
    recipient       bytea NOT NULL,
    address         bytea NOT NULL,
    token           bytea NOT NULL,
    status          text NOT NULL,
    created_at      timestamptz NOT NULL,
    opens_at        timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    ended_at        timestamptz,
    CONSTRAINT recoveries_pkey PRIMARY KEY (tenant_id, user_id)
);
CREATE UNIQUE INDEX recoveries_tenant_id_token_key ON recoveries (tenant_id, token);
CREATE INDEX recoveries_address_idx ON recoveries (tenant_id, address) WHERE status = 'waiting';
