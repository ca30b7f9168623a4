package message_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
)

// reports notes what a provider would tell.
func (h *house) reports(about message.ID, reference string, outcome message.Outcome) error {
	return h.Note(h.ctx, message.Report{ID: about, Channels: []message.Channel{message.Email}, Reference: reference, Outcome: outcome, Code: "30003"})
}

func TestWhatBecameOfAMessage(t *testing.T) {
	h := open(t, nil)
	sent := h.queued(t)
	require.ErrorIs(t, h.reports(sent.ID, "ref msg_", message.Delivered), message.ErrNotNoted, "the provider is quicker than we are")
	require.NoError(t, h.SendAll(h.ctx))
	require.Nil(t, h.now(t, sent.ID).Delivery)
	require.ErrorIs(t, h.reports(sent.ID, "another", message.Delivered), message.ErrUnknown)
	for _, foreign := range [][]message.Channel{nil, {message.SMS}} {
		require.ErrorIs(t, h.Note(h.ctx, message.Report{ID: sent.ID, Channels: foreign, Reference: "ref msg_", Outcome: message.Bounced}), message.ErrUnknown, "it is not theirs")
	}
	require.Nil(t, h.now(t, sent.ID).Delivery)
	require.Error(t, h.reports(sent.ID, "", ""))
	require.Error(t, h.reports(sent.ID, "", "flown"))
	seen := []message.Outcome{}
	for _, told := range []message.Outcome{
		message.Deferred, message.Relayed, message.Deferred, message.Delivered, message.Delivered, message.Deferred, message.Bounced, message.Delivered, message.Complained,
	} {
		h.clock.Advance(time.Second)
		require.NoError(t, h.reports(sent.ID, "ref msg_", told))
		seen = append(seen, h.now(t, sent.ID).Delivery.Outcome)
	}
	require.Equal(t, []message.Outcome{
		message.Deferred, message.Deferred, message.Deferred, message.Delivered, message.Delivered, message.Delivered, message.Bounced, message.Bounced, message.Complained,
	}, seen)
	require.Equal(t, message.Delivery{Outcome: message.Complained, Code: "30003", At: h.clock.Now()}, *h.now(t, sent.ID).Delivery)
	require.Equal(t, message.Sent, h.now(t, sent.ID).Status)
	require.Equal(t, []string{"message.queued", "message.sent", "message.delivered", "message.bounced", "message.complained"}, h.told(t))
	var nobodys message.ID
	require.NoError(t, nobodys.UnmarshalText([]byte("msg_01h455vb4pex5vsknk084sn02q")))
	require.ErrorIs(t, h.reports(nobodys, "", message.Delivered), message.ErrUnknown)
}

// What was given up may have arrived all the same; what is sent again begins anew.
func TestWhatBecameOfAMessageThatWasGivenUp(t *testing.T) {
	h := open(t, nil)
	h.provider.answer = func(attempt int) error {
		if attempt == 1 {
			return &message.Refusal{Code: message.MessageRefused, Final: true, Cause: errors.New("no")}
		}
		return nil
	}
	failed := h.queued(t)
	require.NoError(t, h.SendAll(h.ctx))
	require.NoError(t, h.reports(failed.ID, "", message.Bounced))
	require.Equal(t, message.Bounced, h.now(t, failed.ID).Delivery.Outcome)
	_, err := h.Resend(h.ctx, failed.ID)
	require.NoError(t, err)
	require.Nil(t, h.now(t, failed.ID).Delivery)
	require.ErrorIs(t, h.reports(failed.ID, "", message.Bounced), message.ErrNotNoted)
	require.NoError(t, h.SendAll(h.ctx))
	require.NoError(t, h.reports(failed.ID, "ref msg_", message.Delivered))
	require.Equal(t, message.Delivered, h.now(t, failed.ID).Delivery.Outcome)

	held := h.sign(t, "eve@example.com", "")
	require.NoError(t, h.SendAll(h.ctx))
	require.ErrorIs(t, h.reports(held.ID, "", message.Delivered), message.ErrUnknown, "nobody has it")
}

// However often a provider reports the same at once, it is told once.
func TestClass_SingleUse_OneReport(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		sent := h.queued(t)
		require.NoError(t, h.SendAll(h.ctx))
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				if err := h.reports(sent.ID, "", message.Delivered); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		require.Equal(t, []string{"message.queued", "message.sent", "message.delivered"}, h.told(t))
	})
}
