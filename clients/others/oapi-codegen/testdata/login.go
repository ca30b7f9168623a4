// Command login signs up and in through the client of oapi-codegen with its defaults.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"

	"others/wire"
)

const password = "a long walk to the blue harbour"

func main() {
	if err := run(context.Background(), os.Getenv("LINTEL_SERVER"), os.Getenv("IDENTIFIER")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, server, identifier string) error {
	client, err := wire.NewClientWithResponses(server)
	if err != nil {
		return err
	}
	if err := register(ctx, client, identifier); err != nil {
		return err
	}
	refused, err := login(ctx, client, identifier, "let me in")
	if err != nil {
		return err
	}
	if refused.Status != "active" || refused.Error == nil || refused.Error.Code != "credentials_invalid" || !offersPassword(refused.Steps) {
		return fmt.Errorf("the wrong password: %+v", refused)
	}
	signedIn, err := login(ctx, client, identifier, password)
	if err != nil {
		return err
	}
	if signedIn.Status != "completed" || signedIn.Outcome == nil || signedIn.Outcome.SessionToken == nil {
		return fmt.Errorf("the right password: %+v", signedIn)
	}
	return whoAmI(ctx, client, *signedIn.Outcome)
}

func register(ctx context.Context, client *wire.ClientWithResponses, identifier string) error {
	var submission wire.StepSubmission
	err := submission.FromNewPasswordSubmission(wire.NewPasswordSubmission{
		Identifier: &identifier, Password: password, Profile: &wire.Profile{"name": "Ada"},
	})
	if err != nil {
		return err
	}
	registered, err := start(ctx, client, "registration", submission)
	if err != nil {
		return err
	}
	if registered.Status != "completed" {
		return fmt.Errorf("registration: %+v", registered)
	}
	return nil
}

func login(ctx context.Context, client *wire.ClientWithResponses, identifier, password string) (*wire.Flow, error) {
	var submission wire.StepSubmission
	err := submission.FromPasswordSubmission(wire.PasswordSubmission{Identifier: &identifier, Password: password})
	if err != nil {
		return nil, err
	}
	return start(ctx, client, "login", submission)
}

func start(ctx context.Context, client *wire.ClientWithResponses, journey string, submission wire.StepSubmission) (*wire.Flow, error) {
	body := wire.FlowStart{Journey: journey, Transport: wire.Token, Submit: &submission}
	answer, err := client.CreateFlowWithResponse(ctx, nil, body)
	if err != nil {
		return nil, err
	}
	if answer.JSON201 == nil {
		return nil, fmt.Errorf("%s: %s: %s", journey, answer.Status(), answer.Body)
	}
	return answer.JSON201, nil
}

func offersPassword(steps []wire.Step) bool {
	for _, step := range steps {
		if value, err := step.ValueByDiscriminator(); err == nil {
			if _, ok := value.(wire.PasswordStep); ok {
				return true
			}
		}
	}
	return false
}

func whoAmI(ctx context.Context, client *wire.ClientWithResponses, outcome wire.FlowOutcome) error {
	session, err := client.GetSessionWithResponse(ctx, func(_ context.Context, request *http.Request) error {
		request.Header.Set("Authorization", "Bearer "+*outcome.SessionToken)
		return nil
	})
	if err != nil {
		return err
	}
	if session.JSON200 == nil || session.JSON200.UserId != outcome.User.Id {
		return fmt.Errorf("session: %s: %s", session.Status(), session.Body)
	}
	stranger, err := client.GetSessionWithResponse(ctx)
	if err != nil {
		return err
	}
	if stranger.ApplicationproblemJSON401 == nil || stranger.ApplicationproblemJSON401.Code != "session_invalid" {
		return fmt.Errorf("a stranger: %s: %s", stranger.Status(), stranger.Body)
	}
	return nil
}
