package lintel_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	lintel "github.com/lintel-id/lintel/clients/go"
)

func TestNewTakesOnlyABaseURL(t *testing.T) {
	for _, wrong := range []string{"", "id.example.com", "ftp://id.example.com", "https://", "https://a:b@id.example.com", "https://id.example.com/?x=1", "https://id.example.com/#x", "http://[::1"} {
		_, err := lintel.New(wrong, lintel.Options{})
		require.Error(t, failure(t, err, lintel.CodeInputInvalid).Unwrap(), wrong)
	}
	for base, want := range map[string]string{
		"https://id.example.com": "https://id.example.com/v1/session", "https://id.example.com/": "https://id.example.com/v1/session",
		"http://[::1]:8080/a/b": "http://[::1]:8080/a/b/v1/session", "http://localhost/a%2Fb/": "http://localhost/a%2Fb/v1/session",
	} {
		server := &script{replies: []reply{{status: 200, body: session}}}
		client, err := lintel.New(base, lintel.Options{HTTPClient: &http.Client{Transport: server}})
		require.NoError(t, err)
		_, err = client.GetSession(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, server.asked[0].URL.String())
	}
}

func TestWhatGoesAlong(t *testing.T) {
	header := http.Header{"X-Team": {"web"}, "Accept": {"text/plain"}}
	client, server := against(t, lintel.Options{Token: lintel.StaticToken("ls_1"), Locale: "de", Header: header}, reply{status: 200, body: session})
	header.Set("X-Team", "changed")
	_, err := client.GetSession(t.Context())
	require.NoError(t, err)
	require.Equal(t, http.Header{
		"Authorization": {"Bearer ls_1"}, "Accept-Language": {"de"}, "X-Team": {"web"}, "Accept": {"application/json, application/problem+json"},
	}, server.asked[0].Header)

	_, err = client.GetSession(t.Context(), lintel.WithToken("ls_2"), lintel.WithLocale("en"), lintel.WithHeader("X-Team", "app"), lintel.WithHeader("User-Agent", "Firefox"))
	require.NoError(t, err)
	require.Equal(t, "Bearer ls_2", server.asked[1].Header.Get("Authorization"))
	require.Equal(t, "en", server.asked[1].Header.Get("Accept-Language"))
	require.Equal(t, "app", server.asked[1].Header.Get("X-Team"))
	require.Equal(t, "Firefox", server.asked[1].Header.Get("User-Agent"))

	_, err = client.GetConfiguration(t.Context())
	require.NoError(t, err)
	require.Empty(t, server.asked[2].Header.Get("Authorization"), "who nobody needs to know is not told")
	require.Equal(t, "web", server.asked[2].Header.Get("X-Team"), "an option is for one call")
	_, err = client.GetFlow(t.Context(), lintel.FlowAccess{ID: "flw_1", Token: "lf_1"}, lintel.GetFlowParams{Wait: new(int32(20)), Revision: new(int64(3))})
	require.NoError(t, err)
	require.Empty(t, server.asked[3].Header.Get("Authorization"))
	require.Equal(t, "lf_1", server.asked[3].Header.Get("Lintel-Flow"))
	require.Equal(t, "/v1/flows/flw_1?wait=20&revision=3", server.asked[3].URL.RequestURI())
}

type tokenKey struct{}

func TestTheTokenComesFromTheCall(t *testing.T) {
	source := func(ctx context.Context) (string, error) {
		token, ok := ctx.Value(tokenKey{}).(string)
		if !ok {
			return "", errors.New("nobody is here")
		}
		return token, nil
	}
	client, server := against(t, lintel.Options{Token: source}, reply{status: 200, body: session})
	_, err := client.GetSession(context.WithValue(t.Context(), tokenKey{}, "ls_7"))
	require.NoError(t, err)
	require.Equal(t, "Bearer ls_7", server.asked[0].Header.Get("Authorization"))
	_, err = client.GetSession(context.WithValue(t.Context(), tokenKey{}, ""))
	require.NoError(t, err)
	require.NotContains(t, server.asked[1].Header, "Authorization")
	_, err = client.GetSession(t.Context())
	require.ErrorContains(t, failure(t, err, lintel.CodeInputInvalid), "nobody is here")
	require.Len(t, server.asked, 2)
}

