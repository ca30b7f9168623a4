// Package post makes whoever delivers messages, as it is configured.
//
// It owns the choice: which provider each channel has, and whose reports on messages are
// believed. It does not own the providers (message/mail, message/gateway), the queue (message),
// or the configuration (config).
package post
