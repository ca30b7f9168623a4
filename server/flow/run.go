package flow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/flow/step"
)

const statePurpose = "flow.state"

// run is one flow in memory: what is stored of it, opened.
type run struct {
	row     Row // Revision 0: nothing is stored yet
	app     application.Application
	journey journey.Journey
	state   *step.State
	now     time.Time
}

func (r run) handed() step.Run {
	return step.Run{ID: r.row.ID.String(), Journey: r.journey, Application: r.app, State: r.state, Turn: r.row.Revision, Now: r.now}
}

// begin is the run as it is before its first answer.
func (s *Service) begin(c claims, app application.Application, j journey.Journey, now time.Time) run {
	r := run{
		row: Row{
			ID: c.ID, ApplicationID: c.ApplicationID, Journey: j.Name, JourneyVersion: j.Version,
			Status: Active, State: nil, Revision: 0, CreatedAt: c.StartedAt, ExpiresAt: c.ExpiresAt,
		},
		app: app, journey: j, now: now,
		state: &step.State{Node: j.Nodes[0].Name, Visit: 1, Accepts: c.Accepts, Locale: c.Locale, Transport: c.Transport, Step: c.StepUp, Guest: c.Guest, Host: c.Host, Seed: c.Seed},
	}
	if c.Invited != nil {
		c.Invited.Begin(r.state)
	}
	return r
}

// load opens a flow for whoever shows its token: from its row, or from the token
// alone while nothing has been answered.
func (s *Service) load(ctx context.Context, c claims) (run, error) {
	now := s.deps.Clock.Now()
	app, err := s.applicationByID(ctx, c.ApplicationID)
	if err != nil {
		return run{}, err
	}
	j, ok := s.journeys[c.Journey]
	if !ok || j.Version != c.JourneyVersion || !runs(app, j) {
		return run{}, ErrUnknown
	}
	r := s.begin(c, app, j, now)
	row, err := s.deps.Store.FlowByID(ctx, c.ID)
	switch {
	case errors.Is(err, ErrUnknown):
		if !now.Before(c.ExpiresAt) {
			r.row.Status = Expired
		}
		err = s.prepare(ctx, &r)
		return r, err
	case err != nil:
		return run{}, fmt.Errorf("read flow: %w", err)
	}
	return s.continued(ctx, r, row)
}

// opened is a run that was found in the store, for whoever shows something else than its
// token.
func (s *Service) opened(ctx context.Context, row Row) (run, error) {
	app, err := s.applicationByID(ctx, row.ApplicationID)
	if err != nil {
		return run{}, err
	}
	j, ok := s.journeys[row.Journey]
	if !ok || j.Version != row.JourneyVersion || !runs(app, j) {
		return run{}, ErrUnknown
	}
	return s.continued(ctx, run{row: row, app: app, journey: j, state: nil, now: s.deps.Clock.Now()}, row)
}

// continued is a run from its row.
func (s *Service) continued(ctx context.Context, r run, row Row) (run, error) {
	r.row = row
	if r.row.Status == Active && !r.now.Before(row.ExpiresAt) {
		r.row.Status = Expired
	}
	var err error
	r.state, err = s.openState(ctx, row)
	return r, err
}

func (s *Service) applicationByID(ctx context.Context, wanted application.ID) (application.Application, error) {
	app, err := s.deps.Applications.ByID(ctx, wanted)
	if err != nil {
		return application.Application{}, err
	}
	return s.asking(ctx, app)
}

func (s *Service) applicationByClientID(ctx context.Context, clientID string) (application.Application, error) {
	app, err := s.deps.Applications.ByClientID(ctx, clientID)
	if err != nil {
		return application.Application{}, err
	}
	return s.asking(ctx, app)
}

// asking is an application with all that a registration asks for: what the profile
// schema requires too, and nothing that it lets nobody give.
func (s *Service) asking(ctx context.Context, app application.Application) (application.Application, error) {
	current, err := s.deps.Users.Schema(ctx)
	if err != nil {
		return application.Application{}, err
	}
	app.ProfileClaims = current.Asked(app.ProfileClaims)
	return app, nil
}

func (s *Service) openState(ctx context.Context, row Row) (*step.State, error) {
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return nil, err
	}
	plain, err := box.Open(statePurpose, row.State, []byte(row.ID.String()))
	if err != nil {
		return nil, fmt.Errorf("flow state: %w", err)
	}
	var state step.State
	if err := json.Unmarshal(plain, &state); err != nil {
		return nil, fmt.Errorf("flow state: %w", err)
	}
	return &state, nil
}

// write stores the run on top of the revision it was read at: the first answer
// inserts the row, every later one replaces it. ErrMoved when another answer was
// faster.
func (s *Service) write(ctx context.Context, r *run) error {
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return err
	}
	plain, err := json.Marshal(r.state) //nolint:gosec // the hash in it is sealed two lines down
	if err != nil {
		return fmt.Errorf("flow state: %w", err)
	}
	row := r.row
	row.UserID = r.state.User()
	if row.State, err = box.Seal(statePurpose, plain, []byte(row.ID.String())); err != nil {
		return fmt.Errorf("flow state: %w", err)
	}
	row.Revision++
	if row.Revision == 1 {
		err = s.deps.Store.InsertFlow(ctx, row)
	} else {
		err = s.deps.Store.UpdateFlow(ctx, row, row.Revision-1)
	}
	if err != nil {
		return fmt.Errorf("write flow: %w", err)
	}
	r.row = row
	return nil
}

// prepare has looked up what the steps ask where the run stands now.
func (s *Service) prepare(ctx context.Context, r *run) error {
	r.state.Asked = nil
	node, ok := r.journey.Node(r.state.Node)
	if !ok || r.row.Status != Active {
		return nil
	}
	for _, kind := range node.Offers {
		preparer, prepares := s.deps.Steps[kind].(step.Preparer)
		if !prepares || !r.shows(kind) {
			continue
		}
		if err := preparer.Prepare(ctx, r.handed()); err != nil {
			return err
		}
	}
	return nil
}

// shows tells whether the client of the run can show a step.
func (r run) shows(kind journey.Step) bool {
	return r.state.Accepts == nil || slices.Contains(r.state.Accepts, string(kind))
}

// offers are the steps that can be answered now and that the client can show.
func (s *Service) offers(r run) []step.Offer {
	node, ok := r.journey.Node(r.state.Node)
	if !ok || r.row.Status != Active {
		return []step.Offer{}
	}
	offers := []step.Offer{}
	for _, kind := range node.Offers {
		if !r.shows(kind) {
			continue
		}
		if offer, ok := s.deps.Steps[kind].Offer(r.handed(), offerID(r.state, kind)); ok {
			offers = append(offers, offer)
		}
	}
	return offers
}

// offerID changes with every node that is entered, so that an answer to a question
// that is no longer asked is recognised.
func offerID(state *step.State, kind journey.Step) string {
	return state.Node + "." + strconv.Itoa(state.Visit) + "." + string(kind)
}

func (r run) canGoBack() bool {
	node, ok := r.journey.Node(r.state.Node)
	return ok && node.Back && len(r.state.Trail) > 0 && r.row.Status == Active
}

func runs(app application.Application, j journey.Journey) bool {
	return (j.Proof != journey.Nothing || app.Guests) && (len(app.Journeys) == 0 || slices.Contains(app.Journeys, j.Name))
}
