-- +goose Up
CREATE TABLE jwks_keys (
    tenant_id      BLOB    NOT NULL,
    id             BLOB    NOT NULL,
    kid            TEXT    NOT NULL,
    algorithm      TEXT    NOT NULL,
    public_jwk     BLOB    NOT NULL,
    sealed_private BLOB    NOT NULL,
    created_at     INTEGER NOT NULL,
    activates_at   INTEGER NOT NULL,
    retires_at     INTEGER,
    expires_at     INTEGER,
    version        INTEGER NOT NULL,
    CONSTRAINT jwks_keys_pkey PRIMARY KEY (tenant_id, id)
) STRICT;

CREATE UNIQUE INDEX jwks_keys_tenant_id_kid_key ON jwks_keys (tenant_id, kid);
CREATE UNIQUE INDEX jwks_keys_tenant_id_key ON jwks_keys (tenant_id) WHERE retires_at IS NULL;

-- What an older node declares has the tokens of an application that says nothing of them.
ALTER TABLE applications ADD COLUMN token_audiences TEXT NOT NULL DEFAULT '[]';
ALTER TABLE applications ADD COLUMN token_seconds INTEGER NOT NULL DEFAULT 300;
