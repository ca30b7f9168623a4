package manage

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/clients/go/management"
	"github.com/lintel-id/lintel/server/cli/shell"
)

// NewMessage makes the commands on messages.
func NewMessage(process shell.Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "message",
		Short: "List what was sent to people, send it again, and try a provider out",
		Args:  shell.Args(cobra.NoArgs),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newMessageList(process), newMessageShow(process), newMessageResend(process), newMessageTest(process),
		newMessageRanges(process), newMessageLift(process))
	return cmd
}

func newMessageList(process shell.Process) *cobra.Command {
	d := newDesk(process)
	var status, to string
	cmd := verb(d, "list", "List the messages, the newest first", 0, func(ctx context.Context, _ string) error {
		params := management.ListMessagesParams{Limit: new(int32(100))}
		if status != "" {
			params.Status = new(management.MessageStatus(status))
		}
		if to != "" {
			params.To = &to
		}
		const line = "%-30s  %-12s  %-8s  %-8s  %-20s  %-30s  %s\n"
		if !d.json && !d.quiet {
			_, _ = fmt.Fprintf(process.Out, line, "ID", "KIND", "CHANNEL", "STATUS", "CREATED", "TO", "ERROR")
		}
		for one, err := range d.client.AllMessages(ctx, params) {
			switch {
			case err != nil:
				return err
			case d.json:
				err = printJSONLine(process.Out, one)
			case d.quiet:
				_, err = fmt.Fprintln(process.Out, visible(one.ID))
			default:
				_, err = fmt.Fprintf(process.Out, line, visible(one.ID), visible(one.Kind), visible(one.Channel), visible(one.Status),
					stamp(one.CreatedAt), visible(one.To), visible(textOr(one.ErrorCode, "-")))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	cmd.Flags().StringVar(&status, "status", "", "only those that are queued, sent, failed or withheld")
	cmd.Flags().StringVar(&to, "to", "", "only those to this address")
	return cmd
}

func newMessageShow(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "show ID", "Show where a message stands", 1, func(ctx context.Context, id string) error {
		one, err := d.client.GetMessage(ctx, id)
		if err != nil {
			return err
		}
		return d.printMessage(one)
	})
}

func (d *desk) printMessage(one *management.Message) error {
	next, sent, delivery, why := "-", "-", "-", "-"
	if told, err := one.Delivery.Get(); err == nil {
		delivery, why = told.Status+" "+stamp(told.ReportedAt), textOr(told.Code, "-")
	}
	if at, err := one.NextAttemptAt.Get(); err == nil {
		next = stamp(at)
	}
	if at, err := one.SentAt.Get(); err == nil {
		sent = stamp(at)
	}
	return d.printOne(one, one.ID, [][]string{
		{"ID", one.ID},
		{"KIND", one.Kind},
		{"CHANNEL", one.Channel},
		{"TO", one.To},
		{"LOCALE", one.Locale},
		{"STATUS", one.Status},
		{"ATTEMPTS", strconv.Itoa(int(one.Attempts))},
		{"MAY HAVE REPEATED", whether(one.MayHaveRepeated)},
		{"ERROR", textOr(one.ErrorCode, "-")},
		{"REFERENCE", textOr(one.Reference, "-")},
		{"DELIVERY", delivery},
		{"DELIVERY CODE", why},
		{"CREATED", stamp(one.CreatedAt)},
		{"NEXT ATTEMPT", next},
		{"SENT", sent},
		{"OUTDATED", stamp(one.OutdatedAt)},
		{"EXPIRES", stamp(one.ExpiresAt)},
	})
}

func newMessageResend(process shell.Process) *cobra.Command {
	d := newDesk(process)
	wait := false
	cmd := verb(d, "resend ID", "Send a message again that was given up", 1, func(ctx context.Context, id string) error {
		one, err := d.client.ResendMessage(ctx, id)
		if err != nil {
			return err
		}
		return d.sent(ctx, one, wait)
	})
	waits(d, cmd, &wait)
	return cmd
}

func newMessageTest(process shell.Process) *cobra.Command {
	d := newDesk(process)
	locale, channel, wait := "", "", false
	cmd := verb(d, "test ADDRESS", "Send a message that says that it is a test", 1, func(ctx context.Context, to string) error {
		wanted := management.TestMessage{Channel: channelOf(to), To: to}
		if channel != "" {
			wanted.Channel = management.MessageChannel(channel)
		}
		if locale != "" {
			wanted.Locale = &locale
		}
		one, err := d.client.SendTestMessage(ctx, wanted)
		if err != nil {
			return err
		}
		return d.sent(ctx, one, wait)
	})
	cmd.Flags().StringVar(&locale, "locale", "", "the language to write it in, as a tag")
	cmd.Flags().StringVar(&channel, "channel", "", "email or sms (default: sms for what begins with +)")
	waits(d, cmd, &wait)
	return cmd
}

// channelOf is how an address of that form is written to.
func channelOf(address string) management.MessageChannel {
	if strings.HasPrefix(strings.TrimSpace(address), "+") {
		return management.MessageChannelSms
	}
	return management.MessageChannelEmail
}

// waits adds the flag that waits for a server: a command on the database sends nothing.
func waits(d *desk, cmd *cobra.Command, wait *bool) {
	cmd.Flags().BoolVar(wait, "wait", false, "wait until the server has sent it; the exit code is 1 when it is not")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		if d.findServer(); *wait && d.server == "" {
			return shell.Misuse(errors.New("--wait is for a server, which sends what is queued here: name it with --server"))
		}
		return nil
	}
}

// sent prints what became of a message, at once or after the first attempt.
func (d *desk) sent(ctx context.Context, one *management.Message, wait bool) error {
	if !wait {
		return d.printMessage(one)
	}
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for one.Status == "queued" && one.ErrorCode.IsNull() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		var err error
		if one, err = d.client.GetMessage(ctx, one.ID); err != nil {
			return err
		}
	}
	if err := d.printMessage(one); err != nil || one.Status == "sent" {
		return err
	}
	return errors.New("it was not sent (" + visible(textOr(one.ErrorCode, "unknown")) + ")")
}
