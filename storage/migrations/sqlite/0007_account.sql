-- +goose Up
-- Without one: of a node that knew of no ids. It has the one that is derived from its place.
ALTER TABLE user_identifiers ADD COLUMN id BLOB;

ALTER TABLE users ADD COLUMN delete_at INTEGER;
CREATE INDEX users_delete_at_idx ON users (delete_at, tenant_id, id) WHERE delete_at IS NOT NULL;

-- Who has proven something in the flow, so that it goes with them.
ALTER TABLE flows ADD COLUMN user_id BLOB;
CREATE INDEX flows_user_idx ON flows (tenant_id, user_id) WHERE user_id IS NOT NULL;

-- What happened to a person. Events about nobody are not in it.
CREATE INDEX events_person_idx ON events (tenant_id, person, id) WHERE person <> '';
