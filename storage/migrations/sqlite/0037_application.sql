-- +goose Up
-- Whether people may go on without registering.
ALTER TABLE applications ADD COLUMN guests INTEGER NOT NULL DEFAULT 0;