// What would end up in another place than it was meant for is not sent at all.
func TestPromise_ClientsWorkRefuseWhatCannotBeSent(t *testing.T) {
	client, server := against(t, lintel.Options{}, reply{status: 204})
	access := lintel.FlowAccess{ID: "flw_1", Token: "lf_1"}
	unwritable := lintel.NewStepSubmission(lintel.ProfileSubmission{Profile: lintel.Profile{"name": make(chan int)}})
	for name, act := range map[string]func() error{
		"nothing": func() error { return client.EndMySession(t.Context(), "") },
		"a dot":   func() error { return client.EndMySession(t.Context(), ".") },
		"dots":    func() error { return client.AbandonFlow(t.Context(), lintel.FlowAccess{ID: ".."}) },
		"a line break": func() error {
			return client.AbandonFlow(t.Context(), lintel.FlowAccess{ID: "flw_1", Token: "a\r\nb: c"})
		},
		"a header": func() error { return client.EndSession(t.Context(), lintel.WithHeader("a b", "c")) },
		"no JSON":  func() error { _, err := client.SubmitStep(t.Context(), access, unwritable); return err },
		"a profile": func() error {
			_, err := client.UpdateMe(t.Context(), lintel.UserUpdate{Profile: &lintel.ProfileUpdate{"name": func() {}}})
			return err
		},
		"another operation's parameters": func() error { return client.EndSession(t.Context(), lintel.GetFlowParams{}) },
	} {
		t.Run(name, func(t *testing.T) {
			got := failure(t, act(), lintel.CodeInputInvalid)
			require.Zero(t, got.Status)
			require.Error(t, got.Unwrap())
		})
	}
	require.Empty(t, server.asked)

	require.NoError(t, client.EndMySession(t.Context(), "a/../../users?x=1#y"))
	require.Equal(t, "/v1/me/sessions/a%2F..%2F..%2Fusers%3Fx=1%23y", server.asked[0].URL.RequestURI())
}

func TestAbsentIsNotNull(t *testing.T) {
	client, server := against(t, lintel.Options{}, reply{status: 200, body: `{"id":"usr_1"}`})
	for body, patch := range map[string]lintel.UserUpdate{
		`{}`:                                  {},
		`{"profile":{}}`:                      {Profile: &lintel.ProfileUpdate{}},
		`{"profile":{"name":null,"age":0}}`:   {Profile: &lintel.ProfileUpdate{"name": nil, "age": 0}},
		`{"profile":{"id":9007199254740993}}`: {Profile: &lintel.ProfileUpdate{"id": int64(9007199254740993)}},
	} {
		_, err := client.UpdateMe(t.Context(), patch, lintel.UpdateMeParams{IfMatch: new(`"3"`)})
		require.NoError(t, err)
		last := len(server.asked) - 1
		require.Equal(t, "application/merge-patch+json", server.asked[last].Header.Get("Content-Type"))
		require.Equal(t, `"3"`, server.asked[last].Header.Get("If-Match"))
		var sent, want any
		require.NoError(t, json.Unmarshal([]byte(server.bodies[last]), &sent))
		require.NoError(t, json.Unmarshal([]byte(body), &want))
		require.Equal(t, want, sent)
	}
}

