package storetest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/storage"
)

// Messages is what the store of messages promises.
func Messages(t *testing.T) {
	each(t, map[string]func(t *testing.T, db *storage.DB){
		"RoundTrip": messagesRoundTrip,
		"List":      messagesList,
		"Claim":     messagesClaim,
		"ClaimRace": messagesClaimRace,
		"Update":    messagesUpdate,
		"Requeue":   messagesRequeue,
		"Resolve":   messagesResolve,
		"Move":      messagesMove,
		"Note":      messagesNote,
		"Delete":    messagesDelete,
	})
}

func aMessage(tenant id.Tenant) message.Message {
	made := message.Message{
		Tenant: tenant, Kind: message.Test, Channel: message.Email, Application: anApplication("web-shop").ID.String(), Locale: "ja", Recipient: []byte{1, 2}, Address: [32]byte{3},
		Content: []byte{4}, HolderOnly: true, Status: message.Queued, CreatedAt: after(0), DueAt: after(0), OutdatedAt: after(time.Hour), ExpiresAt: after(2 * time.Hour),
	}
	copyID(&made.ID)
	return made
}

func posted(t *testing.T, db *storage.DB) (context.Context, message.Message) {
	t.Helper()
	tenant := NewTenant()
	ctx, made := Within(t.Context(), tenant), aMessage(tenant)
	require.NoError(t, storage.NewMessages(db).InsertMessage(ctx, made))
	return ctx, made
}

func claimMessages(t *testing.T, db *storage.DB, now time.Duration, limit int) []message.Message {
	t.Helper()
	claimed, err := storage.NewMessages(db).ClaimMessages(everywhere(t), after(now), after(now+time.Minute), limit)
	require.NoError(t, err)
	return claimed
}

func messagesRoundTrip(t *testing.T, db *storage.DB) {
	messages := storage.NewMessages(db)
	ctx, made := posted(t, db)
	found, err := messages.MessageByID(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, made, found)
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := messages.MessageByID(ctx, made.ID)
		return found.Kind != "", err
	}, message.ErrUnknown)
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := messages.Messages(ctx, message.Filter{}, message.ID{}, 5)
		return len(found) > 0, err
	}, nil)
	_, err = messages.ClaimMessages(ctx, after(0), after(1), 1)
	require.ErrorIs(t, err, reqctx.ErrNoTenant)
	_, err = messages.DeleteMessages(ctx, after(0), 1)
	require.ErrorIs(t, err, reqctx.ErrNoTenant)
}

func messagesList(t *testing.T, db *storage.DB) {
	messages := storage.NewMessages(db)
	ctx, first := posted(t, db)
	second := aMessage(first.Tenant)
	second.Address, second.Status = [32]byte{9}, message.Failed
	require.NoError(t, messages.InsertMessage(ctx, second))
	all, err := messages.Messages(ctx, message.Filter{}, message.ID{}, 5)
	require.NoError(t, err)
	require.ElementsMatch(t, []message.Message{first, second}, all)
	newest, err := messages.Messages(ctx, message.Filter{}, message.ID{}, 1)
	require.NoError(t, err)
	require.Equal(t, all[:1], newest)
	older, err := messages.Messages(ctx, message.Filter{}, newest[0].ID, 5)
	require.NoError(t, err)
	require.Equal(t, all[1:], older)
	for _, filter := range []message.Filter{{Status: message.Failed}, {Address: &second.Address}, {Status: message.Failed, Address: &second.Address}} {
		found, err := messages.Messages(ctx, filter, message.ID{}, 5)
		require.NoError(t, err)
		require.Equal(t, []message.Message{second}, found)
	}
	none, err := messages.Messages(ctx, message.Filter{Status: message.Queued, Address: &second.Address}, message.ID{}, 5)
	require.NoError(t, err)
	require.Empty(t, none)
}

func messagesClaim(t *testing.T, db *storage.DB) {
	messages := storage.NewMessages(db)
	ctx, made := posted(t, db)
	later := aMessage(made.Tenant)
	later.DueAt = after(time.Second)
	require.NoError(t, messages.InsertMessage(ctx, later))
	require.Empty(t, claimMessages(t, db, -time.Microsecond, 5), "nothing is due")
	claimed := claimMessages(t, db, time.Second, 1)
	require.Len(t, claimed, 1)
	require.Equal(t, made.ID, claimed[0].ID, "the longest due comes first")
	stored, err := messages.MessageByID(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, stored, claimed[0])
	require.True(t, stored.Claimed)
	require.Equal(t, []int{1, 1, 0}, []int{int(stored.Fence), stored.Attempts, stored.Lost})
	require.Equal(t, later.ID, claimMessages(t, db, time.Second, 5)[0].ID)
	require.Empty(t, claimMessages(t, db, 61*time.Second-time.Microsecond, 5), "both are claimed")
	again := claimMessages(t, db, 61*time.Second, 5)
	require.Len(t, again, 2)
	require.Equal(t, []int{2, 2, 1}, []int{int(again[0].Fence), again[0].Attempts, again[0].Lost}, "a claim that ran out is counted")
	require.True(t, again[0].Unsure)
	require.False(t, stored.Unsure)
}

