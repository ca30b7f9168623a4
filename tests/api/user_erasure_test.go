package api_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/tests/api/running"
)

// tablesWhere lists the tables that have a value like that.
func tablesWhere(tables map[string]running.Table, fits func(value string) bool) (found []string) {
	for name, table := range tables {
		if slices.ContainsFunc(table.Rows, func(row []string) bool { return slices.ContainsFunc(row, fits) }) {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	return found
}

// naming lists the tables in which a value is the person's id, in any of the ways to
// write it.
func naming(t *testing.T, tables map[string]running.Table, person string) []string {
	t.Helper()
	var id user.ID
	require.NoError(t, id.UnmarshalText([]byte(person)))
	raw := id.Bytes()
	written := []string{person, string(raw[:]), uuid.UUID(raw).String()}
	return tablesWhere(tables, func(value string) bool { return slices.Contains(written, value) })
}

// holding lists the tables in which any of the texts stands.
func holding(tables map[string]running.Table, texts ...string) []string {
	return tablesWhere(tables, func(value string) bool {
		return slices.ContainsFunc(texts, func(text string) bool {
			return strings.Contains(strings.ToLower(value), strings.ToLower(text))
		})
	})
}

// aboutPeople are the tables that have a column for whose row it is.
func aboutPeople(tables map[string]running.Table) (found []string) {
	for name, table := range tables {
		if slices.Contains(table.Columns, "user_id") || slices.Contains(table.Columns, "person") {
			found = append(found, name)
		}
	}
	return found
}

// Erased is erased: no table holds what identifies the person, none but the log, its
// proof and two tombstones so much as names them, and what the log told about them opens no more.
// A new table with a user's column fails here until this person has a row in it, and
// then until that row goes with them.
func TestPersonIsErased(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
				withApplications(settings)
				settings.Erasure.Grace = 0
				settings.ProfileSchema.Document = []byte(`{"type":"object","additionalProperties":false,"properties":{"name":{"type":"string"},
					"locale":{"type":"string"},"family_name":{"type":"string","x-searchable":true}}}`)
			})
			bystander := s.somebody()
			p, secondName, familyName := s.everythingThereIs()
			before := s.Tables(t)
			require.Eventually(t, func() bool { // what follows the log comes a little later
				before = s.Tables(t)
				return !slices.ContainsFunc(aboutPeople(before), func(table string) bool {
					return !slices.Contains(naming(t, before, p.ID), table)
				})
			}, patience, look, "the person has a row in every table that is about people")
			require.Equal(t, []string{"user_attributes", "user_identifiers", "users"}, holding(before, p.name, secondName, familyName), "the search finds, and nothing else has it in the open")
			require.Positive(t, s.opens(p.ID))

			deletion := read[wire.UserDeletion](p.leave().is(http.StatusOK))
			require.Equal(t, "deleted", deletion.Status)
			require.Equal(t, s.Clock.Now(), deletion.DeleteAt)
			s.fired("user.deletion_scheduled", "session.ended", "user.deleted")

			s.Clock.Advance(2 * time.Minute) // what another node may keep of a key is that old at most
			after := s.Tables(t)
			require.Empty(t, holding(after, p.name, secondName, familyName))
			require.Equal(t, []string{"audit_records", "events", "seal_user_keys", "users"}, naming(t, after, p.ID), "the log, its proof and two tombstones")
			require.Zero(t, s.opens(p.ID))

			p.me().refused(http.StatusUnauthorized, "session_invalid")
			c := s.app()
			requireRefusal(c, read[wire.Flow](c.start(c.asking("login", c.prove(p.name, p.password)))), "credentials_invalid")
			s.fired("flow.refused")
			c.somebodyNamed(p.name)
			s.fired("user.created", "password.set", "session.created")
			require.Equal(t, bystander.User, bystander.record().user(), "others are as they were")
		})
	}
}

// everythingThereIs is somebody with a row in every table that is about people.
func (s *scenario) everythingThereIs() (p *person, secondName, familyName string) {
	p = &person{caller: s.app(), name: newName(), password: newPassword()}
	secondName, familyName = newWord(), "Family-"+newWord()
	start := p.asking("registration", p.choose(p.name, p.password, wire.Profile{"name": familyName, "locale": "en-GB"}))
	start.ClientID = optional("asking")
	f := p.goOn(p.start(start, key(newPassword())))
	p.User = p.completed(f.submit(p.agree("2030-01"), key(newPassword())).is(http.StatusOK)).Outcome.User
	p.addIdentifier(secondName).is(http.StatusCreated)
	p.patch(`{"profile":{"family_name":"` + familyName + `"}}`).user()
	s.granted(p.ID, "invoices:read")
	manager, gone := s.manager(), newName()
	held := read[wire.Identifier](manager.got(manager.wire.AddUserIdentifier(context.Background(), p.ID, &wire.AddUserIdentifierParams{}, wire.NewUserIdentifier{Value: gone, Verified: new(true)})).is(http.StatusCreated))
	linked := s.app() // of an application whose pages open links
	again := linked.asking("login", linked.prove(gone, p.password))
	again.ClientID = optional("careful")
	linked.completed(linked.start(again).is(http.StatusCreated))
	linked.removeIdentifier(held.ID).is(http.StatusNoContent)
	s.Mail(s.t, gone, 1)
	linked.logout().is(http.StatusNoContent)
	manager.recovers(p.ID, newName()).is(http.StatusCreated)
	p.exported()
	s.wroteTo(p.ID, newWord()+"@example.com")
	s.acceptedBy(p)
	s.plantPasskey(p)
	p.forgetEvents()
	return p, secondName, familyName
}

// opens counts the events about a person that tell something of them; once they are
// erased, each is there and says no more.
func (s *scenario) opens(person string) (opened int) {
	s.t.Helper()
	events, err := s.Events.EventsAfter(everywhere(), 0, nil, 1000)
	require.NoError(s.t, err)
	sealed := 0
	for _, told := range events {
		if told.Person != person || len(told.Personal) == 0 {
			continue
		}
		sealed++
		_, err := s.Personal(everywhere(), told)
		if err == nil {
			opened++
			continue
		}
		require.ErrorIs(s.t, err, seal.ErrDestroyed)
	}
	require.Positive(s.t, sealed, "the log keeps what was told")
	return opened
}
