package job_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/job"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

type plain struct{}

func (plain) SealPersonal(_ context.Context, _ string, plaintext, _ []byte) ([]byte, error) {
	return plaintext, nil
}

// boxes are one for all tenants.
type boxes struct{ box *seal.Box }

func (b boxes) Box(context.Context) (*seal.Box, error) { return b.box, nil }

// work is whatever a test says.
type work func(ctx context.Context, asked json.RawMessage, out io.Writer, told func(done, total int64) error) error

func (w work) Do(ctx context.Context, asked json.RawMessage, out io.Writer, told func(done, total int64) error) error {
	return w(ctx, asked, out, told)
}

type house struct {
	db    *storage.DB
	clock *clock.Fake
	boxes boxes
	ctx   context.Context
}

func build(t *testing.T) *house {
	t.Helper()
	h := &house{clock: clock.NewFake(storetest.Start())}
	h.db = storetest.Migrated(t, storage.Config{DataDir: t.TempDir(), Clock: h.clock, Logger: slog.New(slog.DiscardHandler)})
	box, err := seal.NewBox(seal.NewDataKey())
	require.NoError(t, err)
	h.boxes, h.ctx = boxes{box}, storetest.Within(t.Context(), storetest.NewTenant())
	return h
}

// node is a server over the database of all.
func (h *house) node(t *testing.T, config job.Config, do work) *job.Service {
	t.Helper()
	events := event.New(event.Deps{Store: storage.NewEvents(h.db), Sealer: plain{}, Clock: h.clock, Wake: func() {}})
	made, err := job.New(job.Deps{
		Store: storage.NewJobs(h.db), Kinds: map[string]job.Kind{"test": {Work: do}}, Tenants: h.boxes, Tx: h.db, Events: events,
		Clock: h.clock, Logger: slog.New(slog.DiscardHandler),
	}, config)
	require.NoError(t, err)
	return made
}

func (h *house) told(t *testing.T) (names []string) {
	t.Helper()
	events, err := storage.NewEvents(h.db).UnsequencedEvents(reqctx.WithEveryTenant(t.Context()), nil, 1000)
	require.NoError(t, err)
	for _, one := range events {
		names = append(names, one.Type)
	}
	return names
}

func anybody(string) error { return nil }

func whole(t *testing.T, h *house, s *job.Service, id job.ID) string {
	t.Helper()
	var text strings.Builder
	for part := 0; ; part++ {
		result, err := s.Result(h.ctx, id, part, anybody)
		require.NoError(t, err)
		text.WriteString(result.Text)
		if result.Last {
			return text.String()
		}
	}
}

// A node dies in the middle: its lease runs out, another begins anew, there is one
// result, and the first, should it still be alive, can add nothing to it.
func TestPromise_OneCommitPoint_AJobOutlivesItsNode(t *testing.T) {
	h := build(t)
	reached, resume := make(chan struct{}), make(chan struct{})
	written := make(chan error, 1)
	dying := h.node(t, job.Default(), func(_ context.Context, _ json.RawMessage, out io.Writer, told func(int64, int64) error) error {
		_, err := io.WriteString(out, strings.Repeat("dead", 1<<19)) // more than a part
		close(reached)
		<-resume
		if err == nil {
			err = told(1, 2)
		}
		written <- err
		return err
	})
	started, err := dying.Start(h.ctx, "test", "audit:read", nil)
	require.NoError(t, err)
	gone := make(chan error, 1)
	go func() {
		_, err := dying.DoOne(t.Context())
		gone <- err
	}()
	<-reached

	next := h.node(t, job.Default(), func(_ context.Context, _ json.RawMessage, out io.Writer, told func(int64, int64) error) error {
		_, err := io.WriteString(out, "alive")
		return errors.Join(err, told(2, 2))
	})
	did, err := next.DoOne(t.Context())
	require.NoError(t, err)
	require.False(t, did, "the lease is the first one's")
	h.clock.Advance(2 * time.Minute)
	did, err = next.DoOne(t.Context())
	require.NoError(t, err)
	require.True(t, did)
	close(resume)
	require.ErrorIs(t, <-written, job.ErrLost)
	require.NoError(t, <-gone)

	ended, err := next.ByID(h.ctx, started.ID)
	require.NoError(t, err)
	require.Equal(t, job.Completed, ended.Status)
	require.EqualValues(t, 2, ended.Done)
	require.Equal(t, "alive", whole(t, h, next, started.ID))
	require.ElementsMatch(t, []string{"job.created", "job.completed", "job.result_opened"}, h.told(t))
}

// However many nodes look at once, one of them does the job.
func TestClass_SingleUse_OneNodeDoesAJob(t *testing.T) {
	h := build(t)
	s := h.node(t, job.Default(), func(context.Context, json.RawMessage, io.Writer, func(int64, int64) error) error { return nil })
	_, err := s.Start(h.ctx, "test", "", nil)
	require.NoError(t, err)
	require.Equal(t, 1, storetest.Race(t, func(int) (bool, error) { return s.DoOne(t.Context()) }))
	require.ElementsMatch(t, []string{"job.created", "job.completed"}, h.told(t))
}

