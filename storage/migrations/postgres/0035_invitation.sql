-- +goose Up
-- Whether signed-in users may invite others, and which of them has invited somebody. Each may
-- have one invitation of an address pending, beside the one of who manages the tenant.
ALTER TABLE applications ADD COLUMN invitations_by_users boolean NOT NULL DEFAULT false;
ALTER TABLE invitations ADD COLUMN inviter_id uuid;
DROP INDEX invitations_tenant_id_application_id_address_key;
CREATE UNIQUE INDEX invitations_tenant_id_application_id_address_key ON invitations (tenant_id, application_id, address) WHERE status = 'pending' AND inviter_id IS NULL;
CREATE UNIQUE INDEX invitations_tenant_id_application_id_inviter_id_address_key ON invitations (tenant_id, application_id, inviter_id, address) WHERE status = 'pending' AND inviter_id IS NOT NULL;
CREATE INDEX invitations_inviter_idx ON invitations (tenant_id, inviter_id, application_id, id) WHERE inviter_id IS NOT NULL;
