-- +goose Up
-- Where a version is from, and with the newest one where the next may be. Until now only
-- the configuration has made any.
ALTER TABLE schemas ADD COLUMN managed_by TEXT NOT NULL DEFAULT 'configuration';
