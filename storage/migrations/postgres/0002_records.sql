-- +goose Up
CREATE TABLE tenants (
    id         uuid        NOT NULL,
    name       text        NOT NULL,
    base_url   text        NOT NULL,
    status     text        NOT NULL,
    sealed_key bytea       NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version    bigint      NOT NULL,
    CONSTRAINT tenants_pkey PRIMARY KEY (id)
);

CREATE TABLE tenant_hosts (
    host      text        NOT NULL,
    tenant_id uuid        NOT NULL REFERENCES tenants (id),
    ordinal   bigint      NOT NULL,
    CONSTRAINT tenant_hosts_pkey PRIMARY KEY (host)
);

CREATE INDEX tenant_hosts_tenant_idx ON tenant_hosts (tenant_id, ordinal);

CREATE TABLE applications (
    tenant_id        uuid        NOT NULL,
    id               uuid        NOT NULL,
    client_id        text        NOT NULL,
    name             text        NOT NULL,
    status           text        NOT NULL,
    is_default       boolean     NOT NULL,
    origins          text        NOT NULL,
    redirect_targets text        NOT NULL,
    link_targets     text        NOT NULL,
    journeys         text        NOT NULL,
    ownership_proof  text        NOT NULL,
    profile_claims   text        NOT NULL,
    terms_version    text,
    terms_url        text,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    version          bigint      NOT NULL,
    CONSTRAINT applications_pkey PRIMARY KEY (tenant_id, id)
);

CREATE UNIQUE INDEX applications_tenant_id_client_id_key ON applications (tenant_id, client_id);
CREATE UNIQUE INDEX applications_tenant_id_key ON applications (tenant_id) WHERE is_default;

CREATE TABLE users (
    tenant_id      uuid        NOT NULL,
    id             uuid        NOT NULL,
    status         text        NOT NULL,
    profile        text        NOT NULL,
    schema_version bigint      NOT NULL,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    version        bigint      NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (tenant_id, id)
);

CREATE TABLE user_identifiers (
    tenant_id   uuid        NOT NULL,
    user_id     uuid        NOT NULL,
    ordinal     bigint      NOT NULL,
    type        text        NOT NULL,
    value       text        NOT NULL,
    lookup      text        NOT NULL,
    is_primary  boolean     NOT NULL,
    verified_at timestamptz,
    created_at  timestamptz NOT NULL,
    CONSTRAINT user_identifiers_pkey PRIMARY KEY (tenant_id, user_id, ordinal),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);

CREATE UNIQUE INDEX user_identifiers_tenant_id_type_lookup_key ON user_identifiers (tenant_id, type, lookup);
CREATE UNIQUE INDEX user_identifiers_tenant_id_user_id_type_key ON user_identifiers (tenant_id, user_id, type)
    WHERE is_primary;

CREATE TABLE consents (
    tenant_id      uuid        NOT NULL,
    id             uuid        NOT NULL,
    user_id        uuid        NOT NULL,
    application_id uuid        NOT NULL,
    subject        text        NOT NULL,
    version        text        NOT NULL,
    given_at       timestamptz NOT NULL,
    CONSTRAINT consents_pkey PRIMARY KEY (tenant_id, id)
);

CREATE UNIQUE INDEX consents_tenant_id_user_id_application_id_subject_version_key
    ON consents (tenant_id, user_id, application_id, subject, version);
