-- +goose Up
CREATE TABLE tenants (
    id         BLOB    NOT NULL,
    name       TEXT    NOT NULL,
    base_url   TEXT    NOT NULL,
    status     TEXT    NOT NULL,
    sealed_key BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    CONSTRAINT tenants_pkey PRIMARY KEY (id)
) STRICT;

CREATE TABLE tenant_hosts (
    host      TEXT    NOT NULL,
    tenant_id BLOB    NOT NULL REFERENCES tenants (id),
    ordinal   INTEGER NOT NULL,
    CONSTRAINT tenant_hosts_pkey PRIMARY KEY (host)
) STRICT;

CREATE INDEX tenant_hosts_tenant_idx ON tenant_hosts (tenant_id, ordinal);

CREATE TABLE applications (
    tenant_id        BLOB    NOT NULL,
    id               BLOB    NOT NULL,
    client_id        TEXT    NOT NULL,
    name             TEXT    NOT NULL,
    status           TEXT    NOT NULL,
    is_default       INTEGER NOT NULL,
    origins          TEXT    NOT NULL,
    redirect_targets TEXT    NOT NULL,
    link_targets     TEXT    NOT NULL,
    journeys         TEXT    NOT NULL,
    ownership_proof  TEXT    NOT NULL,
    profile_claims   TEXT    NOT NULL,
    terms_version    TEXT,
    terms_url        TEXT,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    version          INTEGER NOT NULL,
    CONSTRAINT applications_pkey PRIMARY KEY (tenant_id, id)
) STRICT;

CREATE UNIQUE INDEX applications_tenant_id_client_id_key ON applications (tenant_id, client_id);
CREATE UNIQUE INDEX applications_tenant_id_key ON applications (tenant_id) WHERE is_default;

CREATE TABLE users (
    tenant_id      BLOB    NOT NULL,
    id             BLOB    NOT NULL,
    status         TEXT    NOT NULL,
    profile        TEXT    NOT NULL,
    schema_version INTEGER NOT NULL,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    version        INTEGER NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (tenant_id, id)
) STRICT;

CREATE TABLE user_identifiers (
    tenant_id   BLOB    NOT NULL,
    user_id     BLOB    NOT NULL,
    ordinal     INTEGER NOT NULL,
    type        TEXT    NOT NULL,
    value       TEXT    NOT NULL,
    lookup      TEXT    NOT NULL,
    is_primary  INTEGER NOT NULL,
    verified_at INTEGER,
    created_at  INTEGER NOT NULL,
    CONSTRAINT user_identifiers_pkey PRIMARY KEY (tenant_id, user_id, ordinal),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
) STRICT;

CREATE UNIQUE INDEX user_identifiers_tenant_id_type_lookup_key ON user_identifiers (tenant_id, type, lookup);
CREATE UNIQUE INDEX user_identifiers_tenant_id_user_id_type_key ON user_identifiers (tenant_id, user_id, type)
    WHERE is_primary;

CREATE TABLE consents (
    tenant_id      BLOB    NOT NULL,
    id             BLOB    NOT NULL,
    user_id        BLOB    NOT NULL,
    application_id BLOB    NOT NULL,
    subject        TEXT    NOT NULL,
    version        TEXT    NOT NULL,
    given_at       INTEGER NOT NULL,
    CONSTRAINT consents_pkey PRIMARY KEY (tenant_id, id)
) STRICT;

CREATE UNIQUE INDEX consents_tenant_id_user_id_application_id_subject_version_key
    ON consents (tenant_id, user_id, application_id, subject, version);
