-- +goose Up
-- Without one: of a node that knew of no ids. It has the one that is derived from its place.
ALTER TABLE user_identifiers ADD COLUMN id BLOB;
