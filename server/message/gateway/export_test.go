package gateway

import (
	"encoding/base64"
	"encoding/hex"
)

// SignTwilio signs as Twilio does.
func SignTwilio(a *Account, called string, form map[string]string) string {
	return base64.StdEncoding.EncodeToString(a.mac(called, form))
}

// SignReport signs as a gateway does that reports.
func SignReport(e *Endpoint, seconds, body string) string {
	return "t=" + seconds + ",v1=" + hex.EncodeToString(e.mac(seconds+reported, []byte(body)))
}
