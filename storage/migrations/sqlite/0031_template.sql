-- +goose Up
-- What applications say in place of the words of their tenant, in versions, as templates has
-- them.
CREATE TABLE template_applications (
    tenant_id      BLOB    NOT NULL,
    application_id BLOB    NOT NULL,
    kind           TEXT    NOT NULL,
    channel        TEXT    NOT NULL,
    locale         TEXT    NOT NULL,
    number         INTEGER NOT NULL,
    removed        INTEGER NOT NULL,
    words          TEXT    NOT NULL,
    changed_at     INTEGER NOT NULL,
    actor_kind     TEXT    NOT NULL,
    actor_id       TEXT    NOT NULL,
    CONSTRAINT template_applications_pkey PRIMARY KEY (tenant_id, application_id, kind, channel, locale, number)
) STRICT;
-- Which application a message is sent for.
ALTER TABLE messages ADD COLUMN application_id BLOB;
