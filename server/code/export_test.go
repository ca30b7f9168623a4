package code

import "github.com/lintel-id/lintel/server/message"

// KindOf is what the message is called that carries a code or a link.
func KindOf(purpose Purpose, link bool) message.Kind { return purpose.kind(link) }

// Plain is a code as it was sent, however it was typed.
func Plain(typed string) string { return plain(typed) }
