-- +goose Up
-- The roles of a tenant's own; the built-in ones are stored nowhere.
CREATE TABLE roles (
    tenant_id   uuid        NOT NULL,
    id          uuid        NOT NULL,
    key         text        NOT NULL,
    name        text        NOT NULL,
    description text        NOT NULL,
    permissions text        NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    version     bigint      NOT NULL,
    CONSTRAINT roles_pkey PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX roles_tenant_id_key_key ON roles (tenant_id, key);

-- Who has which role, built-in ones too, and where: organization_id is zero for the whole
-- tenant, and no reader may take another one for that.
CREATE TABLE role_assignments (
    tenant_id       uuid        NOT NULL,
    user_id         uuid        NOT NULL,
    role_id         uuid        NOT NULL,
    organization_id uuid        NOT NULL,
    assigned_at     timestamptz NOT NULL,
    CONSTRAINT role_assignments_pkey PRIMARY KEY (tenant_id, user_id, role_id, organization_id)
);
CREATE INDEX role_assignments_role_idx ON role_assignments (tenant_id, role_id, user_id);
