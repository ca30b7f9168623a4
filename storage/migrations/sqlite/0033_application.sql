-- +goose Up
-- What a link of a message does elsewhere than where it was asked for.
ALTER TABLE applications ADD COLUMN link_elsewhere TEXT NOT NULL DEFAULT 'code';
