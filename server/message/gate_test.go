package message_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

// readers are whoever has an address.
type readers struct {
	known map[string]string
	reads string // what each of them says they read
	fails error
	tells bool // those who are not known are told so
}

func (r *readers) Holder(_ context.Context, _ message.Channel, address string) (reader message.Reader, found bool, err error) {
	person, found := r.known[address]
	return message.Reader{Person: person, Reads: r.reads}, found, r.fails
}

// sign queues what lets the holder of an address in.
func (h *house) sign(t *testing.T, to, person string) message.Opened {
	t.Helper()
	made, err := h.Queue(h.ctx, message.Draft{
		Kind: message.Test, Channel: message.Email, To: to, Locales: []string{"en"}, ValidFor: time.Hour, Person: person, HolderOnly: true,
		Values: map[string]string{"code": " 123456", "link": "https://id.example.com/l", "name": "web"},
	})
	require.NoError(t, err)
	return made
}

// Whoever asks finds out nothing: both are queued alike, and only the worker looks.
func TestClass_Enumeration_OnlyTheWorkerLooksWhoIsKnown(t *testing.T) {
	h := open(t, func(c *message.Config) { c.KeepContent = true })
	h.readers.fails = errors.New("nobody may ask now")
	known, unknown := h.sign(t, "ada@example.com", ""), h.sign(t, "eve@example.com", "")
	known.ID, known.Recipient, known.Content, known.Address, known.To = unknown.ID, unknown.Recipient, unknown.Content, unknown.Address, unknown.To
	require.Equal(t, known, unknown)
	require.Equal(t, []string{"message.queued", "message.queued"}, h.told(t))
	none, err := h.Inbox(h.ctx, "", message.ID{}, 0)
	require.NoError(t, err)
	require.Empty(t, none, "a test reads no more than people would")
	require.NoError(t, h.SendAll(h.ctx))
	waiting := h.now(t, unknown.ID)
	require.Equal(t, message.Queued, waiting.Status, "what cannot be looked up waits")
	require.Equal(t, "not_ready", waiting.Code)
	require.Zero(t, waiting.Attempts)
}

func TestOnlyAHolderIsWrittenTo(t *testing.T) {
	for _, kept := range []bool{false, true} {
		h := open(t, func(c *message.Config) { c.KeepContent = kept })
		h.readers.known = map[string]string{"ada@example.com": "usr_ada"}
		known, unknown := h.sign(t, "ada@example.com", ""), h.sign(t, "eve@example.com", "")
		require.NoError(t, h.SendAll(h.ctx))
		require.Equal(t, []string{"ada@example.com: test 123456"}, h.provider.taken)
		sent, held := h.now(t, known.ID), h.now(t, unknown.ID)
		require.Equal(t, message.Sent, sent.Status)
		require.Equal(t, "usr_ada", sent.Person)
		require.Equal(t, message.Withheld, held.Status)
		require.Empty(t, held.Person)
		require.Zero(t, held.Attempts)
		require.Equal(t, kept, held.Content != nil)
		require.ElementsMatch(t, []string{"message.queued", "message.queued", "message.sent", "message.withheld"}, h.told(t))
		found, err := h.Inbox(h.ctx, "", message.ID{}, 0)
		require.NoError(t, err)
		for _, one := range found {
			require.Equal(t, known.ID, one.ID)
		}
		page, err := h.List(h.ctx, message.Withheld, "", message.ID{}, 9)
		require.NoError(t, err)
		require.Equal(t, []message.Opened{held}, page.Items)
		_, err = h.Resend(h.ctx, unknown.ID)
		require.ErrorIs(t, err, message.ErrNotFailed)
		h.clock.Advance(8 * 24 * time.Hour)
		require.NoError(t, h.DeleteExpired(h.ctx))
		_, err = h.ByID(h.ctx, unknown.ID)
		require.ErrorIs(t, err, message.ErrUnknown)
	}
}

// Where the tenant wishes so, who is not known is told, and gets nothing that lets them in.
func TestWhoIsNotKnownIsToldWhereThatIsWished(t *testing.T) {
	h := open(t, func(c *message.Config) { c.KeepContent = true })
	h.readers.tells = true
	h.provider.answer = func(attempt int) error {
		if attempt == 1 {
			return errors.New("away")
		}
		return nil
	}
	asked := h.sign(t, "eve@example.com", "")
	require.NoError(t, h.SendAll(h.ctx))
	require.Equal(t, message.NoAccount, h.now(t, asked.ID).Kind)
	h.readers.known = map[string]string{"eve@example.com": "usr_eve"} // they have registered since
	h.clock.Advance(time.Minute)
	require.NoError(t, h.SendAll(h.ctx))
	require.Equal(t, []string{"eve@example.com: no_account"}, h.provider.taken, "no code is in it")
	sent := h.now(t, asked.ID)
	require.Equal(t, message.Sent, sent.Status)
	require.Empty(t, sent.Person)
	found, err := h.Inbox(h.ctx, "eve@example.com", message.ID{}, 0)
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, map[string]string{"name": "web"}, found[0].Values)
}

// What was meant for one is not sent to another who has the address now, nor to one who may
// not sign in any more.
func TestClass_SideDoor_AnAddressThatIsSomebodyElsesNow(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.readers.known = map[string]string{"ada@example.com": "usr_eve"}
		h.readers.tells = true
		moved, gone, there := h.sign(t, "ada@example.com", "usr_ada"), h.sign(t, "bob@example.com", "usr_bob"), h.sign(t, "ada@example.com", "usr_eve")
		require.NoError(t, h.SendAll(h.ctx))
		require.Equal(t, message.Withheld, h.now(t, moved.ID).Status)
		require.Equal(t, message.Withheld, h.now(t, gone.ID).Status)
		require.Equal(t, message.Sent, h.now(t, there.ID).Status)
		require.Len(t, h.provider.taken, 1)

		h.provider.answer = func(int) error { return errors.New("away") }
		waits := h.sign(t, "ada@example.com", "")
		require.NoError(t, h.SendAll(h.ctx))
		require.Equal(t, "usr_eve", h.now(t, waits.ID).Person, "who it is for is known from the first attempt on")
		h.readers.known["ada@example.com"] = "usr_mallory"
		h.clock.Advance(time.Minute)
		require.NoError(t, h.SendAll(h.ctx))
		require.Equal(t, message.Withheld, h.now(t, waits.ID).Status)
	})
}

// A worker that holds a message to somebody who is erased meanwhile brings nothing back.
func TestAMessageUnderWayToSomebodyWhoIsErased(t *testing.T) {
	h := open(t, nil)
	var person user.ID
	require.NoError(t, person.UnmarshalText([]byte("usr_01h455vb4pex5vsknk084sn02q")))
	h.readers.known = map[string]string{"ada@example.com": person.String()}
	h.provider.answer = func(int) error { return storage.NewMessages(h.db).EraseUser(h.ctx, person) }
	sent := h.sign(t, "ada@example.com", "")
	require.NoError(t, h.SendAll(h.ctx))
	_, err := h.ByID(h.ctx, sent.ID)
	require.ErrorIs(t, err, message.ErrUnknown)
	require.Equal(t, []string{"message.queued"}, h.told(t))
}
