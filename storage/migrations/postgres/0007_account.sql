-- +goose NO TRANSACTION
-- +goose Up
-- Indexes are made beside writers, who would otherwise wait; that takes no transaction,
-- so everything here can be begun again.

-- Without one: of a node that knew of no ids. It has the one that is derived from its place.
ALTER TABLE user_identifiers ADD COLUMN IF NOT EXISTS id uuid;

ALTER TABLE users ADD COLUMN IF NOT EXISTS delete_at timestamptz;
DROP INDEX CONCURRENTLY IF EXISTS users_delete_at_idx;
CREATE INDEX CONCURRENTLY users_delete_at_idx ON users (delete_at, tenant_id, id) WHERE delete_at IS NOT NULL;

-- Who has proven something in the flow, so that it goes with them.
ALTER TABLE flows ADD COLUMN IF NOT EXISTS user_id uuid;
DROP INDEX CONCURRENTLY IF EXISTS flows_user_idx;
CREATE INDEX CONCURRENTLY flows_user_idx ON flows (tenant_id, user_id) WHERE user_id IS NOT NULL;

-- What happened to a person. Events about nobody are not in it.
DROP INDEX CONCURRENTLY IF EXISTS events_person_idx;
CREATE INDEX CONCURRENTLY events_person_idx ON events (tenant_id, person, id) WHERE person <> '';
