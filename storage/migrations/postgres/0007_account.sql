-- +goose Up
-- Without one: of a node that knew of no ids. It has the one that is derived from its place.
ALTER TABLE user_identifiers ADD COLUMN id uuid;

ALTER TABLE users ADD COLUMN delete_at timestamptz;
CREATE INDEX users_delete_at_idx ON users (delete_at, tenant_id, id) WHERE delete_at IS NOT NULL;

-- Who has proven something in the flow, so that it goes with them.
ALTER TABLE flows ADD COLUMN user_id uuid;
CREATE INDEX flows_user_idx ON flows (tenant_id, user_id) WHERE user_id IS NOT NULL;
