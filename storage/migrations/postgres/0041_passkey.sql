-- +goose Up
-- The public keys with which users prove to be there. aaguid names the make of the
-- authenticator, as far as attested says so.
CREATE TABLE passkeys (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    user_id         uuid NOT NULL,
    rp_id           text COLLATE "C" NOT NULL,
    handle          bytea NOT NULL,
    credential_id   bytea NOT NULL,
    public_key      bytea NOT NULL,
    aaguid          uuid NOT NULL,
    attested        boolean NOT NULL,
    format          text NOT NULL,
    name            text NOT NULL,
    transports      text NOT NULL,
    attachment      text NOT NULL,
    discoverable    boolean NOT NULL,
    backup_eligible boolean NOT NULL,
    backed_up       boolean NOT NULL,
    verified        boolean NOT NULL,
    sign_count      bigint NOT NULL,
    created_at      timestamptz NOT NULL,
    last_used_at    timestamptz,
    CONSTRAINT passkeys_pkey PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX passkeys_tenant_id_rp_id_credential_id_key ON passkeys (tenant_id, rp_id, credential_id);
CREATE INDEX passkeys_user_idx ON passkeys (tenant_id, user_id, created_at, id);

-- What authenticators call a user of a relying party; it outlasts the passkeys, of which the
-- next one is to have the same.
CREATE TABLE passkey_handles (
    tenant_id uuid NOT NULL,
    user_id   uuid NOT NULL,
    rp_id     text COLLATE "C" NOT NULL,
    handle    bytea NOT NULL,
    CONSTRAINT passkey_handles_pkey PRIMARY KEY (tenant_id, user_id, rp_id)
);
CREATE UNIQUE INDEX passkey_handles_tenant_id_handle_key ON passkey_handles (tenant_id, handle);
