-- +goose Up
CREATE TABLE passwords (
    tenant_id uuid        NOT NULL,
    user_id   uuid        NOT NULL,
    hash      text        NOT NULL,
    scheme    text        NOT NULL,
    set_at    timestamptz NOT NULL,
    version   bigint      NOT NULL,
    CONSTRAINT passwords_pkey PRIMARY KEY (tenant_id, user_id)
);

CREATE INDEX passwords_scheme_idx ON passwords (tenant_id, scheme);

CREATE TABLE sessions (
    tenant_id           uuid        NOT NULL,
    id                  uuid        NOT NULL,
    digest              bytea       NOT NULL,
    user_id             uuid        NOT NULL,
    application_id      uuid        NOT NULL,
    transport           text        NOT NULL,
    facts               text        NOT NULL,
    device_user_agent   text        NOT NULL,
    device_name         text        NOT NULL,
    device_address      text        NOT NULL,
    created_at          timestamptz NOT NULL,
    last_seen_at        timestamptz NOT NULL,
    idle_expires_at     timestamptz NOT NULL,
    absolute_expires_at timestamptz NOT NULL,
    ended_at            timestamptz,
    version             bigint      NOT NULL,
    CONSTRAINT sessions_pkey PRIMARY KEY (tenant_id, id)
);

CREATE UNIQUE INDEX sessions_tenant_id_digest_key ON sessions (tenant_id, digest);
CREATE INDEX sessions_user_idx ON sessions (tenant_id, user_id, id) WHERE ended_at IS NULL;
-- When a session is over, for whichever reason comes first.
CREATE INDEX sessions_over_idx ON sessions (LEAST(idle_expires_at, absolute_expires_at, ended_at));

-- A row without a sealed key is the tombstone of a destroyed one.
CREATE TABLE seal_user_keys (
    tenant_id uuid        NOT NULL,
    person    text        NOT NULL,
    sealed    bytea,
    CONSTRAINT seal_user_keys_pkey PRIMARY KEY (tenant_id, person)
);
