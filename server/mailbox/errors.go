package mailbox

import (
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/user"
)

// The refusals of this room; each is at /identifier.
var (
	ErrTagged     = refused("tagged", "Use the address without the + and what follows it.")
	ErrDisposable = refused("disposable", "Use an address that you keep.")
	ErrNoMail     = refused("no_mail_server", "This domain takes no mail.")
)

func refused(code, detail string) *fault.Error {
	return user.ErrIdentifierInvalid.At(fault.Field{Pointer: "/identifier", Code: code, Detail: detail})
}
