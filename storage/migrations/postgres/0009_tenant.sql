-- +goose Up
ALTER TABLE tenants ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
