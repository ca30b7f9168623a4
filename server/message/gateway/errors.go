package gateway

import (
	"errors"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// ErrRefused means that a report is not known to be its provider's.
var ErrRefused = fault.New(fault.Denied, "message_callback_refused", "The report is not signed as it has to be.")

// What goes wrong on the way; message turns it into what an operator is told.
var (
	errPicked  = errors.New("sms.provider: must be http, twilio, file or none")
	errFolder  = errors.New("sms.folder: must be given where sms.provider is file")
	errChannel = errors.New("sms.channel: must be sms or whatsapp")
	errURL     = errors.New("url: must be an absolute http or https URL without a user or a fragment")
	errSecret  = errors.New("secret: must be at least 32 characters")
	errAccount = errors.New("sms.twilio.account_sid: must be AC and 32 hexadecimal digits")
	errToken   = errors.New("sms.twilio.auth_token: must be given where sms.provider is twilio")
	errFrom    = errors.New("sms.twilio.from: must be a number of yours, a name or a messaging service")
	errNumber  = errors.New("sms.twilio.from: must be a number of yours with + and the country code, or a messaging service, where sms.channel is whatsapp")
	errBase    = errors.New("sms.twilio.base_url: must be an absolute http or https URL without a user, a query or a fragment")

	errDeps   = errors.New("gateway: a dependency is missing")
	errAnswer = errors.New("gateway: it answered")
)
