package user

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/schema"
)

// maxMetadata bounds the public metadata of a user, and the private one.
const maxMetadata = 16 << 10

// SetMetadata merges patches into what operators keep about a user; nil leaves one as it
// is. A version that is given must be the stored one (ErrChanged). ErrMetadataInvalid
// names the patch. What changes nothing writes nothing. Spec: RFC 7396 §2.
func (s *Service) SetMetadata(ctx context.Context, id ID, version *int64, public, private json.RawMessage) (User, error) {
	return s.amend(ctx, id, version, func(_ context.Context, user *User) (amendment, error) {
		which := []string{}
		for _, part := range []struct {
			name  string
			held  *json.RawMessage
			patch json.RawMessage
		}{{"public", &user.PublicMetadata, public}, {"private", &user.PrivateMetadata, private}} {
			if part.patch == nil {
				continue
			}
			merged, ok := schema.MergeObjects(*part.held, part.patch, maxMetadata)
			if !ok {
				return amendment{}, ErrMetadataInvalid.At(fault.Field{
					Pointer: "/" + part.name + "_metadata", Code: "metadata", Detail: "This is no object, or more than 16 KiB.",
				})
			}
			if string(merged) == "{}" {
				merged = nil
			}
			if !bytes.Equal(merged, *part.held) {
				*part.held = merged
				which = append(which, part.name)
			}
		}
		if len(which) == 0 {
			return amendment{}, nil
		}
		return amendment{told: []event.Draft{metadataUpdated(id, which)}}, nil
	})
}

// metadataUpdated names the user as the subject only: it would tell the person of what
// they do not see.
func metadataUpdated(id ID, which []string) event.Draft {
	told := draft(EventMetadataUpdated, id, MetadataData{Changed: which})
	told.Person = ""
	return told
}
