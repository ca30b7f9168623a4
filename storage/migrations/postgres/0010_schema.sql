-- +goose NO TRANSACTION
-- +goose Up
-- Indexes are made beside writers, who would otherwise wait; that takes no transaction,
-- so everything here can be begun again.

-- The versions of a tenant's profile schema after the first, which is built in.
CREATE TABLE IF NOT EXISTS schemas (
    tenant_id  uuid        NOT NULL,
    version    bigint      NOT NULL,
    document   text        NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT schemas_pkey PRIMARY KEY (tenant_id, version)
);

-- What users can be found by.
CREATE TABLE IF NOT EXISTS user_attributes (
    tenant_id uuid NOT NULL,
    user_id   uuid NOT NULL,
    name      text NOT NULL,
    value     text NOT NULL,
    CONSTRAINT user_attributes_pkey PRIMARY KEY (tenant_id, user_id, name)
);
CREATE INDEX IF NOT EXISTS user_attributes_value_idx ON user_attributes (tenant_id, name, value, user_id);

-- The version of the schema that a user's attributes follow.
ALTER TABLE users ADD COLUMN IF NOT EXISTS indexed_schema bigint NOT NULL DEFAULT 0;
DROP INDEX CONCURRENTLY IF EXISTS users_indexed_schema_idx;
CREATE INDEX CONCURRENTLY users_indexed_schema_idx ON users (tenant_id, indexed_schema, id);

-- Who was written by the release before, which knows no attributes, while nodes of both
-- run: it says that the profile follows the first version.
DROP INDEX CONCURRENTLY IF EXISTS users_rewritten_idx;
CREATE INDEX CONCURRENTLY users_rewritten_idx ON users (tenant_id, id) WHERE schema_version < indexed_schema;
