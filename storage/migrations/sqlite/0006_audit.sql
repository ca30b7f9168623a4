-- +goose Up
CREATE TABLE audit_records (
    tenant_id  BLOB    NOT NULL,
    number     INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    event_id   BLOB    NOT NULL,
    type       TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    time       INTEGER NOT NULL,
    subject    TEXT    NOT NULL,
    actor_kind TEXT    NOT NULL,
    actor_id   TEXT    NOT NULL,
    data       TEXT    NOT NULL,
    person     TEXT    NOT NULL,
    personal   BLOB,
    hash       BLOB    NOT NULL,
    CONSTRAINT audit_records_pkey PRIMARY KEY (tenant_id, number)
) STRICT;

CREATE TABLE audit_heads (
    tenant_id BLOB    NOT NULL,
    number    INTEGER NOT NULL,
    hash      BLOB    NOT NULL,
    CONSTRAINT audit_heads_pkey PRIMARY KEY (tenant_id)
) STRICT;

CREATE TABLE audit_cursor (
    name TEXT    NOT NULL CONSTRAINT audit_cursor_pkey PRIMARY KEY,
    seq  INTEGER NOT NULL
) STRICT;

INSERT INTO audit_cursor (name, seq) VALUES ('events', 0);
