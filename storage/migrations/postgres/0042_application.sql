-- +goose Up
-- What an application says of its passkeys; without it there are none.
ALTER TABLE applications ADD COLUMN passkeys text;
