-- +goose Up
-- Whose address a message goes to, as far as that is known (empty: it is not), and whether it
-- is for a user's address only, which is looked up when it is sent.
ALTER TABLE messages ADD COLUMN person TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN holder_only INTEGER NOT NULL DEFAULT 0;
CREATE INDEX messages_person_idx ON messages (tenant_id, person, id) WHERE person <> '';

-- What the provider has told of a message since it took it; empty: nothing.
ALTER TABLE messages ADD COLUMN delivery TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN delivery_code TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN delivery_at INTEGER;
