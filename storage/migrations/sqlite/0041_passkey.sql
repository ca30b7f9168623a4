-- +goose Up
-- The public keys with which users prove to be there. aaguid names the make of the
-- authenticator, as far as attested says so.
CREATE TABLE passkeys (
    tenant_id       BLOB NOT NULL,
    id              BLOB NOT NULL,
    user_id         BLOB NOT NULL,
    rp_id           TEXT NOT NULL,
    handle          BLOB NOT NULL,
    credential_id   BLOB NOT NULL,
    public_key      BLOB NOT NULL,
    aaguid          BLOB NOT NULL,
    attested        INTEGER NOT NULL,
    format          TEXT NOT NULL,
    name            TEXT NOT NULL,
    transports      TEXT NOT NULL,
    attachment      TEXT NOT NULL,
    discoverable    INTEGER NOT NULL,
    backup_eligible INTEGER NOT NULL,
    backed_up       INTEGER NOT NULL,
    verified        INTEGER NOT NULL,
    sign_count      INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    last_used_at    INTEGER,
    CONSTRAINT passkeys_pkey PRIMARY KEY (tenant_id, id)
) STRICT;
CREATE UNIQUE INDEX passkeys_tenant_id_rp_id_credential_id_key ON passkeys (tenant_id, rp_id, credential_id);
CREATE INDEX passkeys_user_idx ON passkeys (tenant_id, user_id, created_at, id);

-- What authenticators call a user of a relying party; it outlasts the passkeys, of which the
-- next one is to have the same.
CREATE TABLE passkey_handles (
    tenant_id BLOB NOT NULL,
    user_id   BLOB NOT NULL,
    rp_id     TEXT NOT NULL,
    handle    BLOB NOT NULL,
    CONSTRAINT passkey_handles_pkey PRIMARY KEY (tenant_id, user_id, rp_id)
) STRICT;
CREATE UNIQUE INDEX passkey_handles_tenant_id_handle_key ON passkey_handles (tenant_id, handle);
