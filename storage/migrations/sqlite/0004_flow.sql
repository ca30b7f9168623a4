-- +goose Up
CREATE TABLE flows (
    tenant_id       BLOB    NOT NULL,
    id              BLOB    NOT NULL,
    application_id  BLOB    NOT NULL,
    journey         TEXT    NOT NULL,
    journey_version INTEGER NOT NULL,
    status          TEXT    NOT NULL,
    state           BLOB    NOT NULL,
    revision        INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    CONSTRAINT flows_pkey PRIMARY KEY (tenant_id, id)
) STRICT;

CREATE INDEX flows_expires_idx ON flows (expires_at);

CREATE TABLE flow_answers (
    tenant_id   BLOB    NOT NULL,
    answer_key  BLOB    NOT NULL,
    fingerprint BLOB    NOT NULL,
    sealed      BLOB    NOT NULL,
    expires_at  INTEGER NOT NULL,
    CONSTRAINT flow_answers_pkey PRIMARY KEY (tenant_id, answer_key)
) STRICT;

CREATE INDEX flow_answers_expires_idx ON flow_answers (expires_at);
