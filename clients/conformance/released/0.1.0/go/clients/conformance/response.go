package conformance

import (
	"net/http"
	"strconv"
	"time"
)

// backoff is the least that a client waits by itself before it asks again.
const backoff = 200 * time.Millisecond

// send answers as the case says. What is cut or closed ends the connection.
func (r *Response) send(w http.ResponseWriter, asked *http.Request) {
	if r.Hang {
		<-asked.Context().Done()
	}
	if r.Hang || r.Close {
		panic(http.ErrAbortHandler)
	}
	for name, value := range r.Headers {
		w.Header().Set(name, value)
	}
	if r.Body != nil && !has(r.Headers, "content-type") {
		w.Header().Set("Content-Type", contentType(r.Status))
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header()["Content-Type"] = nil // or one would be guessed
	}
	content := r.content()
	if r.Status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	}
	w.WriteHeader(r.Status)
	if r.Cut == 0 {
		_, _ = w.Write(content) // a reader that has left misses nothing
		return
	}
	_, _ = w.Write(content[:r.Cut])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

func contentType(status int) string {
	if status >= http.StatusBadRequest {
		return "application/problem+json"
	}
	return "application/json"
}

// pause is how long a client has to wait after this answer before it repeats the
// request: as long as it says, or a while of the client's own. Zero where whatever comes
// next is no repetition.
func (r *Response) pause() time.Duration {
	passing := r.Close || r.Cut > 0 || r.Status >= http.StatusBadGateway && r.Status <= http.StatusGatewayTimeout
	if !passing {
		return 0
	}
	if seconds, err := strconv.Atoi(r.Headers["retry-after"]); err == nil {
		return time.Duration(seconds) * time.Second
	}
	return backoff
}
