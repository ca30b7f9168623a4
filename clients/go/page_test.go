package lintel_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	lintel "github.com/lintel-id/lintel/clients/go"
)

func TestAllPages(t *testing.T) {
	pages := []reply{
		{status: 200, body: `{"items":[{"id":"ses_1"},{"id":"ses_2"}],"next_cursor":"b"}`},
		{status: 200, body: `{"items":[],"next_cursor":"c d"}`},
		{status: 200, body: `{"items":[{"id":"ses_3"}],"next_cursor":null}`},
	}
	client, server := against(t, lintel.Options{}, pages...)
	all := client.AllMySessions(t.Context(), lintel.ListMySessionsParams{Limit: new(int32(2))}, lintel.WithToken("ls_1"))
	require.Empty(t, server.asked, "nothing is asked before it is needed")
	var seen []string
	for one, err := range all {
		require.NoError(t, err)
		seen = append(seen, one.ID)
	}
	require.Equal(t, []string{"ses_1", "ses_2", "ses_3"}, seen)
	var asked []string
	for _, request := range server.asked {
		require.Equal(t, "Bearer ls_1", request.Header.Get("Authorization"))
		asked = append(asked, request.URL.RawQuery)
	}
	require.Equal(t, []string{"limit=2", "limit=2&cursor=b", "limit=2&cursor=c+d"}, asked)

	client, server = against(t, lintel.Options{}, pages...)
	for _, err := range client.AllMySessions(t.Context()) {
		require.NoError(t, err)
		break
	}
	require.Len(t, server.asked, 1, "no page that nobody looks at")
	require.Empty(t, server.asked[0].URL.RawQuery)
}

func TestAllPagesBeginWhereTheyAreTold(t *testing.T) {
	client, server := against(t, lintel.Options{}, reply{status: 200, body: `{"items":[{"id":"evt_1"}]}`})
	all := client.AllActivity(t.Context(), lintel.ListActivityParams{Cursor: new("here")})
	for range 2 {
		for _, err := range all {
			require.NoError(t, err)
		}
	}
	require.Len(t, server.asked, 2)
	for _, request := range server.asked {
		require.Equal(t, "cursor=here", request.URL.RawQuery)
	}
}

func TestAllPagesEndWithTheFirstFailure(t *testing.T) {
	client, server := against(t, lintel.Options{}, reply{status: 200, body: `{"items":[{"id":"idn_1"}],"next_cursor":"b"}`}, problem(401, "session_invalid"))
	var seen []string
	var failure error
	for one, err := range client.AllIdentifiers(t.Context()) {
		require.NoError(t, failure, "it goes on after a failure")
		failure = err
		seen = append(seen, one.ID)
	}
	failed(t, failure, "session_invalid")
	require.Equal(t, []string{"idn_1", ""}, seen)
	require.Len(t, server.asked, 2)
}
