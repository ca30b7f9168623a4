-- +goose Up
-- Where whoever acted came from: under the key of a person who acted for themselves, as it
-- is of whoever manages; NULL: not known, or not kept.
ALTER TABLE events ADD COLUMN source BLOB;
ALTER TABLE audit_records ADD COLUMN source BLOB;
