-- +goose Up
-- Whose a tenant is to change, and when it is to be destroyed. All that there are were
-- declared.
ALTER TABLE tenants ADD COLUMN managed_by text NOT NULL DEFAULT 'configuration';
ALTER TABLE tenants ADD COLUMN delete_at timestamptz;
CREATE UNIQUE INDEX tenants_name_key ON tenants (name);
