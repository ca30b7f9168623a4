-- +goose Up
-- What audit records are found by, each in the order of their numbers.
CREATE INDEX audit_records_type_idx ON audit_records (tenant_id, type, number);
CREATE INDEX audit_records_subject_idx ON audit_records (tenant_id, subject, number);
CREATE INDEX audit_records_actor_idx ON audit_records (tenant_id, actor_id, number) WHERE actor_id <> '';
CREATE INDEX audit_records_person_idx ON audit_records (tenant_id, person, number) WHERE person <> '';
CREATE INDEX audit_records_time_idx ON audit_records (tenant_id, time, number);
