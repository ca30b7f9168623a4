-- +goose Up
-- Whose an application is to change, and what OAuth knows of it. All that there are were
-- declared.
ALTER TABLE applications ADD COLUMN managed_by text NOT NULL DEFAULT 'configuration';
ALTER TABLE applications ADD COLUMN oauth text NOT NULL DEFAULT '{}';

-- What applications prove themselves with: digests only.
CREATE TABLE application_secrets (
    tenant_id      uuid        NOT NULL,
    application_id uuid        NOT NULL,
    id             uuid        NOT NULL,
    digest         bytea       NOT NULL,
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz,
    CONSTRAINT application_secrets_pkey PRIMARY KEY (tenant_id, application_id, id)
);
