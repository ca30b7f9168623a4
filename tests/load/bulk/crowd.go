package bulk

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

const (
	usersAtOnce = 5000
	// spread is how far back the crowd's first registration lies.
	spread = 24 * time.Hour
	// teams is how many the crowd belongs to.
	teams = 1000
)

// Team stands in the template for the team, which is another's in a copy.
const Team = "team-000"

// Stride leads through all of a crowd before anybody is met again, each far from the
// one before: a prime that divides no size of ours.
const Stride = 1_000_003

// Size is how much is loaded.
type Size struct {
	Users            int
	Suspended        int // one of so many is; 0: nobody
	Sessions, Events int // of each user
}

func (s Size) suspends(n int) bool { return s.Suspended > 1 && n%s.Suspended == s.Suspended-1 }

// Crowd is who was loaded. They all have the template's password.
type Crowd struct {
	size  Size
	began time.Time
}

// active is the number of the nth who can sign in.
func (c Crowd) active(n int) int {
	if c.size.Suspended > 1 {
		return n + n/(c.size.Suspended-1)
	}
	return n
}

// Identifier is the address of a user who can sign in.
func (c Crowd) Identifier(n int) string { return address(c.active(n % c.Users())) }

// Prefix is how the addresses of one in 256 begin.
func (c Crowd) Prefix(n int) string { return address(n % c.size.Users)[:3] }

// Team is one that a thousandth belongs to.
func (c Crowd) Team(n int) string { return team(n) }

// Hour is one in which the crowd was made and logged in.
func (c Crowd) Hour(n int) (from, before time.Time) {
	from = c.began.Add(time.Duration(n%int((spread-2*time.Hour)/time.Minute)) * time.Minute)
	return from, from.Add(time.Hour)
}

// Token is that of a session of somebody who can sign in.
func (c Crowd) Token(n int) string {
	n %= c.Sessions()
	return token(c.active(n/c.size.Sessions)*c.size.Sessions + n%c.size.Sessions).Reveal()
}

// Sessions is how many those have who can sign in.
func (c Crowd) Sessions() int { return c.Users() * c.size.Sessions }

// Users is how many can sign in.
func (c Crowd) Users() int {
	if c.size.Suspended > 1 {
		return c.size.Users - c.size.Users/c.size.Suspended
	}
	return c.size.Users
}

// address is in no order, as names are.
func address(n int) string {
	return fmt.Sprintf("p%08x%d@bulk.example", uint32(n)*2654435761, n)
}

func team(n int) string { return fmt.Sprintf("team-%03d", n%teams) }

// token is derived from its number: so many need not be kept.
func token(n int) secret.Token {
	raw := sha256.Sum256(binary.BigEndian.AppendUint64([]byte("bulk session"), uint64(n)))
	made, _ := secret.ParseToken(session.TokenPrefix, session.TokenPrefix+"_"+base64.RawURLEncoding.EncodeToString(raw[:]))
	return made
}

// Load copies the person behind the identifier as often as the size says.
func Load(ctx context.Context, store Store, identifier string, size Size) (Crowd, error) {
	who, templates, err := find(ctx, store, identifier, size)
	if err != nil {
		return Crowd{}, err
	}
	if len(who.sessions) == 0 {
		return Crowd{}, fmt.Errorf("%w with a session", ErrTemplate)
	}
	l := loader{store: store, who: who, sessions: who.sessionTexts(), size: size, began: time.Now().Add(-spread)}
	for from := 0; from < size.Users; from += usersAtOnce {
		copies := l.copies(from, min(from+usersAtOnce, size.Users))
		for _, t := range templates {
			if err := store.insert(ctx, t.table, t.columns, l.rows(t, copies)); err != nil {
				return Crowd{}, fmt.Errorf("%s: %w", t.table, err)
			}
		}
	}
	return Crowd{size: size, began: l.began}, store.Settle(ctx)
}

type loader struct {
	store    Store
	who      person
	sessions []string
	size     Size
	began    time.Time
}

// copied is one of the crowd.
type copied struct {
	number  int
	person  person
	earlier time.Duration // than the template
}

type anyKind struct{}

func (anyKind) Prefix() string { return "any" }

// copies come one after the other over the whole spread, as ids do that are made in
// time.
func (l loader) copies(from, to int) []copied {
	made := make([]copied, 0, to-from)
	for n := from; n < to; n++ {
		after := time.Duration(float64(spread) * float64(n) / float64(l.size.Users))
		one := copied{number: n, earlier: spread - after, person: person{
			user: id.New[anyKind](l.began.Add(after)).Bytes(), address: address(n),
		}}
		one.person.userText = text(user.ID{}, one.person.user)
		for range l.size.Sessions {
			one.person.sessions = append(one.person.sessions, id.New[anyKind](l.began.Add(after)).Bytes())
		}
		made = append(made, one)
	}
	return made
}

// rows makes all of a table's rows for some copies, one by one.
func (l loader) rows(t template, copies []copied) func() []any {
	of, nth := 0, 0
	return func() []any {
		if nth == t.copies {
			of, nth = of+1, 0
		}
		if of == len(copies) || t.copies == 0 {
			return nil
		}
		row := l.row(t.rows[nth%len(t.rows)], &copies[of], nth)
		nth++
		return row
	}
}

// row is a copy's nth of the table.
func (l loader) row(cells []cell, one *copied, nth int) []any {
	row := make([]any, len(cells))
	of := nth % l.size.Sessions
	for i, c := range cells {
		switch c.kind {
		case constant:
			row[i] = c.value
		case ofUser:
			row[i] = l.store.id(one.person.user)
		case ofSession:
			row[i] = l.store.id(one.person.sessions[of])
		case ofItself:
			row[i] = l.store.id(id.New[anyKind](l.began.Add(spread - one.earlier)).Bytes())
		case naming:
			row[i] = l.named(c.value.(string), one, of)
		case digest:
			sum := token(one.number*l.size.Sessions + of).Digest()
			row[i] = sum[:]
		case sequence:
			row[i] = int64(one.number*l.size.Events+nth) - int64(l.size.Users*l.size.Events)
		case status:
			if row[i] = c.value; l.size.suspends(one.number) {
				row[i] = string(user.Suspended)
			}
		case moment:
			row[i] = earlier(c.value, one.earlier)
		}
	}
	return row
}

func (l loader) named(template string, one *copied, of int) string {
	named := strings.ReplaceAll(template, l.who.userText, one.person.userText)
	named = strings.ReplaceAll(named, l.who.address, one.person.address)
	named = strings.ReplaceAll(named, Team, team(one.number))
	for _, theirs := range l.sessions {
		named = strings.ReplaceAll(named, theirs, text(session.ID{}, one.person.sessions[of]))
	}
	return named
}

// earlier moves a time back, as the engine stores it.
func earlier(stored any, by time.Duration) any {
	switch at := stored.(type) {
	case time.Time:
		return at.Add(-by)
	case int64:
		return at - by.Microseconds()
	}
	return stored
}