// A large number comes back as it went, in an answer and in a submission.
func TestNumbersStayWhatTheyAre(t *testing.T) {
	client, server := against(t, lintel.Options{}, reply{status: 200, body: `{"id":"usr_1","profile":{"id":9007199254740993,"list":[1.50]}}`})
	user, err := client.GetMe(t.Context())
	require.NoError(t, err)
	require.Equal(t, int64(9007199254740993), user.Profile["id"])
	again, err := json.Marshal(user.Profile)
	require.NoError(t, err)
	require.JSONEq(t, `{"id":9007199254740993,"list":[1.50]}`, string(again))
	_, err = client.SubmitStep(t.Context(), lintel.FlowAccess{ID: "flw_1"}, lintel.NewStepSubmission(lintel.ProfileSubmission{Profile: user.Profile}))
	require.NoError(t, err)
	require.Contains(t, server.bodies[1], `{"id":9007199254740993,"list":[1.5]}`)
}

func TestAnswersThatAreNotLintels(t *testing.T) {
	as := func(contentType string) http.Header { return http.Header{"Content-Type": {contentType}} }
	for name, c := range map[string]struct {
		reply reply
		code  string
	}{
		"in another type":            {reply{status: 200, header: as("text/html"), body: session}, lintel.CodeUnreadable},
		"in no type":                 {reply{status: 200, header: http.Header{}, body: session}, lintel.CodeUnreadable},
		"a look-alike":               {reply{status: 200, header: as("application/jsonp"), body: session}, lintel.CodeUnreadable},
		"null":                       {reply{status: 200, body: "null"}, lintel.CodeUnreadable},
		"a list":                     {reply{status: 200, body: "[]"}, lintel.CodeUnreadable},
		"two objects":                {reply{status: 200, body: session + session}, lintel.CodeUnreadable},
		"another shape":              {reply{status: 200, body: `{"id":{}}`}, lintel.CodeUnreadable},
		"too much":                   {reply{status: 200, body: `{"id":"` + strings.Repeat("a", 8<<20) + `"}`}, lintel.CodeUnreadable},
		"too much space":             {reply{status: 200, body: session + strings.Repeat(" ", 8<<20)}, lintel.CodeUnreadable},
		"undocumented":               {reply{status: 202, header: as("text/plain"), body: "accepted"}, lintel.CodeUnreadable},
		"a refusal with HTML":        {reply{status: 404, header: as("text/html"), body: "<html>"}, lintel.CodeUnreadable},
		"a refusal, no code":         {reply{status: 404, body: `{"detail":"no"}`}, lintel.CodeUnreadable},
		"a code of another kind":     {reply{status: 404, body: `{"code":404}`}, lintel.CodeUnreadable},
		"an unknown code":            {problem(499, "moon_full"), "moon_full"},
		"a member that does not fit": {reply{status: 403, body: `{"step_up":[],"status":"x","code":"step_up_required"}`}, "step_up_required"},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := against(t, lintel.Options{}, c.reply)
			_, err := client.GetSession(t.Context())
			got := failure(t, err, c.code)
			require.Equal(t, c.reply.status, got.Status)
			require.Equal(t, c.code == lintel.CodeUnreadable, got.Problem == nil)
		})
	}
	client, _ := against(t, lintel.Options{}, reply{status: 202, header: as("Application/JSON;charset=utf-8"), body: " \n" + session + "\n"})
	got, err := client.GetSession(t.Context())
	require.NoError(t, err)
	require.Equal(t, time.Date(2030, 1, 2, 3, 4, 5, 678901000, time.UTC), got.CreatedAt)
	require.NoError(t, client.EndSession(t.Context()))
}

