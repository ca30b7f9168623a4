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
