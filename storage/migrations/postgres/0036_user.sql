-- +goose Up
-- A user who has nothing to sign in with, until they register.
ALTER TABLE users ADD COLUMN guest boolean NOT NULL DEFAULT false;
CREATE INDEX users_guest_idx ON users (created_at, tenant_id, id) WHERE guest AND delete_at IS NULL;
