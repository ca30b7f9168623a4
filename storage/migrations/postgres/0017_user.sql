-- +goose Up
-- Since when a password has to be replaced at the next login; NULL: it is good.
ALTER TABLE passwords ADD COLUMN expired_at timestamptz;

-- Who uses a session in its user's name, as they are called, and by what right; NULL: the
-- user themselves.
ALTER TABLE sessions ADD COLUMN act_subject text;
ALTER TABLE sessions ADD COLUMN act_by text;

-- By what right somebody else acted in the actor's name; NULL: it was the actor.
ALTER TABLE events ADD COLUMN actor_by text;
ALTER TABLE audit_records ADD COLUMN actor_by text;
