-- +goose Up
-- Whose address a message goes to, as far as that is known (empty: it is not), and whether it
-- is for a user's address only, which is looked up when it is sent.
ALTER TABLE messages ADD COLUMN person text NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN holder_only boolean NOT NULL DEFAULT false;
CREATE INDEX messages_person_idx ON messages (tenant_id, person, id) WHERE person <> '';

-- What the provider has told of a message since it took it; empty: nothing.
ALTER TABLE messages ADD COLUMN delivery text NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN delivery_code text NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN delivery_at timestamptz;
