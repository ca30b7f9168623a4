-- +goose Up
CREATE TABLE passwords (
    tenant_id BLOB    NOT NULL,
    user_id   BLOB    NOT NULL,
    hash      TEXT    NOT NULL,
    scheme    TEXT    NOT NULL,
    set_at    INTEGER NOT NULL,
    version   INTEGER NOT NULL,
    CONSTRAINT passwords_pkey PRIMARY KEY (tenant_id, user_id)
) STRICT;

CREATE INDEX passwords_scheme_idx ON passwords (tenant_id, scheme);

CREATE TABLE sessions (
    tenant_id           BLOB    NOT NULL,
    id                  BLOB    NOT NULL,
    digest              BLOB    NOT NULL,
    user_id             BLOB    NOT NULL,
    application_id      BLOB    NOT NULL,
    transport           TEXT    NOT NULL,
    facts               TEXT    NOT NULL,
    device_user_agent   TEXT    NOT NULL,
    device_name         TEXT    NOT NULL,
    device_address      TEXT    NOT NULL,
    created_at          INTEGER NOT NULL,
    last_seen_at        INTEGER NOT NULL,
    idle_expires_at     INTEGER NOT NULL,
    absolute_expires_at INTEGER NOT NULL,
    ended_at            INTEGER,
    version             INTEGER NOT NULL,
    CONSTRAINT sessions_pkey PRIMARY KEY (tenant_id, id)
) STRICT;

CREATE UNIQUE INDEX sessions_tenant_id_digest_key ON sessions (tenant_id, digest);
CREATE INDEX sessions_user_idx ON sessions (tenant_id, user_id, id) WHERE ended_at IS NULL;
-- When a session is over, for whichever reason comes first.
CREATE INDEX sessions_over_idx ON sessions
    (min(idle_expires_at, absolute_expires_at, coalesce(ended_at, absolute_expires_at)));

-- A row without a sealed key is the tombstone of a destroyed one.
CREATE TABLE seal_user_keys (
    tenant_id BLOB NOT NULL,
    person    TEXT NOT NULL,
    sealed    BLOB,
    CONSTRAINT seal_user_keys_pkey PRIMARY KEY (tenant_id, person)
) STRICT;
