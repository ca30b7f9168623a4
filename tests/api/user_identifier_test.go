package api_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

func (c *caller) addIdentifier(value string) answer {
	c.t.Helper()
	return c.got(c.wire.AddIdentifier(context.Background(), wire.NewIdentifier{Value: value}))
}

func (c *caller) removeIdentifier(id string) answer {
	c.t.Helper()
	return c.got(c.wire.RemoveIdentifier(context.Background(), id))
}

func (c *caller) preferIdentifier(id string) answer {
	c.t.Helper()
	return c.send(http.MethodPatch, "/v1/me/identifiers/"+id, `{"primary":true}`, "Content-Type", "application/merge-patch+json")
}

func (c *caller) identifiers(limit int32, cursor string) wire.IdentifierPage {
	c.t.Helper()
	params := &wire.ListIdentifiersParams{Cursor: optional(cursor)}
	if limit > 0 {
		params.Limit = &limit
	}
	return read[wire.IdentifierPage](c.got(c.wire.ListIdentifiers(context.Background(), params)).is(http.StatusOK))
}

// added gives a person one more identifier and forgets the event of it.
func (p *person) added(value string) wire.Identifier {
	p.t.Helper()
	held := read[wire.Identifier](p.addIdentifier(value).is(http.StatusCreated))
	p.forgetEvents()
	return held
}

func TestIdentifiersOfOneself(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p, name := s.somebody(), newName()
		first := p.Identifiers[0]
		require.Equal(t, []wire.Identifier{first}, p.identifiers(0, "").Items)
		tag := p.record().header.Get("ETag")

		s.Clock.Advance(time.Second)
		second := read[wire.Identifier](p.addIdentifier(" " + name + " ").is(http.StatusCreated))
		require.Equal(t, "email", second.Type)
		require.Equal(t, name, second.Value)
		require.False(t, second.Primary)
		require.True(t, second.VerifiedAt.IsNull(), "nothing has proven it")
		told := s.fired("user.identifier_added")
		require.Equal(t, p.ID, told[0].Subject)
		require.Equal(t, p.ID, told[0].Actor.ID)
		require.Equal(t, map[string]any{"identifier_id": second.ID, "identifier_type": "email"}, data(t, told[0]), "and no value")
		require.NotContains(t, string(told[0].Personal), name)
		require.Equal(t, second, read[wire.Identifier](p.addIdentifier(name).is(http.StatusCreated)), "again is no other")
		s.fired()
		p.patch(`{"profile":{"name":"Lost"}}`, "If-Match", tag).refused(http.StatusPreconditionFailed, "version_stale")

		c := s.app()
		c.completed(c.start(c.asking("login", c.prove(name, p.password))).is(http.StatusCreated))
		s.fired("session.created")

		preferred := read[wire.Identifier](p.preferIdentifier(second.ID).is(http.StatusOK))
		require.True(t, preferred.Primary)
		require.Equal(t, second.ID, preferred.ID)
		p.preferIdentifier(second.ID).is(http.StatusOK)
		s.fired("user.identifier_primary_changed")
		first.Primary = false
		require.Equal(t, []wire.Identifier{first, preferred}, p.record().user().Identifiers)

		require.Empty(t, p.removeIdentifier(second.ID).is(http.StatusNoContent).body)
		s.fired("user.identifier_removed", "user.identifier_primary_changed")
		require.Equal(t, p.Identifiers, p.identifiers(0, "").Items)
		p.removeIdentifier(second.ID).refused(http.StatusNotFound, "identifier_unknown")
		p.removeIdentifier(first.ID).refused(http.StatusConflict, "identifier_last")
		c.somebodyNamed(name)
		s.fired("user.created", "password.set", "session.created")
	})
}

func (c *caller) somebodyNamed(name string) {
	c.t.Helper()
	c.completed(c.start(c.asking("registration", c.choose(name, newPassword(), nil))).is(http.StatusCreated))
}

func TestIdentifiersInPages(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		s.Clock.Advance(time.Second)
		username := p.added(newWord())
		page := p.identifiers(1, "")
		require.Equal(t, p.Identifiers, page.Items)
		page = p.identifiers(1, page.NextCursor.MustGet())
		require.Equal(t, []wire.Identifier{username}, page.Items)
		require.True(t, page.NextCursor.IsNull())
		p.send(http.MethodGet, "/v1/me/identifiers?cursor=bm9uZQ", "").invalid("request_invalid", "#query/cursor")
		s.app().send(http.MethodGet, "/v1/me/identifiers", "").refused(http.StatusUnauthorized, "session_invalid")
		s.fired()
	})
}

func TestIdentifierThatIsRefused(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p, other := s.somebody(), s.somebody()
		p.addIdentifier(other.name).refused(http.StatusConflict, "identifier_taken")
		p.addIdentifier("no address@").invalid("identifier_invalid", "/value")
		p.send(http.MethodPost, "/v1/me/identifiers", `{"value":"`+newName()+`","type":"phone"}`).invalid("identifier_invalid", "/value")
		p.send(http.MethodPost, "/v1/me/identifiers", `{"value":"`+newName()+`","type":"fax"}`).invalid("request_invalid", "/type")
		p.send(http.MethodPost, "/v1/me/identifiers", `{"value":"`+newName()+`","verified_at":"2030-01-01T00:00:00Z"}`).invalid("request_invalid", "/verified_at")
		p.send(http.MethodPatch, "/v1/me/identifiers/"+p.Identifiers[0].ID, `{"primary":false}`, "Content-Type", "application/merge-patch+json").invalid("request_invalid", "/primary")
		for _, body := range []string{`{"primary":null}`, `{"value":"x","primary":true}`, `{}`} {
			a := p.send(http.MethodPatch, "/v1/me/identifiers/"+p.Identifiers[0].ID, body, "Content-Type", "application/merge-patch+json")
			a.refused(http.StatusUnprocessableEntity, "request_invalid")
		}
		for range 19 {
			p.added(newWord())
		}
		p.addIdentifier(newWord()).refused(http.StatusConflict, "identifier_limit")
		require.Equal(t, other.Identifiers, other.record().user().Identifiers)
		s.fired()
	})
}

