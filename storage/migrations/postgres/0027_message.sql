-- +goose Up
-- What is sent to people. What a message says, and to whom, is sealed; address finds it.
CREATE TABLE messages (
    tenant_id   uuid        NOT NULL,
    id          uuid        NOT NULL,
    kind        text        NOT NULL,
    channel     text        NOT NULL,
    locale      text        NOT NULL,
    recipient   bytea       NOT NULL,
    address     bytea       NOT NULL,
    content     bytea,
    status      text        NOT NULL,
    code        text        NOT NULL,
    reference   text        NOT NULL,
    created_at  timestamptz NOT NULL,
    due_at      timestamptz NOT NULL,
    sent_at     timestamptz,
    outdated_at timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    claimed     boolean     NOT NULL,
    fence       bigint      NOT NULL,
    attempts    bigint      NOT NULL,
    lost        bigint      NOT NULL,
    unsure      boolean     NOT NULL,
    CONSTRAINT messages_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX messages_due_idx ON messages (due_at, tenant_id, id) WHERE status = 'queued';
CREATE INDEX messages_status_idx ON messages (tenant_id, status, id);
CREATE INDEX messages_address_idx ON messages (tenant_id, address, id);
CREATE INDEX messages_expires_idx ON messages (expires_at, tenant_id, id) WHERE status <> 'queued';
