-- +goose NO TRANSACTION
-- +goose Up
-- Whoever acted in somebody's name did what is told there, too. The index is made beside
-- writers, which takes no transaction, so it can be begun again.
DROP INDEX CONCURRENTLY IF EXISTS audit_records_actor_by_idx;
CREATE INDEX CONCURRENTLY audit_records_actor_by_idx ON audit_records (tenant_id, actor_by, number) WHERE actor_by IS NOT NULL;
