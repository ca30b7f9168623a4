-- +goose Up
-- What is sent to people. What a message says, and to whom, is sealed; address finds it.
CREATE TABLE messages (
    tenant_id   BLOB    NOT NULL,
    id          BLOB    NOT NULL,
    kind        TEXT    NOT NULL,
    channel     TEXT    NOT NULL,
    locale      TEXT    NOT NULL,
    recipient   BLOB    NOT NULL,
    address     BLOB    NOT NULL,
    content     BLOB,
    status      TEXT    NOT NULL,
    code        TEXT    NOT NULL,
    reference   TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    sent_at     INTEGER,
    outdated_at INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    claimed     INTEGER NOT NULL,
    fence       INTEGER NOT NULL,
    attempts    INTEGER NOT NULL,
    lost        INTEGER NOT NULL,
    unsure      INTEGER NOT NULL,
    CONSTRAINT messages_pkey PRIMARY KEY (tenant_id, id)
) STRICT;
CREATE INDEX messages_due_idx ON messages (due_at, tenant_id, id) WHERE status = 'queued';
CREATE INDEX messages_status_idx ON messages (tenant_id, status, id);
CREATE INDEX messages_address_idx ON messages (tenant_id, address, id);
CREATE INDEX messages_expires_idx ON messages (expires_at, tenant_id, id) WHERE status <> 'queued';
