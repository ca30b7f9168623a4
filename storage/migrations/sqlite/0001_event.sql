-- +goose Up
CREATE TABLE events (
    tenant_id  BLOB    NOT NULL,
    id         BLOB    NOT NULL,
    seq        INTEGER,
    type       TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    time       INTEGER NOT NULL,
    subject    TEXT    NOT NULL,
    actor_kind TEXT    NOT NULL,
    actor_id   TEXT    NOT NULL,
    data       TEXT    NOT NULL,
    person     TEXT    NOT NULL,
    personal   BLOB,
    CONSTRAINT events_pkey PRIMARY KEY (tenant_id, id)
) STRICT;

CREATE UNIQUE INDEX events_seq_key ON events (seq);
CREATE INDEX events_tenant_seq_idx ON events (tenant_id, seq);
CREATE INDEX events_subject_idx ON events (tenant_id, subject, seq);
CREATE INDEX events_unsequenced_idx ON events (time, id) WHERE seq IS NULL;

CREATE TABLE event_sequencer (
    name       TEXT    NOT NULL CONSTRAINT event_sequencer_pkey PRIMARY KEY,
    holder     TEXT    NOT NULL,
    fence      INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    last_seq   INTEGER NOT NULL
) STRICT;

INSERT INTO event_sequencer (name, holder, fence, expires_at, last_seq) VALUES ('events', '', 0, 0, 0);
