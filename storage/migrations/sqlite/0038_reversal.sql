-- +goose Up
-- The ways back from the removal of an identifier. digest is that of what a link brings, and
-- content is the identifier, sealed.
CREATE TABLE reversals (
    tenant_id      BLOB NOT NULL,
    id             BLOB NOT NULL,
    user_id        BLOB NOT NULL,
    application_id BLOB NOT NULL,
    digest         BLOB NOT NULL,
    content        BLOB NOT NULL,
    created_at     INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL,
    CONSTRAINT reversals_pkey PRIMARY KEY (tenant_id, id)
) STRICT;
CREATE UNIQUE INDEX reversals_tenant_id_digest_key ON reversals (tenant_id, digest);
CREATE INDEX reversals_user_idx ON reversals (tenant_id, user_id, id);
CREATE INDEX reversals_expires_idx ON reversals (expires_at);
