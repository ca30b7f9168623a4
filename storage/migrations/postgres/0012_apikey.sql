-- +goose Up
-- What programs manage a tenant with.
CREATE TABLE apikeys (
    tenant_id    uuid        NOT NULL,
    id           uuid        NOT NULL,
    name         text        NOT NULL,
    scopes       text        NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    expires_at   timestamptz,
    last_used_at timestamptz,
    version      bigint      NOT NULL,
    CONSTRAINT apikeys_pkey PRIMARY KEY (tenant_id, id)
);

-- What proves a key; more than one while a rotation overlaps.
CREATE TABLE apikey_secrets (
    tenant_id  uuid  NOT NULL,
    digest     bytea NOT NULL,
    key_id     uuid  NOT NULL,
    expires_at timestamptz,
    CONSTRAINT apikey_secrets_pkey PRIMARY KEY (tenant_id, digest)
);
CREATE INDEX apikey_secrets_key_idx ON apikey_secrets (tenant_id, key_id);

-- Management requests that were begun, and their answers for a day.
CREATE TABLE idempotency_claims (
    tenant_id   uuid        NOT NULL,
    claim_key   bytea       NOT NULL,
    fingerprint bytea       NOT NULL,
    sealed      bytea       NOT NULL,
    expires_at  timestamptz NOT NULL,
    CONSTRAINT idempotency_claims_pkey PRIMARY KEY (tenant_id, claim_key)
);
CREATE INDEX idempotency_claims_expires_idx ON idempotency_claims (expires_at);
