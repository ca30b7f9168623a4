-- +goose Up
-- The roles of a tenant's own; the built-in ones are stored nowhere.
CREATE TABLE roles (
    tenant_id   BLOB    NOT NULL,
    id          BLOB    NOT NULL,
    key         TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    description TEXT    NOT NULL,
    permissions TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    version     INTEGER NOT NULL,
    CONSTRAINT roles_pkey PRIMARY KEY (tenant_id, id)
) STRICT;
CREATE UNIQUE INDEX roles_tenant_id_key_key ON roles (tenant_id, key);

-- Who has which role, built-in ones too, and where: organization_id is zero for the whole
-- tenant, and no reader may take another one for that.
CREATE TABLE role_assignments (
    tenant_id       BLOB    NOT NULL,
    user_id         BLOB    NOT NULL,
    role_id         BLOB    NOT NULL,
    organization_id BLOB    NOT NULL,
    assigned_at     INTEGER NOT NULL,
    CONSTRAINT role_assignments_pkey PRIMARY KEY (tenant_id, user_id, role_id, organization_id)
) STRICT;
CREATE INDEX role_assignments_role_idx ON role_assignments (tenant_id, role_id, user_id);
