package api

import (
	"fmt"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/lintel-id/lintel/server/platform/rate"
)

// Limits are how many requests are taken; one without a rate is none.
type Limits struct {
	// Source counts by address what nobody has signed for: flows, what is public, and
	// credentials that are worth nothing.
	Source rate.Limit
	// Account counts by user what is asked with a session. The address does not matter
	// then: a back end asks for all its users from one.
	Account rate.Limit
	// Key counts by API key.
	Key rate.Limit
	// Application counts what one application asks for, where that is known.
	Application rate.Limit
}

// DefaultLimits let a busy page be busy and stop a loop.
func DefaultLimits() Limits {
	return Limits{
		Source:      rate.Limit{Rate: 20, Period: time.Second, Burst: 200},
		Account:     rate.Limit{Rate: 50, Period: time.Second, Burst: 500},
		Key:         rate.Limit{Rate: 100, Period: time.Second, Burst: 1000},
		Application: rate.Limit{Rate: 0, Period: time.Second, Burst: 1},
	}
}

func (l Limits) validate() error {
	for _, p := range []policy{{"source", l.Source}, {"account", l.Account}, {"key", l.Key}, {"application", l.Application}} {
		if p.limit.Rate == 0 {
			continue
		}
		if err := p.limit.Validate(); err != nil {
			return fmt.Errorf("rate.%s.%w", p.name, err)
		}
	}
	return nil
}

// policy is a limit under the name that callers see.
type policy struct {
	name  string
	limit rate.Limit
}

// limitCaller charges whoever asks, once it is known who that is: an API key, the user and
// the application of a session, otherwise the address.
func (e *edge) limitCaller(r *request) error {
	limits := e.config.Limits
	if r.operator != "" {
		return e.take(r, policy{"key", limits.Key}, "operator|"+r.operator)
	}
	if r.key != nil {
		id := r.key.ID.Bytes()
		return e.take(r, policy{"key", limits.Key}, string(id[:]))
	}
	if r.session == nil {
		return e.take(r, policy{"source", limits.Source}, rate.Source(r.Client.Address))
	}
	user := r.session.Session.UserID.Bytes()
	if err := e.take(r, policy{"account", limits.Account}, string(user[:])); err != nil {
		return err
	}
	return e.limitApplication(r, r.session.ClientID)
}

// limitApplication charges the application that a request names. Its source has been
// charged before, so that nobody can invent names without end.
func (e *edge) limitApplication(r *request, clientID string) error {
	return e.take(r, policy{"application", e.config.Limits.Application}, clientID)
}

// take charges one request and notes what its answer tells of that.
func (e *edge) take(r *request, p policy, key string) error {
	if p.limit.Rate == 0 || key == "" {
		return nil
	}
	tenant := r.Tenant.Bytes()
	decision, err := e.deps.Limiter.Take(r, "request|"+p.name+"|"+string(tenant[:])+key, p.limit, 1)
	if err != nil {
		return fmt.Errorf("count requests: %w", err)
	}
	r.quota.note(p, decision)
	if !decision.Allowed {
		return ErrLimited.After(decision.RetryAfter)
	}
	return nil
}

// quota is what the answer tells about limits, each field a list with an item for
// every limit that was charged.
// Spec: draft-ietf-httpapi-ratelimit-headers-10 §3, §4.
type quota struct {
	policies, left []byte
	room           [2][96]byte // for the two of them, as long as they are
}

// note adds a limit: its burst, the seconds in which a spent one is whole again,
// what is left and when it will be whole.
func (q *quota) note(p policy, decision rate.Decision) {
	if q.left == nil {
		q.policies, q.left = q.room[0][:0], q.room[1][:0]
	}
	q.policies = appendQuota(q.policies, p.name, 'q', p.limit.Burst, 'w', p.limit.Window())
	q.left = appendQuota(q.left, p.name, 'r', decision.Remaining, 't', decision.ResetAfter)
}

func appendQuota(list []byte, name string, many byte, count int, when byte, time time.Duration) []byte {
	if len(list) > 0 {
		list = append(list, ", "...)
	}
	list = append(append(append(list, '"'), name...), '"', ';', many, '=')
	list = strconv.AppendInt(list, int64(count), 10)
	return strconv.AppendInt(append(list, ';', when, '='), seconds(time), 10)
}

// seconds rounds up: who waits that long has waited long enough.
func seconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }

// tell writes the fields; an answer that nothing was charged for has none.
func (q *quota) tell(c *fiber.Ctx) {
	if len(q.left) > 0 {
		header := &c.Response().Header
		header.SetBytesV("RateLimit-Policy", q.policies)
		header.SetBytesV("RateLimit", q.left)
	}
}
