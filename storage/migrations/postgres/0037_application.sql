-- +goose Up
-- Whether people may go on without registering.
ALTER TABLE applications ADD COLUMN guests boolean NOT NULL DEFAULT false;
