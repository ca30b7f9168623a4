package assurance_test

import (
	"slices"
	"testing"
	"testing/quick"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/assurance"
)

var noon = time.Date(2030, 1, 2, 12, 0, 0, 0, time.UTC)

const unknown assurance.Method = "tea_leaves"

func pwd(at time.Time) assurance.Fact {
	return assurance.Fact{Method: assurance.Password, At: at}
}

func strange(at time.Time) assurance.Fact { return assurance.Fact{Method: unknown, At: at} }

func TestOfAddsUpFacts(t *testing.T) {
	earlier := noon.Add(-time.Hour)
	cases := map[string]struct {
		facts []assurance.Fact
		want  assurance.Result
	}{
		"nothing":                        {nil, assurance.Result{ACR: assurance.None, AMR: []string{}, AuthTime: time.Time{}}},
		"an unknown method":              {[]assurance.Fact{strange(noon)}, assurance.Result{ACR: assurance.None, AMR: []string{}, AuthTime: time.Time{}}},
		"a password":                     {[]assurance.Fact{pwd(noon)}, assurance.Result{ACR: assurance.One, AMR: []string{"pwd"}, AuthTime: noon}},
		"the same twice":                 {[]assurance.Fact{pwd(earlier), pwd(noon)}, assurance.Result{ACR: assurance.One, AMR: []string{"pwd"}, AuthTime: noon}},
		"the latest counts, first":       {[]assurance.Fact{pwd(noon), pwd(earlier)}, assurance.Result{ACR: assurance.One, AMR: []string{"pwd"}, AuthTime: noon}},
		"unknown beside a known one":     {[]assurance.Fact{strange(noon), pwd(earlier)}, assurance.Result{ACR: assurance.One, AMR: []string{"pwd"}, AuthTime: earlier}},
		"a passkey alone":                {[]assurance.Fact{{Method: assurance.Passkey, At: noon}}, assurance.Result{ACR: assurance.Two, AMR: []string{"mfa", "pop", "user"}, AuthTime: noon}},
		"a key that verified nobody":     {[]assurance.Fact{{Method: assurance.SecurityKey, At: noon}}, assurance.Result{ACR: assurance.One, AMR: []string{"pop"}, AuthTime: noon}},
		"a key beside a password":        {[]assurance.Fact{pwd(earlier), {Method: assurance.SecurityKey, At: noon}}, assurance.Result{ACR: assurance.Two, AMR: []string{"mfa", "pop", "pwd"}, AuthTime: noon}},
		"a key beside a code":            {[]assurance.Fact{{Method: assurance.Email, At: earlier}, {Method: assurance.SecurityKey, At: noon}}, assurance.Result{ACR: assurance.One, AMR: []string{"otp", "pop"}, AuthTime: noon}},
		"a code beside a password":       {[]assurance.Fact{pwd(earlier), {Method: assurance.Email, At: noon}}, assurance.Result{ACR: assurance.One, AMR: []string{"otp", "pwd"}, AuthTime: noon}},
		"a passkey after it verified no": {[]assurance.Fact{{Method: assurance.SecurityKey, At: earlier}, {Method: assurance.Passkey, At: noon}}, assurance.Result{ACR: assurance.Two, AMR: []string{"mfa", "pop", "user"}, AuthTime: noon}},
		"a fact without a time":          {[]assurance.Fact{pwd(time.Time{})}, assurance.Result{ACR: assurance.One, AMR: []string{"pwd"}, AuthTime: time.Time{}}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, assurance.Of(c.facts)) })
	}
}

func TestFresh(t *testing.T) {
	const window = 5 * time.Minute
	cases := map[string]struct {
		facts  []assurance.Fact
		within time.Duration
		want   bool
	}{
		"nothing":                     {nil, window, false},
		"right now":                   {[]assurance.Fact{pwd(noon)}, window, true},
		"at the very edge":            {[]assurance.Fact{pwd(noon.Add(-window))}, window, true},
		"just over the edge":          {[]assurance.Fact{pwd(noon.Add(-window - time.Microsecond))}, window, false},
		"in the future":               {[]assurance.Fact{pwd(noon.Add(time.Microsecond))}, window, false},
		"future beside fresh":         {[]assurance.Fact{pwd(noon.Add(time.Hour)), pwd(noon.Add(-time.Minute))}, window, true},
		"unknown method":              {[]assurance.Fact{strange(noon)}, window, false},
		"without a time":              {[]assurance.Fact{pwd(time.Time{})}, 1<<63 - 1, false},
		"no window, this instant":     {[]assurance.Fact{pwd(noon)}, 0, true},
		"no window, an instant ago":   {[]assurance.Fact{pwd(noon.Add(-time.Microsecond))}, 0, false},
		"a negative window":           {[]assurance.Fact{pwd(noon)}, -time.Second, false},
		"time zones do not matter":    {[]assurance.Fact{pwd(noon.In(time.FixedZone("x", 3600)))}, window, true},
		"older than a Duration holds": {[]assurance.Fact{pwd(noon.AddDate(-400, 0, 0))}, window, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, assurance.Fresh(c.facts, noon, c.within)) })
	}
}

