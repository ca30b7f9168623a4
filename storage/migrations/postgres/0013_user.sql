-- +goose NO TRANSACTION
-- +goose Up
-- Indexes are made beside writers, who would otherwise wait; that takes no transaction,
-- so everything here can be begun again.

ALTER TABLE users ADD COLUMN IF NOT EXISTS last_login_at timestamptz;
DROP INDEX CONCURRENTLY IF EXISTS users_last_login_at_idx;
CREATE INDEX CONCURRENTLY users_last_login_at_idx ON users (tenant_id, last_login_at, id) WHERE last_login_at IS NOT NULL;

-- What operators keep about a user: NULL where there is none.
ALTER TABLE users ADD COLUMN IF NOT EXISTS public_metadata text;
ALTER TABLE users ADD COLUMN IF NOT EXISTS private_metadata text;

-- What users are listed by, besides what they are found by.
DROP INDEX CONCURRENTLY IF EXISTS users_created_at_idx;
CREATE INDEX CONCURRENTLY users_created_at_idx ON users (tenant_id, created_at, id);
DROP INDEX CONCURRENTLY IF EXISTS users_status_idx;
CREATE INDEX CONCURRENTLY users_status_idx ON users (tenant_id, status, id);

-- A range of texts is those with one beginning only where bytes are compared.
DROP INDEX CONCURRENTLY IF EXISTS user_identifiers_prefix_idx;
CREATE INDEX CONCURRENTLY user_identifiers_prefix_idx ON user_identifiers (tenant_id, type, lookup COLLATE "C", user_id);
