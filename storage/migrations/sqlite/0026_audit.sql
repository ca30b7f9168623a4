-- +goose Up
-- Whoever acted in somebody's name did what is told there, too.
CREATE INDEX audit_records_actor_by_idx ON audit_records (tenant_id, actor_by, number) WHERE actor_by IS NOT NULL;
