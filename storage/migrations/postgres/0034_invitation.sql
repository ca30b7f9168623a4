-- +goose Up
-- Who was invited. Whom an invitation is for is sealed; address finds it.
CREATE TABLE invitations (
    tenant_id        uuid        NOT NULL,
    id               uuid        NOT NULL,
    application_id   uuid        NOT NULL,
    address          bytea       NOT NULL,
    content          bytea       NOT NULL,
    locale           text        NOT NULL,
    delivery         text        NOT NULL,
    status           text        NOT NULL,
    actor_kind       text        NOT NULL,
    actor_id         text        NOT NULL,
    user_id          uuid,
    digest           bytea       NOT NULL,
    lifetime_seconds bigint      NOT NULL,
    created_at       timestamptz NOT NULL,
    sent_at          timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    accepted_at      timestamptz,
    revoked_at       timestamptz,
    CONSTRAINT invitations_pkey PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX invitations_tenant_id_digest_key ON invitations (tenant_id, digest);
CREATE UNIQUE INDEX invitations_tenant_id_application_id_address_key ON invitations (tenant_id, application_id, address) WHERE status = 'pending';
CREATE INDEX invitations_status_idx ON invitations (tenant_id, status, id);
CREATE INDEX invitations_address_idx ON invitations (tenant_id, address, id);
CREATE INDEX invitations_user_idx ON invitations (tenant_id, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX invitations_expires_idx ON invitations (expires_at, tenant_id, id);