func messagesClaimRace(t *testing.T, db *storage.DB) {
	const count = 12
	messages := storage.NewMessages(db)
	ctx, made := posted(t, db)
	for range count - 1 {
		require.NoError(t, messages.InsertMessage(ctx, aMessage(made.Tenant)))
	}
	var mu sync.Mutex
	seen := map[message.ID]int{}
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for range 3 {
				claimed, err := messages.ClaimMessages(everywhere(t), after(0), after(time.Minute), 1)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				for _, one := range claimed {
					seen[one.ID]++
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	for _, one := range claimMessages(t, db, 0, count) { // what every racer passed over
		seen[one.ID]++
	}
	require.Len(t, seen, count)
	for _, times := range seen {
		require.Equal(t, 1, times, "one of them has it")
	}
}

func messagesUpdate(t *testing.T, db *storage.DB) {
	messages := storage.NewMessages(db)
	ctx, made := posted(t, db)
	stale := claimMessages(t, db, 0, 1)[0]
	fresh := claimMessages(t, db, time.Minute, 1)[0]
	stale.Status = message.Sent
	require.ErrorIs(t, messages.UpdateMessage(ctx, stale), message.ErrLost)
	fresh.Claimed, fresh.Code, fresh.DueAt = false, "provider_unavailable", after(5*time.Minute)
	require.NoError(t, messages.UpdateMessage(ctx, fresh), "it waits for another attempt")
	fresh.Status, fresh.SentAt, fresh.Content, fresh.Reference, fresh.Code = message.Sent, at(time.Minute), nil, "250", ""
	strangers(t, func(ctx context.Context) (bool, error) {
		return false, messages.UpdateMessage(ctx, fresh)
	}, message.ErrLost)
	require.NoError(t, messages.UpdateMessage(ctx, fresh))
	stored, err := messages.MessageByID(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, fresh, stored)
	require.ErrorIs(t, messages.UpdateMessage(ctx, fresh), message.ErrLost, "what is sent stays sent")
	require.Empty(t, claimMessages(t, db, time.Hour, 5))
}

func messagesRequeue(t *testing.T, db *storage.DB) {
	messages := storage.NewMessages(db)
	ctx, _ := posted(t, db)
	claimed := claimMessages(t, db, 0, 1)[0]
	again := claimed
	again.Fence, again.Attempts, again.Claimed, again.DueAt = claimed.Fence+1, 0, false, after(time.Second)
	claimed.Reference, claimed.Delivery = "ref", &message.Delivery{Outcome: message.Bounced, Code: "5", At: after(1)}
	require.ErrorIs(t, messages.RequeueMessage(ctx, again), message.ErrNotFailed)
	claimed.Status, claimed.Code, claimed.Claimed = message.Failed, "recipient_refused", false
	require.NoError(t, messages.UpdateMessage(ctx, claimed))
	strangers(t, func(ctx context.Context) (bool, error) {
		return false, messages.RequeueMessage(ctx, again)
	}, message.ErrNotFailed)
	noted, err := messages.NoteDelivery(ctx, claimed, []message.Outcome{""})
	require.NoError(t, err)
	require.True(t, noted)
	require.NoError(t, messages.RequeueMessage(ctx, again))
	stored, err := messages.MessageByID(ctx, claimed.ID)
	require.NoError(t, err)
	require.Equal(t, again, stored)
	require.ErrorIs(t, messages.RequeueMessage(ctx, again), message.ErrNotFailed)
	require.Len(t, claimMessages(t, db, time.Second, 5), 1)
}

func messagesResolve(t *testing.T, db *storage.DB) {
	messages := storage.NewMessages(db)
	ctx, made := posted(t, db)
	stale := claimMessages(t, db, 0, 1)[0]
	fresh := claimMessages(t, db, time.Minute, 1)[0]
	stale.Person = "usr_1"
	require.ErrorIs(t, messages.ResolveMessage(ctx, stale), message.ErrLost)
	fresh.Person, fresh.Kind, fresh.Locale, fresh.Content = "usr_2", message.NoAccount, "pt-BR", []byte{7}
	strangers(t, func(ctx context.Context) (bool, error) {
		return false, messages.ResolveMessage(ctx, fresh)
	}, message.ErrLost)
	require.NoError(t, messages.ResolveMessage(ctx, fresh))
	stored, err := messages.MessageByID(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, fresh, stored, "and it is claimed as before")
	ended := fresh
	ended.Status, ended.Claimed, ended.Person = message.Withheld, false, "usr_3"
	require.NoError(t, messages.UpdateMessage(ctx, ended))
	require.ErrorIs(t, messages.ResolveMessage(ctx, fresh), message.ErrLost, "it has ended")
	stored, err = messages.MessageByID(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, "usr_2", stored.Person, "whom it goes to is as it was noted, or moved, meanwhile")
	count, err := messages.DeleteMessages(everywhere(t), after(2*time.Hour), 5)
	require.NoError(t, err)
	require.Equal(t, 1, count)
}

func messagesNote(t *testing.T, db *storage.DB) {
	messages := storage.NewMessages(db)
	ctx, made := posted(t, db)
	ended := claimMessages(t, db, 0, 1)[0]
	ended.Delivery = &message.Delivery{Outcome: message.Delivered, Code: "c", At: after(time.Second)}
	note := func(ctx context.Context, about message.Message, over ...message.Outcome) bool {
		t.Helper()
		noted, err := messages.NoteDelivery(ctx, about, over)
		require.NoError(t, err)
		return noted
	}
	require.False(t, note(ctx, ended, ""), "nobody has taken it yet")
	ended.Status = message.Sent
	require.NoError(t, messages.UpdateMessage(ctx, ended))
	stale := ended
	stale.Fence--
	require.False(t, note(ctx, stale, ""))
	require.False(t, note(ctx, ended, message.Relayed))
	strangers(t, func(ctx context.Context) (bool, error) {
		return messages.NoteDelivery(ctx, ended, []message.Outcome{""})
	}, nil)
	require.True(t, note(ctx, ended, "", message.Relayed))
	require.False(t, note(ctx, ended, "", message.Relayed))
	stored, err := messages.MessageByID(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, ended.Delivery, stored.Delivery)
	ended.Delivery = &message.Delivery{Outcome: message.Bounced, Code: "", At: after(2 * time.Second)}
	require.True(t, note(ctx, ended, message.Delivered))
	stored, err = messages.MessageByID(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, ended.Delivery, stored.Delivery)
}

func messagesMove(t *testing.T, db *storage.DB) {
	messages := storage.NewMessages(db)
	ctx, nobodys := posted(t, db)
	for range 2 {
		one := aMessage(nobodys.Tenant)
		one.Person = "usr_1"
		require.NoError(t, messages.InsertMessage(ctx, one))
	}
	to := func(person string) (found []message.Message) {
		require.NoError(t, messages.MessagesTo(ctx, person, func(one message.Message) error {
			found = append(found, one)
			return nil
		}))
		return found
	}
	strangers(t, func(ctx context.Context) (bool, error) { return false, messages.MoveMessages(ctx, "usr_1", "usr_2") }, nil)
	strangers(t, func(ctx context.Context) (found bool, err error) {
		err = messages.MessagesTo(ctx, "usr_1", func(message.Message) error { found = true; return nil })
		return found, err
	}, nil)
	require.Len(t, to("usr_1"), 2)
	require.NoError(t, messages.MoveMessages(ctx, "usr_1", "usr_2"))
	require.NoError(t, messages.MoveMessages(ctx, "", "usr_2"), "nobody's stay nobody's")
	require.Empty(t, to("usr_1"))
	require.Empty(t, to(""))
	moved := to("usr_2")
	require.Len(t, moved, 2)
	require.Less(t, moved[0].ID.String(), moved[1].ID.String(), "the oldest first")
}

func messagesDelete(t *testing.T, db *storage.DB) {
	messages := storage.NewMessages(db)
	ctx, made := posted(t, db)
	count, err := messages.DeleteMessages(everywhere(t), after(24*time.Hour), 5)
	require.NoError(t, err)
	require.Zero(t, count, "what is to be sent is kept until it was")
	ended := claimMessages(t, db, 0, 1)[0]
	ended.Status = message.Sent
	require.NoError(t, messages.UpdateMessage(ctx, ended))
	count, err = messages.DeleteMessages(everywhere(t), after(2*time.Hour-time.Microsecond), 5)
	require.NoError(t, err)
	require.Zero(t, count)
	count, err = messages.DeleteMessages(everywhere(t), after(2*time.Hour), 5)
	require.NoError(t, err)
	require.Equal(t, 1, count)
	_, err = messages.MessageByID(ctx, made.ID)
	require.ErrorIs(t, err, message.ErrUnknown)
}
