-- +goose Up
ALTER TABLE users ADD COLUMN last_login_at INTEGER;
CREATE INDEX users_last_login_at_idx ON users (tenant_id, last_login_at, id) WHERE last_login_at IS NOT NULL;

-- What operators keep about a user: NULL where there is none.
ALTER TABLE users ADD COLUMN public_metadata TEXT;
ALTER TABLE users ADD COLUMN private_metadata TEXT;

-- What users are listed by, besides what they are found by.
CREATE INDEX users_created_at_idx ON users (tenant_id, created_at, id);
CREATE INDEX users_status_idx ON users (tenant_id, status, id);