func TestClass_StepUp_Identifiers(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		second := p.added(newName())
		s.Clock.Advance(5*time.Minute + time.Second)
		for _, change := range []func() answer{
			func() answer { return p.addIdentifier(newName()) },
			func() answer { return p.removeIdentifier(second.ID) },
			func() answer { return p.preferIdentifier(second.ID) },
		} {
			problem := change().refused(http.StatusForbidden, "step_up_required")
			require.Equal(t, "step_up", problem.StepUp.Journey)
		}
		require.Equal(t, append(p.Identifiers, second), p.record().user().Identifiers)
		s.fired()
		p.proveAgain()
		p.preferIdentifier(second.ID).is(http.StatusOK)
		p.removeIdentifier(second.ID).is(http.StatusNoContent)
		p.addIdentifier(newName()).is(http.StatusCreated)
	})
}

// Where addresses are proven first, adding one tells nothing of who has it.
func TestClass_Enumeration_AddAnIdentifier(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		taken, word := s.somebody(), newWord()
		taken.added(word)
		c := s.app()
		start := c.asking("registration", c.choose(newWord(), newPassword(), nil))
		start.ClientID = optional("careful")
		c.completed(c.start(start).is(http.StatusCreated))
		s.forgetEvents()
		for _, pair := range [][2]string{{taken.name, newName()}, {"+442079460018", "+442079460019"}} {
			first, second := c.addIdentifier(pair[0]), c.addIdentifier(pair[1])
			one, other := first.refused(http.StatusUnprocessableEntity, "identifier_unprovable"), second.refused(http.StatusUnprocessableEntity, "identifier_unprovable")
			one.TraceID, other.TraceID = "", ""
			require.Equal(t, one, other)
		}
		c.addIdentifier(word).refused(http.StatusConflict, "identifier_taken")
		s.fired()
		c.addIdentifier(newWord()).is(http.StatusCreated)
		s.fired("user.identifier_added")
	})
}

// Asking who has an identifier by adding it costs what asking by registering does.
func TestClass_Exhaustion_AddingIdentifiers(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p, other := s.somebody(), s.somebody()
		asked := 0
		for ; asked < 100; asked++ {
			a := p.addIdentifier(other.name)
			if a.status == http.StatusTooManyRequests {
				a.refused(http.StatusTooManyRequests, "too_many_attempts")
				require.NotEmpty(t, a.header.Get("Retry-After"))
				break
			}
			a.refused(http.StatusConflict, "identifier_taken")
		}
		require.Equal(t, 58, asked, "two of sixty went into registering")
		s.fired()
	})
}

func TestClass_ObjectLevel_IdentifiersOfOthers(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p, other := s.somebody(), s.somebody()
		p.added(newWord())
		other.added(newWord())
		for _, theirs := range other.identifiers(0, "").Items {
			p.removeIdentifier(theirs.ID).refused(http.StatusNotFound, "identifier_unknown")
			p.preferIdentifier(theirs.ID).refused(http.StatusNotFound, "identifier_unknown")
		}
		p.removeIdentifier("idn_zzzzzzzzzzzzzzzzzzzzzzzzzz").refused(http.StatusNotFound, "identifier_unknown")
		p.removeIdentifier("idn_ZZZZZZZZZZZZZZZZZZZZZZZZZZ").invalid("request_invalid", "#path/identifier_id")
		require.Len(t, other.identifiers(0, "").Items, 2)
		s.fired()
	})
}

// Of many people who want one identifier at the same time one gets it.
func TestClass_SingleUse_OneIdentifierOneOwner(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		name, people := newName(), make(chan *person, 16)
		for range cap(people) {
			people <- s.somebody()
		}
		added := 0
		for _, a := range together(16, func() answer { return (<-people).addIdentifier(name) }) {
			if a.status == http.StatusCreated {
				added++
				continue
			}
			a.refused(http.StatusConflict, "identifier_taken")
		}
		require.Equal(t, 1, added)
		s.fired("user.identifier_added")
	})
}

// However many are removed at once, something still finds the person.
func TestClass_SingleUse_TheLastIdentifier(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		ids := make(chan string, 2)
		ids <- p.added(newName()).ID
		ids <- p.Identifiers[0].ID
		removed := 0
		for _, a := range together(2, func() answer { return p.removeIdentifier(<-ids) }) {
			if a.status == http.StatusNoContent {
				removed++
				continue
			}
			a.refused(http.StatusConflict, "identifier_last")
		}
		require.Equal(t, 1, removed)
		left := p.identifiers(0, "").Items
		require.Len(t, left, 1)
		require.True(t, left[0].Primary)
	})
}
