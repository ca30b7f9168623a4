package mail

import "errors"

// What goes wrong on the way; message turns it into what an operator is told.
var (
	errFrom   = errors.New("mail.from: must be an address, or a name and an address in <>")
	errHost   = errors.New("mail.smtp.host: must be given where mail.provider is smtp")
	errBoth   = errors.New("mail.smtp: username and password go together")
	errNaked  = errors.New("mail.smtp.security: must not be none where a password is sent")
	errFolder = errors.New("mail.folder: must be given where mail.provider is file")
	errPicked = errors.New("mail.provider: must be smtp, http, file or none, and be given where both mail.smtp.host and mail.http.url are")
	errRange  = errors.New("mail.smtp: port must be 1 to 65535, connections 1 to 64 and timeout 1s to 30s")

	errAddress = errors.New("mail: not an address that mail can be sent to")
	errASCII   = errors.New("mail: the server takes no address beyond ASCII")
	errDeps    = errors.New("mail: a dependency is missing")
	errAnswer  = errors.New("mail: the server answered")
)
