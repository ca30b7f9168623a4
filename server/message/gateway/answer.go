package gateway

import (
	"fmt"
	"net/http"
	"net/http/httptrace"
	"regexp"
	"sync/atomic"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/httpc"
)

// answer is what a gateway said. The body is empty where it broke off.
type answer struct {
	status int
	body   []byte
}

// taken is whether the message is theirs now.
func (a answer) taken() bool { return a.status/100 == 2 }

// ask makes one call. Where nothing came back after all was written, nobody knows whether
// the message was taken.
func ask(client *httpc.Client, request *http.Request) (answer, error) {
	var written atomic.Bool
	watched := httptrace.WithClientTrace(request.Context(), &httptrace.ClientTrace{ //nolint:exhaustruct // one of many hooks
		WroteRequest: func(info httptrace.WroteRequestInfo) { written.Store(info.Err == nil) },
	})
	response, err := client.Do(request.WithContext(watched)) //nolint:bodyclose // ReadAll closes it
	if err != nil {
		return answer{}, unavailable(err, written.Load())
	}
	body, err := httpc.ReadAll(response)
	if err != nil {
		body = nil // what it decided stands in the status
	}
	return answer{status: response.StatusCode, body: body}, nil
}

func unavailable(err error, unsure bool) *message.Refusal {
	return &message.Refusal{Code: message.ProviderUnavailable, Final: false, Unsure: unsure, Cause: err}
}

// refusal says what a status means. The words of an answer are left out: they may repeat the
// number. Spec: RFC 9110 §15.5, RFC 8470 §5.2.
func (a answer) refusal() *message.Refusal {
	refused := unavailable(fmt.Errorf("%w: %d", errAnswer, a.status), false)
	switch a.status {
	case http.StatusUnauthorized, http.StatusForbidden:
		refused.Code = message.CredentialsRefused
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
	default:
		if a.status/100 == 4 {
			refused.Code, refused.Final = message.MessageRefused, true
		}
	}
	return refused
}

var showable = regexp.MustCompile(`^[\x21-\x7e]{1,128}$`)

// shown is what a provider calls a message, where that can be shown.
func shown(reference string) string {
	if showable.MatchString(reference) {
		return reference
	}
	return ""
}
