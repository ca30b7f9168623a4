package management_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/management"
)

func TestMergeAtAServer(t *testing.T) {
	baseURL, first := serve(t)
	ctx, client := t.Context(), dial(t, baseURL, first)
	create := func(names ...string) *management.UserRecord {
		wanted := management.NewUser{}
		for _, name := range names {
			wanted.Identifiers = append(wanted.Identifiers, management.NewUserIdentifier{Value: name})
		}
		made, err := client.CreateUser(ctx, wanted)
		require.NoError(t, err)
		return made
	}
	target, source := create("ada"), create("countess")
	wanted := management.UserMerge{SourceUserID: source.ID}
	var header http.Header
	preview, err := client.PreviewUserMerge(ctx, target.ID, wanted, management.ReadHeader(&header))
	require.NoError(t, err)
	require.Equal(t, source.Identifiers[0].ID, preview.Identifiers[0].ID)
	_, err = client.SuspendUser(ctx, source.ID)
	require.NoError(t, err)
	_, err = client.MergeUsers(ctx, target.ID, header.Get("ETag"), wanted)
	requireCode(t, err, http.StatusConflict, management.ProblemCodeMergeSuspended)
	_, err = client.ReactivateUser(ctx, source.ID)
	require.NoError(t, err)
	_, err = client.MergeUsers(ctx, target.ID, header.Get("ETag"), wanted)
	requireCode(t, err, http.StatusPreconditionFailed, management.ProblemCodeVersionStale)

	_, err = client.PreviewUserMerge(ctx, target.ID, wanted, management.ReadHeader(&header))
	require.NoError(t, err)
	after, err := client.MergeUsers(ctx, target.ID, header.Get("ETag"), wanted)
	require.NoError(t, err)
	require.Len(t, after.Identifiers, 2)
	_, err = client.GetUser(ctx, source.ID)
	requireCode(t, err, http.StatusNotFound, management.ProblemCodeUserUnknown)
}
