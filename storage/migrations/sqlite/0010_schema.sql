-- +goose Up
-- The versions of a tenant's profile schema after the first, which is built in.
CREATE TABLE schemas (
    tenant_id  BLOB    NOT NULL,
    version    INTEGER NOT NULL,
    document   TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    CONSTRAINT schemas_pkey PRIMARY KEY (tenant_id, version)
) STRICT;

-- What users can be found by.
CREATE TABLE user_attributes (
    tenant_id BLOB NOT NULL,
    user_id   BLOB NOT NULL,
    name      TEXT NOT NULL,
    value     TEXT NOT NULL,
    CONSTRAINT user_attributes_pkey PRIMARY KEY (tenant_id, user_id, name)
) STRICT;
CREATE INDEX user_attributes_value_idx ON user_attributes (tenant_id, name, value, user_id);

-- The version of the schema that a user's attributes follow.
ALTER TABLE users ADD COLUMN indexed_schema INTEGER NOT NULL DEFAULT 0;
CREATE INDEX users_indexed_schema_idx ON users (tenant_id, indexed_schema, id);

-- Who was written by the release before, which knows no attributes, while nodes of both
-- run: it says that the profile follows the first version.
CREATE INDEX users_rewritten_idx ON users (tenant_id, id) WHERE schema_version < indexed_schema;
