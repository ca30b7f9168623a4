-- +goose NO TRANSACTION
-- +goose Up
-- Indexes are made beside writers, who would otherwise wait; that takes no transaction,
-- so everything here can be begun again.

-- What audit records are found by, each in the order of their numbers.
DROP INDEX CONCURRENTLY IF EXISTS audit_records_type_idx;
CREATE INDEX CONCURRENTLY audit_records_type_idx ON audit_records (tenant_id, type, number);
DROP INDEX CONCURRENTLY IF EXISTS audit_records_subject_idx;
CREATE INDEX CONCURRENTLY audit_records_subject_idx ON audit_records (tenant_id, subject, number);
DROP INDEX CONCURRENTLY IF EXISTS audit_records_actor_idx;
CREATE INDEX CONCURRENTLY audit_records_actor_idx ON audit_records (tenant_id, actor_id, number) WHERE actor_id <> '';
DROP INDEX CONCURRENTLY IF EXISTS audit_records_person_idx;
CREATE INDEX CONCURRENTLY audit_records_person_idx ON audit_records (tenant_id, person, number) WHERE person <> '';
DROP INDEX CONCURRENTLY IF EXISTS audit_records_time_idx;
CREATE INDEX CONCURRENTLY audit_records_time_idx ON audit_records (tenant_id, time, number);
