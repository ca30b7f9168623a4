-- +goose Up
-- What all nodes together have reserved of a budget in a window. key is a fingerprint: no
-- number and no address is kept. block is what was reserved last.
CREATE TABLE message_budgets (
    tenant_id uuid        NOT NULL,
    key       bytea       NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at   timestamptz NOT NULL,
    reserved  bigint      NOT NULL,
    block     bigint      NOT NULL,
    CONSTRAINT message_budgets_pkey PRIMARY KEY (tenant_id, key, starts_at)
);
CREATE INDEX message_budgets_ends_idx ON message_budgets (ends_at);

-- The ranges of numbers that nothing is sent to for now.
CREATE TABLE message_ranges (
    tenant_id  uuid             NOT NULL,
    prefix     text COLLATE "C" NOT NULL,
    country    text             NOT NULL,
    numbers    bigint           NOT NULL,
    stopped_at timestamptz      NOT NULL,
    ends_at    timestamptz      NOT NULL,
    CONSTRAINT message_ranges_pkey PRIMARY KEY (tenant_id, prefix)
);
CREATE INDEX message_ranges_ends_idx ON message_ranges (ends_at);
