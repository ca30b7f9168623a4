package models_test

import (
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/passkey/models"
	"github.com/lintel-id/lintel/server/passkey/models/modelstest"
)

func numberOf(t testing.TB, m *models.Models) int {
	t.Helper()
	state, some := m.State()
	require.True(t, some)
	return state.Number
}

// Who withdraws a model is heard by a server that runs: within a minute, or when it is told to look.
func TestClass_WebAuthn_AWithdrawalReachesARunningServer(t *testing.T) {
	made := uuid.MustParse(keys)
	w := newWorld(t, modelstest.Entry{AAGUID: made})
	m := opened(t, w)
	w.service.Publish(t, w.config, 8, next, modelstest.Entry{AAGUID: made, Statuses: []string{"REVOKED"}})
	w.clock.Advance(59 * time.Second)
	require.False(t, m.Withdrawn(made), "not every question is one for the disk")
	w.clock.Advance(time.Second)
	require.True(t, m.Withdrawn(made))
	require.Equal(t, 1, w.log.count("passkey metadata was read"))

	w.service.Publish(t, w.config, 9, next, modelstest.Entry{AAGUID: made})
	over, cancel := context.WithCancel(t.Context())
	cancel()
	m.Refresh(over)
	require.Equal(t, 8, numberOf(t, m))
	m.Refresh(t.Context())
	require.Equal(t, 9, numberOf(t, m))
	w.clock.Advance(-time.Hour) // a clock that is set back stops nobody
	w.service.Publish(t, w.config, 10, next, modelstest.Entry{AAGUID: made})
	require.Equal(t, 10, numberOf(t, m))
}

// Whoever can change the file can neither bring back what was, nor take anything away.
func TestClass_WebAuthn_WhatIsBrokenOrOlderIsNotBelieved(t *testing.T) {
	made := uuid.MustParse(keys)
	revoked := modelstest.Entry{AAGUID: made, Statuses: []string{"REVOKED"}}
	w := newWorld(t, revoked)
	m := opened(t, w)
	stranger := modelstest.NewService(t, now)
	refused := 0
	for name, change := range map[string]func(){
		"older":    func() { w.service.Publish(t, w.config, 6, next, modelstest.Entry{AAGUID: made}) },
		"foreign":  func() { stranger.Publish(t, w.config, 8, next, modelstest.Entry{AAGUID: made}) },
		"cut":      func() { require.NoError(t, os.Truncate(w.config.File, 100)) },
		"gone":     func() { require.NoError(t, os.Remove(w.config.File)) },
		"no roots": func() { require.NoError(t, os.WriteFile(w.config.RootFile, nil, 0o600)) },
	} {
		w.service.Publish(t, w.config, 7, next, revoked)
		require.NoError(t, os.WriteFile(w.config.RootFile, w.service.RootPEM(), 0o600))
		m.Refresh(t.Context())
		change()
		for range 3 {
			m.Refresh(t.Context())
			require.Equal(t, 7, numberOf(t, m), name)
			require.True(t, m.Withdrawn(made), name)
		}
		refused++
		require.Equal(t, refused, w.log.count("level=ERROR"), "%s: is said once", name)
	}
	require.NoError(t, os.WriteFile(w.config.RootFile, w.service.RootPEM(), 0o600))
	w.service.Publish(t, w.config, 7, next, revoked, modelstest.Entry{AAGUID: uuid.MustParse(googles), Description: "x"})
	m.Refresh(t.Context())
	require.Equal(t, "x", m.Name(uuid.MustParse(googles)), "the same number again is taken")
}

// Roots change too, and a server need not be started again for it.
func TestAnotherRootIsReadAgain(t *testing.T) {
	w := newWorld(t, modelstest.Entry{AAGUID: uuid.MustParse(keys)})
	m := opened(t, w)
	follower := modelstest.NewService(t, now)
	follower.Publish(t, w.config, 8, next, modelstest.Entry{AAGUID: uuid.MustParse(keys)})
	m.Refresh(t.Context())
	require.Equal(t, 7, numberOf(t, m))
	require.NoError(t, os.WriteFile(w.config.RootFile, append(w.service.RootPEM(), follower.RootPEM()...), 0o600))
	m.Refresh(t.Context())
	require.Equal(t, 8, numberOf(t, m))
}

// Those who ask while the file is read get the one or the other whole, and never less than
// they got before.
func TestReadingWhileItIsReadAgain(t *testing.T) {
	made := uuid.MustParse(keys)
	w := newWorld(t, modelstest.Entry{AAGUID: made, Description: "A Key"})
	m := opened(t, w)
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			last := 0
			for {
				state, some := m.State()
				if !some || state.Number < last || m.Name(made) != "A Key" || m.Withdrawn(made) {
					t.Error("something was missing")
				}
				last = state.Number
				if entry, err := m.Provider().GetEntry(t.Context(), made); err != nil || entry == nil {
					t.Error("the entry was missing")
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for number := 8; number < 16; number++ {
		w.service.Publish(t, w.config, number, next, modelstest.Entry{AAGUID: made, Description: "A Key"})
		w.clock.Advance(time.Minute)
		m.Refresh(t.Context())
	}
	close(done)
	readers.Wait()
	require.Equal(t, 15, numberOf(t, m))
}
