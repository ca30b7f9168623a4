package lintel_test

import (
	"context"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	lintel "github.com/lintel-id/lintel/clients/go"
)

func later(status int, code, seconds string) reply {
	made := problem(status, code)
	made.header.Set("Retry-After", seconds)
	return made
}

func TestWhatIsRepeated(t *testing.T) {
	html := http.Header{"Content-Type": {"text/html"}}
	for name, c := range map[string]struct {
		reply reply
		want  int // requests
		code  string
	}{
		"a lost connection":       {reply{fail: errLost}, 3, lintel.CodeNetwork},
		"a body that is cut":      {reply{status: 200, body: `{"id":`, cut: true}, 3, lintel.CodeNetwork},
		"502 of a proxy":          {reply{status: 502, header: html, body: "<html>"}, 3, lintel.CodeUnreadable},
		"503":                     {problem(503, "overloaded"), 3, "overloaded"},
		"504 of a proxy":          {reply{status: 504, header: html}, 3, lintel.CodeUnreadable},
		"500":                     {problem(500, "internal_error"), 1, "internal_error"},
		"429":                     {later(429, "rate_limited", "1"), 1, "rate_limited"},
		"401":                     {problem(401, "session_invalid"), 1, "session_invalid"},
		"an answer in no JSON":    {reply{status: 200, header: html, body: "<html>"}, 1, lintel.CodeUnreadable},
		"an answer of half JSON":  {reply{status: 200, body: `{"id":`}, 1, lintel.CodeUnreadable},
		"an answer that is empty": {reply{status: 204}, 1, lintel.CodeUnreadable},
		"a redirect":              {reply{status: 302, header: http.Header{"Location": {"https://evil.example"}}}, 1, lintel.CodeUnreadable},
		"no end":                  {reply{hang: true}, 1, lintel.CodeTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, server := against(t, lintel.Options{}, c.reply)
				_, err := client.GetSession(t.Context())
				failed(t, err, c.code)
				require.Len(t, server.asked, c.want)
			})
		})
	}
}

func TestARepetitionIsTheSameRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := against(t, lintel.Options{}, reply{fail: errLost}, problem(503, "overloaded"), reply{status: 201, body: `{"id":"flw_1"}`})
		start := lintel.FlowStart{Journey: "login", Transport: lintel.FlowTransportToken, Accepts: []string{"password"}}
		flow, err := client.CreateFlow(t.Context(), start)
		require.NoError(t, err)
		require.Equal(t, "flw_1", flow.ID)
		require.Len(t, server.asked, 3)
		key := server.asked[0].Header.Get("Idempotency-Key")
		require.Regexp(t, `^[!-~]{8,255}$`, key)
		for i := range server.asked {
			require.Equal(t, key, server.asked[i].Header.Get("Idempotency-Key"))
			require.JSONEq(t, `{"journey":"login","transport":"token","accepts":["password"]}`, server.bodies[i])
		}
		_, err = client.CreateFlow(t.Context(), lintel.FlowStart{})
		require.NoError(t, err)
		require.NotEqual(t, key, server.asked[3].Header.Get("Idempotency-Key"))
		_, err = client.CreateFlow(t.Context(), lintel.FlowStart{}, lintel.WithIdempotencyKey("of my own"))
		require.NoError(t, err)
		require.Equal(t, "of my own", server.asked[4].Header.Get("Idempotency-Key"))
	})
}

// What must not be done twice is not, whatever happens to the answer.
func TestWhatMustNotBeRepeatedIsNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := against(t, lintel.Options{Retries: 9}, reply{fail: errLost})
		_, err := client.RewindFlow(t.Context(), lintel.FlowAccess{ID: "flw_1", Token: "lf_1"})
		failed(t, err, lintel.CodeNetwork)
		require.Len(t, server.asked, 1)
		require.Empty(t, server.asked[0].Header.Get("Idempotency-Key"))
	})
}

func TestHowLongARepetitionWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := against(t, lintel.Options{Retries: 4}, problem(503, "overloaded"))
		_, err := client.GetSession(t.Context())
		failed(t, err, "overloaded")
		pauses := server.pauses()
		require.Len(t, pauses, 4)
		shortest := 200 * time.Millisecond
		for _, pause := range pauses {
			require.GreaterOrEqual(t, pause, shortest)
			shortest *= 2
			require.Less(t, pause, shortest)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		client, server := against(t, lintel.Options{}, later(503, "overloaded", "3"), later(503, "overloaded", "0"), reply{status: 200, body: session})
		_, err := client.GetSession(t.Context())
		require.NoError(t, err)
		require.Equal(t, []time.Duration{3 * time.Second, 0}, server.pauses(), "as the server says")
	})
}

// Nobody waits for a repetition that would come too late to count.
func TestNoRepetitionAfterTheEnd(t *testing.T) {
	for name, seconds := range map[string]string{"after it": "31", "absurdly": "4294967295"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, server := against(t, lintel.Options{}, later(503, "overloaded", seconds))
				began := time.Now()
				_, err := client.GetSession(t.Context())
				require.Equal(t, seconds, strconv.FormatInt(int64(failure(t, err, "overloaded").RetryAfter/time.Second), 10))
				require.Equal(t, began, time.Now())
				require.Len(t, server.asked, 1)
			})
		})
	}
	t.Run("the caller's own end", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			client, server := against(t, lintel.Options{}, later(503, "overloaded", "3"))
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			_, err := client.GetSession(ctx)
			failed(t, err, "overloaded")
			require.Len(t, server.asked, 1)
		})
	})
}

func TestRetriesAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			retries int
			options []lintel.CallOption
			want    int
		}{{0, nil, 3}, {-1, nil, 1}, {1, nil, 2}, {5, []lintel.CallOption{lintel.WithRetries(0)}, 1}, {-1, []lintel.CallOption{lintel.WithRetries(3)}, 4}} {
			client, server := against(t, lintel.Options{Retries: c.retries}, problem(503, "overloaded"))
			_, err := client.GetSession(t.Context(), c.options...)
			failed(t, err, "overloaded")
			require.Len(t, server.asked, c.want)
		}
	})
}

func TestTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, _ := against(t, lintel.Options{}, reply{hang: true})
		began := time.Now()
		_, err := client.GetSession(t.Context())
		require.ErrorIs(t, failure(t, err, lintel.CodeTimeout), context.DeadlineExceeded)
		require.Equal(t, 30*time.Second, time.Since(began))

		began = time.Now()
		_, err = client.GetSession(t.Context(), lintel.WithTimeout(2*time.Second))
		failed(t, err, lintel.CodeTimeout)
		require.Equal(t, 2*time.Second, time.Since(began))

		client, server := against(t, lintel.Options{Timeout: time.Second}, problem(503, "overloaded"), reply{hang: true})
		began = time.Now()
		_, err = client.GetSession(t.Context())
		require.Zero(t, failure(t, err, lintel.CodeTimeout).Status)
		require.Equal(t, time.Second, time.Since(began), "repetitions included")
		require.Len(t, server.asked, 2)
	})
}

func TestAborted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, replies := range map[string][]reply{
			"while it waits for an answer":    {{hang: true}},
			"while it waits for a repetition": {later(503, "overloaded", "9")},
		} {
			client, server := against(t, lintel.Options{}, replies...)
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			_, err := client.GetSession(ctx)
			require.ErrorIs(t, failure(t, err, lintel.CodeAborted), context.Canceled, name)
			require.Len(t, server.asked, 1)
		}
		client, server := against(t, lintel.Options{}, reply{hang: true})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := client.GetSession(ctx)
		failed(t, err, lintel.CodeAborted)
		require.LessOrEqual(t, len(server.asked), 1)
	})
}

// A client whose own Timeout ends an attempt makes another one.
func TestAnAttemptMayHaveATimeoutOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &script{replies: []reply{{hang: true}, {status: 200, body: session}}}
		client, err := lintel.New("https://id.example.com", lintel.Options{HTTPClient: &http.Client{Transport: server, Timeout: time.Second}})
		require.NoError(t, err)
		_, err = client.GetSession(t.Context())
		require.NoError(t, err)
		require.Len(t, server.asked, 2)
	})
}
