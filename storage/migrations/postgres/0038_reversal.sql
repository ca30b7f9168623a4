-- +goose Up
-- The ways back from the removal of an identifier. digest is that of what a link brings, and
-- content is the identifier, sealed.
CREATE TABLE reversals (
    tenant_id      uuid NOT NULL,
    id             uuid NOT NULL,
    user_id        uuid NOT NULL,
    application_id uuid NOT NULL,
    digest         bytea NOT NULL,
    content        bytea NOT NULL,
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    CONSTRAINT reversals_pkey PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX reversals_tenant_id_digest_key ON reversals (tenant_id, digest);
CREATE INDEX reversals_user_idx ON reversals (tenant_id, user_id, id);
CREATE INDEX reversals_expires_idx ON reversals (expires_at);