func TestError(t *testing.T) {
	refused := reply{status: 422, header: http.Header{"Content-Type": {"application/problem+json"}}, body: `{"code":"password_rejected","detail":"Too easy.","errors":[{"pointer":"/password","code":"too_short","detail":"Use 8."}]}`}
	client, _ := against(t, lintel.Options{}, refused)
	var header http.Header
	err := client.SetPassword(t.Context(), lintel.NewPassword{Password: "a"}, lintel.ReadHeader(&header))
	got := failure(t, fmt.Errorf("change it: %w", err), lintel.ProblemCodePasswordRejected)
	require.Equal(t, "setPassword", got.Operation)
	require.Equal(t, "too_short", got.Field("/password").Code)
	require.Nil(t, got.Field("/other"))
	require.Zero(t, got.RetryAfter)
	require.EqualError(t, err, "lintel: setPassword: password_rejected (422): Too easy.")
	require.Equal(t, "application/problem+json", header.Get("Content-Type"))

	client, _ = against(t, lintel.Options{Retries: -1}, reply{fail: errLost})
	err = client.EndSession(t.Context())
	got = failure(t, err, lintel.CodeNetwork)
	require.ErrorIs(t, err, errLost)
	require.Nil(t, got.Field("/password"))
	require.ErrorContains(t, err, "lintel: endSession: network: ")
}

func TestTheHeaderOfAnAnswerCanBeRead(t *testing.T) {
	client, _ := against(t, lintel.Options{}, reply{status: 200, header: http.Header{"Content-Type": {"application/json"}, "Etag": {`"3"`}}, body: `{"id":"usr_1"}`})
	var header http.Header
	_, err := client.GetMe(t.Context(), lintel.ReadHeader(&header))
	require.NoError(t, err)
	require.Equal(t, `"3"`, header.Get("ETag"))
}

func TestRedirectsAreNotFollowedWhateverTheHTTPClientDoes(t *testing.T) {
	followed := false
	server := &script{replies: []reply{{status: 307, header: http.Header{"Location": {"https://evil.example/"}}}}}
	theirs := &http.Client{Transport: server, CheckRedirect: func(*http.Request, []*http.Request) error { followed = true; return errLost }}
	client, err := lintel.New("https://id.example.com", lintel.Options{HTTPClient: theirs, Token: lintel.StaticToken("ls_1")})
	require.NoError(t, err)
	_, err = client.GetSession(t.Context())
	require.Equal(t, 307, failure(t, err, lintel.CodeUnreadable).Status)
	require.Len(t, server.asked, 1)
	require.False(t, followed)
	_, err = theirs.Get("https://id.example.com")
	require.Error(t, err)
	require.True(t, followed, "elsewhere it does as it did")
}

func TestTheTokenOfAFlowIsNotWrittenDown(t *testing.T) {
	access := lintel.AccessTo(&lintel.Flow{ID: "flw_1", FlowToken: new("lf_secret")})
	require.Equal(t, lintel.FlowAccess{ID: "flw_1", Token: "lf_secret"}, access)
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("begun", "flow", access)
	fmt.Fprintf(&log, "%v %+v %#v %s", access, access, access, access)
	require.Contains(t, log.String(), "flw_1")
	require.NotContains(t, log.String(), "lf_secret")
	kept, err := json.Marshal(access)
	require.NoError(t, err)
	require.JSONEq(t, `{"id":"flw_1","token":"lf_secret"}`, string(kept), "who keeps it keeps all of it")
	require.Empty(t, lintel.AccessTo(&lintel.Flow{ID: "flw_1"}).Token)
}

// What a client is made with is printed by mistake one day, and so is the client.
func TestNoSecretIsPrinted(t *testing.T) {
	options := lintel.Options{Token: lintel.StaticToken("ls_secret"), Locale: "de", Header: http.Header{"X-Proxy-Key": {"ls_secret"}}}
	client, err := lintel.New("https://id.example.com", options)
	require.NoError(t, err)
	var log strings.Builder
	for _, one := range []any{options, &options, client} {
		fmt.Fprintf(&log, "%v %+v %#v %s %q\n", one, one, one, one, one)
		slog.New(slog.NewTextHandler(&log, nil)).Info("made", "it", one)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("made", "it", one)
	}
	require.Contains(t, log.String(), "X-Proxy-Key")
	require.Contains(t, log.String(), "Client{https://id.example.com/}")
	require.NotContains(t, log.String(), "ls_secret")
}
