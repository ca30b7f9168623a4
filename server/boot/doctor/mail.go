package doctor

import (
	"context"
	"errors"

	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/mail"
)

// post looks whether whoever delivers email can be reached and lets the server in; it sends
// nothing.
func post(ctx context.Context, e *examination) verdict {
	switch e.Settings.MailProvider() {
	case mail.SMTP:
		return greeted(ctx, e.Settings.Mail)
	case mail.HTTP: // as for text messages, there is no question that sends nothing
		host, unfit := called(e.Settings.Mail.HTTP.URL, "mail.http.url", e.Settings)
		if unfit != nil {
			return *unfit
		}
		return fine("is handed to %s; lintel message test ADDRESS --wait tries it", host)
	case mail.File:
		return fine("is written to files in %s", e.Settings.MailFolder().Folder)
	case mail.None:
	}
	if e.Settings.Mode == config.Production {
		return verdict{Warning, "nobody delivers it", "set mail.smtp.host or mail.http.url, or nobody can be told anything"}
	}
	return fine("is not sent")
}

func greeted(ctx context.Context, settings mail.Config) verdict {
	server, err := mail.NewServer(settings, nil)
	if err != nil {
		return failed(err, "correct mail.smtp")
	}
	var refused *message.Refusal
	switch err := server.Greet(ctx); {
	case errors.As(err, &refused) && refused.Code == message.CredentialsRefused:
		return verdict{Problem, settings.SMTP.Host + " does not let the server in", "correct mail.smtp.username and mail.smtp.password"}
	case err != nil:
		return verdict{Problem, settings.SMTP.Host + ": " + err.Error(), "correct mail.smtp, or see whether it runs; messages wait meanwhile"}
	}
	return fine("%s lets the server in", settings.SMTP.Host)
}
