-- +goose Up
CREATE TABLE flows (
    tenant_id       uuid        NOT NULL,
    id              uuid        NOT NULL,
    application_id  uuid        NOT NULL,
    journey         text        NOT NULL,
    journey_version bigint      NOT NULL,
    status          text        NOT NULL,
    state           bytea       NOT NULL,
    revision        bigint      NOT NULL,
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    CONSTRAINT flows_pkey PRIMARY KEY (tenant_id, id)
);

CREATE INDEX flows_expires_idx ON flows (expires_at);

CREATE TABLE flow_answers (
    tenant_id   uuid        NOT NULL,
    answer_key  bytea       NOT NULL,
    fingerprint bytea       NOT NULL,
    sealed      bytea       NOT NULL,
    expires_at  timestamptz NOT NULL,
    CONSTRAINT flow_answers_pkey PRIMARY KEY (tenant_id, answer_key)
);

CREATE INDEX flow_answers_expires_idx ON flow_answers (expires_at);
