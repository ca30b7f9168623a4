-- +goose Up
-- Whose an application is to change, and what OAuth knows of it. All that there are were
-- declared.
ALTER TABLE applications ADD COLUMN managed_by TEXT NOT NULL DEFAULT 'configuration';
ALTER TABLE applications ADD COLUMN oauth TEXT NOT NULL DEFAULT '{}';

-- What applications prove themselves with: digests only.
CREATE TABLE application_secrets (
    tenant_id      BLOB    NOT NULL,
    application_id BLOB    NOT NULL,
    id             BLOB    NOT NULL,
    digest         BLOB    NOT NULL,
    created_at     INTEGER NOT NULL,
    expires_at     INTEGER,
    CONSTRAINT application_secrets_pkey PRIMARY KEY (tenant_id, application_id, id)
) STRICT;
