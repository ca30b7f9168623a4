-- +goose Up
-- Since when a password has to be replaced at the next login; NULL: it is good.
ALTER TABLE passwords ADD COLUMN expired_at timestamptz;
