-- +goose Up
-- Who was invited. Whom an invitation is for is sealed; address finds it.
CREATE TABLE invitations (
    tenant_id        BLOB    NOT NULL,
    id               BLOB    NOT NULL,
    application_id   BLOB    NOT NULL,
    address          BLOB    NOT NULL,
    content          BLOB    NOT NULL,
    locale           TEXT    NOT NULL,
    delivery         TEXT    NOT NULL,
    status           TEXT    NOT NULL,
    actor_kind       TEXT    NOT NULL,
    actor_id         TEXT    NOT NULL,
    user_id          BLOB,
    digest           BLOB    NOT NULL,
    lifetime_seconds INTEGER NOT NULL,
    created_at       INTEGER NOT NULL,
    sent_at          INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL,
    accepted_at      INTEGER,
    revoked_at       INTEGER,
    CONSTRAINT invitations_pkey PRIMARY KEY (tenant_id, id)
) STRICT;
CREATE UNIQUE INDEX invitations_tenant_id_digest_key ON invitations (tenant_id, digest);
CREATE UNIQUE INDEX invitations_tenant_id_application_id_address_key ON invitations (tenant_id, application_id, address) WHERE status = 'pending';
CREATE INDEX invitations_status_idx ON invitations (tenant_id, status, id);
CREATE INDEX invitations_address_idx ON invitations (tenant_id, address, id);
CREATE INDEX invitations_user_idx ON invitations (tenant_id, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX invitations_expires_idx ON invitations (expires_at, tenant_id, id);