// A long result is cut between characters, and no part is readable where it is kept.
func TestResultInParts(t *testing.T) {
	h := build(t)
	want := strings.Repeat("x", 1<<20-1) + strings.Repeat("🐝", 300_000)
	s := h.node(t, job.Default(), func(_ context.Context, _ json.RawMessage, out io.Writer, _ func(int64, int64) error) error {
		for chunk := []byte(want); len(chunk) > 0; {
			n := min(len(chunk), 70_001)
			if _, err := out.Write(chunk[:n]); err != nil {
				return err
			}
			chunk = chunk[n:]
		}
		return nil
	})
	made, err := s.Start(h.ctx, "test", "scope", nil)
	require.NoError(t, err)
	require.NoError(t, s.DoAll(t.Context()))
	require.Equal(t, want, whole(t, h, s, made.ID))
	ended, err := s.ByID(h.ctx, made.ID)
	require.NoError(t, err)
	require.EqualValues(t, len(want), ended.Bytes)
	sealed, err := storage.NewJobs(h.db).Part(h.ctx, ended, 0)
	require.NoError(t, err)
	require.NotContains(t, string(sealed), "xxxx")

	refusal := errors.New("not you")
	_, err = s.Result(h.ctx, made.ID, 0, func(scope string) error {
		require.Equal(t, "scope", scope)
		return refusal
	})
	require.ErrorIs(t, err, refusal)
	_, err = s.Result(h.ctx, made.ID, ended.Parts, anybody)
	require.ErrorIs(t, err, job.ErrNoResult)

	h.clock.Advance(24 * time.Hour)
	require.NoError(t, s.DeleteExpired(t.Context()))
	_, err = s.ByID(h.ctx, made.ID)
	require.ErrorIs(t, err, job.ErrUnknown)
}

func TestWhatFails(t *testing.T) {
	h := build(t)
	config := job.Default()
	config.MaxBytes = 10
	for code, do := range map[string]work{
		"job_result_too_large": func(_ context.Context, _ json.RawMessage, out io.Writer, _ func(int64, int64) error) error {
			_, err := io.WriteString(out, "eleven bytes")
			return err
		},
		"internal_error": func(context.Context, json.RawMessage, io.Writer, func(int64, int64) error) error {
			return errors.New("secret cause")
		},
	} {
		s := h.node(t, config, do)
		made, err := s.Start(h.ctx, "test", "", nil)
		require.NoError(t, err)
		require.NoError(t, s.DoAll(t.Context()))
		ended, err := s.ByID(h.ctx, made.ID)
		require.NoError(t, err)
		require.Equal(t, job.Failed, ended.Status)
		require.Equal(t, code, ended.Code)
		_, err = s.Result(h.ctx, made.ID, 0, anybody)
		require.ErrorIs(t, err, job.ErrNoResult)
		_, err = s.Cancel(h.ctx, made.ID)
		require.ErrorIs(t, err, job.ErrFinished)
	}
	require.ElementsMatch(t, []string{"job.created", "job.failed", "job.created", "job.failed"}, h.told(t))
}

// A job that its nodes die of does not take all of them along.
func TestClass_Exhaustion_AJobIsGivenUp(t *testing.T) {
	h := build(t)
	s := h.node(t, job.Default(), func(context.Context, json.RawMessage, io.Writer, func(int64, int64) error) error { return nil })
	made, err := s.Start(h.ctx, "test", "", nil)
	require.NoError(t, err)
	for range 5 {
		_, found, err := storage.NewJobs(h.db).ClaimJob(reqctx.WithEveryTenant(t.Context()), []string{"test"}, h.clock.Now(), h.clock.Now().Add(time.Minute))
		require.NoError(t, err)
		require.True(t, found)
		h.clock.Advance(time.Minute)
	}
	require.NoError(t, s.DoAll(t.Context()))
	ended, err := s.ByID(h.ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, "job_abandoned", ended.Code)
}

func TestCancelAndLimit(t *testing.T) {
	h := build(t)
	s := h.node(t, job.Default(), func(context.Context, json.RawMessage, io.Writer, func(int64, int64) error) error { return nil })
	var last job.Job
	for range 20 {
		var err error
		last, err = s.Start(h.ctx, "test", "", nil)
		require.NoError(t, err)
	}
	_, err := s.Start(h.ctx, "test", "", nil)
	require.ErrorIs(t, err, job.ErrLimit)
	_, err = s.Start(h.ctx, "other", "", nil)
	require.Error(t, err)
	for range 2 {
		cancelled, err := s.Cancel(h.ctx, last.ID)
		require.NoError(t, err)
		require.Equal(t, job.Cancelled, cancelled.Status)
	}
	require.Len(t, h.told(t), 21)
	require.NoError(t, s.DoAll(t.Context()))
	ended, err := s.ByID(h.ctx, last.ID)
	require.NoError(t, err)
	require.Equal(t, job.Cancelled, ended.Status)
	_, err = s.Cancel(storetest.Within(t.Context(), storetest.NewTenant()), last.ID)
	require.ErrorIs(t, err, job.ErrUnknown)
	_, err = job.New(job.Deps{}, job.Default())
	require.Error(t, err)
}

// Whoever may have exports made fills no disk with them, and keeps nobody else from one.
func TestClass_Exhaustion_WhatOneCallerHasMadeIsBounded(t *testing.T) {
	h := build(t)
	config := job.Default()
	config.MaxBytes = 10
	s := h.node(t, config, func(_ context.Context, _ json.RawMessage, out io.Writer, _ func(int64, int64) error) error {
		_, err := io.WriteString(out, "0123456789")
		return err
	})
	key := func(id string) context.Context {
		return reqctx.WithActor(h.ctx, reqctx.Actor{Kind: reqctx.APIKey, ID: id})
	}
	for range 16 {
		_, err := s.Start(key("key_a"), "test", "", nil)
		require.NoError(t, err)
		require.NoError(t, s.DoAll(t.Context()))
	}
	_, err := s.Start(key("key_a"), "test", "", nil)
	require.ErrorIs(t, err, job.ErrResultLimit)
	_, err = s.Start(key("key_b"), "test", "", nil)
	require.NoError(t, err)
	h.clock.Advance(config.KeepFor)
	require.NoError(t, s.DeleteExpired(t.Context()))
	_, err = s.Start(key("key_a"), "test", "", nil)
	require.NoError(t, err)
}
