-- +goose Up
-- What programs manage a tenant with.
CREATE TABLE apikeys (
    tenant_id    BLOB    NOT NULL,
    id           BLOB    NOT NULL,
    name         TEXT    NOT NULL,
    scopes       TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    expires_at   INTEGER,
    last_used_at INTEGER,
    version      INTEGER NOT NULL,
    CONSTRAINT apikeys_pkey PRIMARY KEY (tenant_id, id)
) STRICT;

-- What proves a key; more than one while a rotation overlaps.
CREATE TABLE apikey_secrets (
    tenant_id  BLOB NOT NULL,
    digest     BLOB NOT NULL,
    key_id     BLOB NOT NULL,
    expires_at INTEGER,
    CONSTRAINT apikey_secrets_pkey PRIMARY KEY (tenant_id, digest)
) STRICT;
CREATE INDEX apikey_secrets_key_idx ON apikey_secrets (tenant_id, key_id);

-- Management requests that were begun, and their answers for a day.
CREATE TABLE idempotency_claims (
    tenant_id   BLOB    NOT NULL,
    claim_key   BLOB    NOT NULL,
    fingerprint BLOB    NOT NULL,
    sealed      BLOB    NOT NULL,
    expires_at  INTEGER NOT NULL,
    CONSTRAINT idempotency_claims_pkey PRIMARY KEY (tenant_id, claim_key)
) STRICT;
CREATE INDEX idempotency_claims_expires_idx ON idempotency_claims (expires_at);