func TestMerge(t *testing.T) {
	earlier, later := noon.Add(-time.Hour), noon.Add(time.Hour)
	cases := map[string]struct{ old, added, want []assurance.Fact }{
		"into nothing":        {nil, []assurance.Fact{pwd(noon)}, []assurance.Fact{pwd(noon)}},
		"nothing":             {[]assurance.Fact{pwd(noon)}, nil, []assurance.Fact{pwd(noon)}},
		"a later proof":       {[]assurance.Fact{pwd(noon)}, []assurance.Fact{pwd(later)}, []assurance.Fact{pwd(later)}},
		"an earlier proof":    {[]assurance.Fact{pwd(noon)}, []assurance.Fact{pwd(earlier)}, []assurance.Fact{pwd(noon)}},
		"another method":      {[]assurance.Fact{pwd(noon)}, []assurance.Fact{strange(later)}, []assurance.Fact{pwd(noon), strange(later)}},
		"one method repeated": {nil, []assurance.Fact{pwd(noon), pwd(later), pwd(earlier)}, []assurance.Fact{pwd(later)}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			before := slices.Clone(c.old)
			require.Equal(t, c.want, assurance.Merge(c.old, c.added))
			require.Equal(t, before, c.old, "the old facts may be shared with a cache")
		})
	}
}

// What was proven while the clock ran ahead is kept, and does not stand in the way of
// what is proven once it is right again.
func TestMergeAtLetsTheFutureGiveWay(t *testing.T) {
	ahead := noon.Add(10 * time.Hour)
	old := []assurance.Fact{pwd(ahead), strange(ahead)}
	merged := assurance.MergeAt(noon, old, []assurance.Fact{pwd(noon)})
	require.Equal(t, []assurance.Fact{strange(ahead), pwd(noon)}, merged)
	require.True(t, assurance.Fresh(merged, noon, time.Minute))
	require.Equal(t, []assurance.Fact{pwd(ahead), strange(ahead)}, old)
	require.Equal(t, old, assurance.MergeAt(noon, old, nil))
	require.Equal(t, []assurance.Fact{pwd(noon)}, assurance.MergeAt(ahead, []assurance.Fact{pwd(noon)}, []assurance.Fact{pwd(noon.Add(-time.Hour))}))
}

var rank = map[assurance.Level]int{assurance.None: 0, assurance.One: 1, assurance.Two: 2}

// drawn is what the property tests draw: two lists of facts, future and unknown
// methods included.
type drawn struct{ Old, Added []int8 }

func facts(from []int8) []assurance.Fact {
	out := []assurance.Fact{}
	for _, n := range from {
		methods := []assurance.Method{unknown, assurance.Password, assurance.Email, assurance.SMS, assurance.SecurityKey, assurance.Passkey}
		fact := pwd(noon.Add(time.Duration(n) * time.Minute))
		fact.Method = methods[(int(n)+128)%len(methods)]
		out = append(out, fact)
	}
	return out
}

// Credentials proven in a flow count in that flow: a further proof never takes
// anything away.
func TestPromise_ProofsCount_AddingAFactNeverLowers(t *testing.T) {
	property := func(d drawn) bool {
		old := facts(d.Old)
		merged := assurance.Merge(old, facts(d.Added))
		before, after := assurance.Of(old), assurance.Of(merged)
		for _, method := range before.AMR {
			if !slices.Contains(after.AMR, method) {
				return false
			}
		}
		return rank[after.ACR] >= rank[before.ACR] && !after.AuthTime.Before(before.AuthTime)
	}
	require.NoError(t, quick.Check(property, nil))
}

func TestAppendingAFactNeverMakesStale(t *testing.T) {
	property := func(d drawn) bool {
		old := facts(d.Old)
		both := append(slices.Clone(old), facts(d.Added)...)
		const window = 30 * time.Minute
		return !assurance.Fresh(old, noon, window) || assurance.Fresh(both, noon, window)
	}
	require.NoError(t, quick.Check(property, nil))
}

func TestMergingTwiceChangesNothing(t *testing.T) {
	property := func(d drawn) bool {
		once := assurance.Merge(facts(d.Old), facts(d.Added))
		return slices.Equal(once, assurance.Merge(once, facts(d.Added)))
	}
	require.NoError(t, quick.Check(property, nil))
}
