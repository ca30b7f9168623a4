-- +goose Up
CREATE TABLE events (
    tenant_id  uuid        NOT NULL,
    id         uuid        NOT NULL,
    seq        bigint,
    type       text        NOT NULL,
    version    bigint      NOT NULL,
    time       timestamptz NOT NULL,
    subject    text        NOT NULL,
    actor_kind text        NOT NULL,
    actor_id   text        NOT NULL,
    data       text        NOT NULL,
    person     text        NOT NULL,
    personal   bytea,
    CONSTRAINT events_pkey PRIMARY KEY (tenant_id, id)
);

CREATE UNIQUE INDEX events_seq_key ON events (seq);
CREATE INDEX events_tenant_seq_idx ON events (tenant_id, seq);
CREATE INDEX events_subject_idx ON events (tenant_id, subject, seq);
CREATE INDEX events_unsequenced_idx ON events (time, id) WHERE seq IS NULL;

CREATE TABLE event_sequencer (
    name       text        NOT NULL CONSTRAINT event_sequencer_pkey PRIMARY KEY,
    holder     text        NOT NULL,
    fence      bigint      NOT NULL,
    expires_at timestamptz NOT NULL,
    last_seq   bigint      NOT NULL
);

INSERT INTO event_sequencer (name, holder, fence, expires_at, last_seq)
VALUES ('events', '', 0, '1970-01-01T00:00:00Z', 0);
