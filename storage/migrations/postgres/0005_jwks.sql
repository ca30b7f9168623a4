-- +goose Up
CREATE TABLE jwks_keys (
    tenant_id      uuid        NOT NULL,
    id             uuid        NOT NULL,
    kid            text        NOT NULL,
    algorithm      text        NOT NULL,
    public_jwk     bytea       NOT NULL,
    sealed_private bytea       NOT NULL,
    created_at     timestamptz NOT NULL,
    activates_at   timestamptz NOT NULL,
    retires_at     timestamptz,
    expires_at     timestamptz,
    version        bigint      NOT NULL,
    CONSTRAINT jwks_keys_pkey PRIMARY KEY (tenant_id, id)
);

CREATE UNIQUE INDEX jwks_keys_tenant_id_kid_key ON jwks_keys (tenant_id, kid);
CREATE UNIQUE INDEX jwks_keys_tenant_id_key ON jwks_keys (tenant_id) WHERE retires_at IS NULL;

-- What an older node declares has the tokens of an application that says nothing of them.
ALTER TABLE applications ADD COLUMN token_audiences text NOT NULL DEFAULT '[]';
ALTER TABLE applications ADD COLUMN token_seconds bigint NOT NULL DEFAULT 300;
