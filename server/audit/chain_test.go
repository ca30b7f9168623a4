package audit

import (
	"encoding/binary"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// fields takes an encoding apart again; what can be undone has lost nothing, so two
// records never have one encoding.
func fields(t *testing.T, encoding []byte) (all [][]byte) {
	t.Helper()
	for len(encoding) > 0 {
		length := binary.BigEndian.Uint64(encoding)
		all, encoding = append(all, encoding[8:8+length]), encoding[8+length:]
	}
	return all
}

func FuzzEncodingLosesNothing(f *testing.F) {
	f.Add(int64(1), int64(2), int64(3), []byte("0123456789abcdef"), "user.created", "usr_a", "user", "usr_b", []byte(`{}`), "usr_a", []byte{1}, "", []byte(nil))
	f.Add(int64(1), int64(2), int64(3), []byte("0123456789abcdef"), "user.created", "usr_a", "user", "usr_b", []byte(`{}`), "usr_a", []byte{1}, "key_a", []byte{2})
	f.Add(int64(-1), int64(0), int64(1<<62), []byte(""), "", "\x00\x00\x00\x00\x00\x00\x00\x01a", "", "", []byte(nil), "", []byte(nil), "", []byte{1})
	f.Fuzz(func(t *testing.T, place, seq, at int64, raw []byte, kind, subject, actorKind, actor string, data []byte, person string, personal []byte, by string, source []byte) {
		var bytes [16]byte
		copy(bytes[:], raw)
		record := Record{Number: place, Hash: Hash{}, Event: event.Envelope{
			Seq: seq, Type: kind, Version: int(seq % 100), Time: time.UnixMicro(at), Subject: subject,
			Actor: reqctx.Actor{Kind: reqctx.ActorKind(actorKind), ID: actor, By: by}, Data: data, Person: person, Personal: personal, Source: source,
		}}
		setID(&record.Event.Tenant, bytes)
		bytes[0]++
		setID(&record.Event.ID, bytes)

		all := fields(t, record.encoding())
		require.GreaterOrEqual(t, len(all), 13)
		require.LessOrEqual(t, len(all), 15)
		whole := func(i int) int64 { return int64(binary.BigEndian.Uint64(all[i])) }
		again := Record{Number: whole(1), Hash: Hash{}, Event: event.Envelope{
			Seq: whole(2), Type: string(all[4]), Version: int(whole(5)), Time: time.UnixMicro(whole(6)), Subject: string(all[7]),
			Actor: reqctx.Actor{Kind: reqctx.ActorKind(all[8]), ID: string(all[9])},
			Data:  json.RawMessage(all[10]), Person: string(all[11]), Personal: all[12],
		}}
		if len(all) > 13 {
			again.Event.Actor.By = string(all[13])
		}
		if len(all) > 14 {
			again.Event.Source = all[14]
		}
		again.Event.Source, record.Event.Source = append([]byte{}, again.Event.Source...), append([]byte{}, record.Event.Source...)
		setID(&again.Event.Tenant, [16]byte(all[0]))
		setID(&again.Event.ID, [16]byte(all[3]))
		again.Event.Data, record.Event.Data = append([]byte{}, again.Event.Data...), append([]byte{}, record.Event.Data...)
		again.Event.Personal, record.Event.Personal = append([]byte{}, again.Event.Personal...), append([]byte{}, record.Event.Personal...)
		require.Equal(t, record, again)
	})
}

func setID[K id.Kind](into *id.Of[K], raw [16]byte) { *into = id.FromBytes[K](raw) }

// Whoever verifies without this program needs these bytes: they never change. The
// hashes were computed by another program, from the description alone.
func TestTheChainStaysWhatItIs(t *testing.T) {
	var tenant id.Tenant
	require.NoError(t, tenant.UnmarshalText([]byte("tnt_01h455vb4pex5vsknk084sn02q")))
	require.Equal(t, "6103866cbc85e1fd37246a1ac3158277878668083f2e1900c0830bae6c86ed69", genesis(tenant).String())
	heads := map[id.Tenant]Head{}
	told := event.Envelope{
		Seq: 7, Type: "user.created", Version: 1, Time: time.Date(2030, 1, 2, 3, 4, 5, 678901000, time.UTC), Tenant: tenant,
		Subject: "usr_a", Actor: reqctx.Actor{Kind: reqctx.User, ID: "usr_b"}, Data: json.RawMessage(`{}`),
		Person: "usr_a", Personal: []byte{1, 2},
	}
	first := extend(heads, Record{Event: told})
	second := extend(heads, Record{Event: told})
	require.EqualValues(t, 1, first.Number)
	require.EqualValues(t, 2, second.Number)
	require.Equal(t, Head{Tenant: tenant, Number: 2, Hash: second.Hash}, heads[tenant])
	require.Equal(t, "836b7d69be61e42956640435a7e0145e450ac160e4e97df77cc51628c347c347", first.Hash.String())
	require.Equal(t, "5999af859d3a472399d54982065f4764cc5055260766368e65bc987faa3f4f84", second.Hash.String())
	told.Source = []byte{3}
	require.Equal(t, "19c60ac1247ad1666b2572e1aa0ee2e1589728d9a5d7d90f546a94ad3c83f267", extend(heads, Record{Event: told}).Hash.String())
	told.Actor.By = "key_c"
	require.Equal(t, "320dd0aadb28b32c2da1e2f40762daf4a3f637b732625dd449a2f03ee4b04143", extend(heads, Record{Event: told}).Hash.String())
}

func TestParseHash(t *testing.T) {
	hash := genesis(id.Tenant{})
	parsed, err := ParseHash(hash.String())
	require.NoError(t, err)
	require.Equal(t, hash, parsed)
	for _, bad := range []string{"", "00", hash.String() + "00", hash.String()[1:], "zz" + hash.String()[2:]} {
		_, err := ParseHash(bad)
		require.ErrorIs(t, err, errHash, bad)
	}
}
