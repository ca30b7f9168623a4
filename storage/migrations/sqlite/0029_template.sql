-- +goose Up
-- What tenants say in place of the built-in words, in versions; the newest of a key holds.
-- Keys are ordered as the program orders them.
CREATE TABLE templates (
    tenant_id  BLOB    NOT NULL,
    kind       TEXT    NOT NULL,
    channel    TEXT    NOT NULL,
    locale     TEXT    NOT NULL,
    number     INTEGER NOT NULL,
    removed    INTEGER NOT NULL,
    words      TEXT    NOT NULL,
    changed_at INTEGER NOT NULL,
    actor_kind TEXT    NOT NULL,
    actor_id   TEXT    NOT NULL,
    CONSTRAINT templates_pkey PRIMARY KEY (tenant_id, kind, channel, locale, number)
) STRICT;
