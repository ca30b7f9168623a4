-- +goose Up
CREATE TABLE audit_records (
    tenant_id  uuid        NOT NULL,
    number     bigint      NOT NULL,
    seq        bigint      NOT NULL,
    event_id   uuid        NOT NULL,
    type       text        NOT NULL,
    version    bigint      NOT NULL,
    time       timestamptz NOT NULL,
    subject    text        NOT NULL,
    actor_kind text        NOT NULL,
    actor_id   text        NOT NULL,
    data       text        NOT NULL,
    person     text        NOT NULL,
    personal   bytea,
    hash       bytea       NOT NULL,
    CONSTRAINT audit_records_pkey PRIMARY KEY (tenant_id, number)
);

CREATE TABLE audit_heads (
    tenant_id uuid   NOT NULL,
    number    bigint NOT NULL,
    hash      bytea  NOT NULL,
    CONSTRAINT audit_heads_pkey PRIMARY KEY (tenant_id)
);

CREATE TABLE audit_cursor (
    name text   NOT NULL CONSTRAINT audit_cursor_pkey PRIMARY KEY,
    seq  bigint NOT NULL
);

INSERT INTO audit_cursor (name, seq) VALUES ('events', 0);
