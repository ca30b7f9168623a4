-- +goose Up
-- What applications say in place of the words of their tenant, in versions, as templates has
-- them.
CREATE TABLE template_applications (
    tenant_id      uuid             NOT NULL,
    application_id uuid             NOT NULL,
    kind           text COLLATE "C" NOT NULL,
    channel        text COLLATE "C" NOT NULL,
    locale         text COLLATE "C" NOT NULL,
    number         bigint           NOT NULL,
    removed        boolean          NOT NULL,
    words          text             NOT NULL,
    changed_at     timestamptz      NOT NULL,
    actor_kind     text             NOT NULL,
    actor_id       text             NOT NULL,
    CONSTRAINT template_applications_pkey PRIMARY KEY (tenant_id, application_id, kind, channel, locale, number)
);
-- Which application a message is sent for.
ALTER TABLE messages ADD COLUMN application_id uuid;
