-- +goose Up
-- What tenants say in place of the built-in words, in versions; the newest of a key holds.
-- Keys are ordered as the program orders them.
CREATE TABLE templates (
    tenant_id  uuid             NOT NULL,
    kind       text COLLATE "C" NOT NULL,
    channel    text COLLATE "C" NOT NULL,
    locale     text COLLATE "C" NOT NULL,
    number     bigint           NOT NULL,
    removed    boolean          NOT NULL,
    words      text             NOT NULL,
    changed_at timestamptz      NOT NULL,
    actor_kind text             NOT NULL,
    actor_id   text             NOT NULL,
    CONSTRAINT templates_pkey PRIMARY KEY (tenant_id, kind, channel, locale, number)
);
