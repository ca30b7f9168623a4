package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"

	"github.com/lintel-id/lintel/server/platform/id"
)

// genesisLabel keeps a chain's beginning apart from every other use of the hash.
const genesisLabel = "lintel audit chain, version 1"

// genesis is what the first record of a tenant follows: SHA-256 over the label and
// the 16 bytes of the tenant's id, so that no chain passes for another tenant's.
func genesis(tenant id.Tenant) Hash {
	raw := tenant.Bytes()
	return sha256.Sum256(append([]byte(genesisLabel), raw[:]...))
}

// after is the hash of a record: SHA-256 over the hash before and the encoding.
func (r Record) after(previous Hash) Hash {
	return sha256.Sum256(append(previous[:], r.encoding()...))
}

// encoding is the record without its hash. Each field is preceded by its length in
// eight bytes, numbers and the time in microseconds since 1970 are eight bytes
// themselves, big-endian, so no two records have one encoding. What is not there and
// what is empty are the same.
func (r Record) encoding() []byte {
	tenant, name := r.Event.Tenant.Bytes(), r.Event.ID.Bytes()
	var out bytes.Buffer
	fields := [][]byte{
		tenant[:], number(r.Number), number(r.Event.Seq), name[:],
		[]byte(r.Event.Type), number(int64(r.Event.Version)), number(r.Event.Time.UnixMicro()), []byte(r.Event.Subject),
		[]byte(r.Event.Actor.Kind), []byte(r.Event.Actor.ID), r.Event.Data, []byte(r.Event.Person), r.Event.Personal,
	}
	// Fields more; records from before there was one stay as they are.
	if r.Event.Actor.By != "" || len(r.Event.Source) > 0 {
		fields = append(fields, []byte(r.Event.Actor.By))
	}
	if len(r.Event.Source) > 0 {
		fields = append(fields, r.Event.Source)
	}
	for _, field := range fields {
		out.Write(number(int64(len(field))))
		out.Write(field)
	}
	return out.Bytes()
}

func number(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

// extend makes the records that follow the heads, which it moves, event by event.
func extend(heads map[id.Tenant]Head, record Record) Record {
	head, ok := heads[record.Event.Tenant]
	if !ok || head.Number == 0 {
		head = Head{Tenant: record.Event.Tenant, Number: 0, Hash: genesis(record.Event.Tenant)}
	}
	record.Number = head.Number + 1
	record.Hash = record.after(head.Hash)
	heads[record.Event.Tenant] = Head{Tenant: record.Event.Tenant, Number: record.Number, Hash: record.Hash}
	return record
}
