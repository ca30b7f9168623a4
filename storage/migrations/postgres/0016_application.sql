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

-- What was chosen over the API of a tenant's settings, under what is declared, how often,
-- and by whom.
ALTER TABLE tenants ADD COLUMN chosen text NOT NULL DEFAULT '{}';
ALTER TABLE tenants ADD COLUMN revision bigint NOT NULL DEFAULT 0;

CREATE TABLE tenant_revisions (
    tenant_id     uuid        NOT NULL,
    number        bigint      NOT NULL,
    chosen        text        NOT NULL,
    chosen_before text        NOT NULL,
    changed_at    timestamptz NOT NULL,
    actor_kind    text        NOT NULL,
    actor_id      text        NOT NULL,
    CONSTRAINT tenant_revisions_pkey PRIMARY KEY (tenant_id, number)
);
