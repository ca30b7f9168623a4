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

-- What was chosen over the API of a tenant's settings, under what is declared, how often,
-- and by whom.
ALTER TABLE tenants ADD COLUMN chosen TEXT NOT NULL DEFAULT '{}';
ALTER TABLE tenants ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;

CREATE TABLE tenant_revisions (
    tenant_id     BLOB    NOT NULL,
    number        INTEGER NOT NULL,
    chosen        TEXT    NOT NULL,
    chosen_before TEXT    NOT NULL,
    changed_at    INTEGER NOT NULL,
    actor_kind    TEXT    NOT NULL,
    actor_id      TEXT    NOT NULL,
    CONSTRAINT tenant_revisions_pkey PRIMARY KEY (tenant_id, number)
) STRICT;
