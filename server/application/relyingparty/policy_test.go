package relyingparty_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application/relyingparty"
)

const fingerprint = "14:6D:E9:83:C5:73:06:50:D8:EE:B9:95:2F:34:FC:64:16:A0:83:42:E6:1D:BE:A8:8A:04:96:B2:3F:CF:44:E5"

// wrong names what a check finds.
func wrong(p *relyingparty.Policy, origins ...string) []string {
	found := []string{}
	for _, field := range p.Check(origins) {
		found = append(found, strings.TrimPrefix(field.Pointer, "/passkeys")+" "+field.Code)
	}
	return found
}

// Protects: a relying party is somebody's domain: not an address, not what many people have
// in common, and written as browsers compare it.
func TestClass_WebAuthn_RelyingPartyIsADomainOfSomebody(t *testing.T) {
	for _, id := range []string{
		"example.com", "login.example.com", "example.co.uk", "shop.example", "xn--mnchen-3ya.de", "a-b.example.com", "corp.internal", "1password.com",
	} {
		require.Empty(t, wrong(&relyingparty.Policy{ID: id}), id)
	}
	for _, id := range []string{
		"com", "co.uk", "github.io", "example", "127.0.0.1", "1.2.3.4", "example.1", "example.0x1", "[::1]", "::1", "example.com.", ".example.com", "a..example.com",
		"https://example.com", "example.com:443", "example.com/", "Example.com", "münchen.de", "xn--a.com", "ex_ample.com", "*.example.com", "-a.example.com", "a-.example.com",
		" example.com", "example.com\n", "user@example.com", strings.Repeat("a", 64) + ".com", strings.Repeat("abcdefg.", 40) + "com",
	} {
		require.Equal(t, []string{"/rp_id format"}, wrong(&relyingparty.Policy{ID: id}), id)
	}
	require.Equal(t, []string{"/rp_id required"}, wrong(&relyingparty.Policy{}))
	require.Empty(t, (*relyingparty.Policy)(nil).Check(nil))

	local := &relyingparty.Policy{ID: "localhost"}
	require.Empty(t, wrong(local))
	require.Empty(t, wrong(local, "http://localhost:3000", "http://127.0.0.1:3000"))
	require.Equal(t, []string{"/rp_id inconsistent"}, wrong(local, "http://localhost:3000", "https://shop.example"))
	require.Equal(t, []string{"/rp_id inconsistent"}, wrong(&relyingparty.Policy{ID: "app.localhost", Origins: []string{"https://shop.example"}}))
}

func TestEachSettingIsJudged(t *testing.T) {
	some, other := uuid.MustParse("ee882879-721c-4913-9775-3dfcce97072a"), uuid.MustParse("00000000-0000-0000-0000-000000000001")
	for name, one := range map[string]struct {
		change func(p *relyingparty.Policy)
		want   []string
	}{
		"origin with a path": {func(p *relyingparty.Policy) { p.Origins = []string{"https://a.example/"} }, []string{"/origins/0 format"}},
		"plain origin":       {func(p *relyingparty.Policy) { p.Origins = []string{"http://a.example"} }, []string{"/origins/0 format"}},
		"origin twice":       {func(p *relyingparty.Policy) { p.Origins = []string{"https://a.example", "https://a.example"} }, []string{"/origins/1 duplicate"}},
		"five names":         {func(p *relyingparty.Policy) { p.Origins = named(5) }, []string{}},
		"six names":          {func(p *relyingparty.Policy) { p.Origins = named(6) }, []string{"/origins max_items"}},
		"many of one name": {func(p *relyingparty.Policy) {
			p.Origins = []string{"https://a.co.uk", "https://a.de", "https://a.fr", "https://a.es", "https://a.pt", "https://b.a.jp"}
		}, []string{}},
		"many below the party": {func(p *relyingparty.Policy) { p.Origins = under(32) }, []string{}},
		"too many":             {func(p *relyingparty.Policy) { p.Origins = under(33) }, []string{"/origins max_items"}},
		"package of one word":  {android("shop", fingerprint), []string{"/android_apps/0/package_name format"}},
		"package with a digit": {android("com.1shop", fingerprint), []string{"/android_apps/0/package_name format"}},
		"package with ü":       {android("com.ü", fingerprint), []string{"/android_apps/0/package_name format"}},
		"no fingerprint":       {android("com.shop"), []string{"/android_apps/0/sha256_cert_fingerprints required"}},
		"short fingerprint":    {android("com.shop", fingerprint[:92]), []string{"/android_apps/0/sha256_cert_fingerprints/0 format"}},
		"no colons":            {android("com.shop", strings.ReplaceAll(fingerprint, ":", "")), []string{"/android_apps/0/sha256_cert_fingerprints/0 format"}},
		"lower case":           {android("com.shop_1.x", strings.ToLower(fingerprint)), []string{}},
		"the same in both":     {android("com.shop", fingerprint, strings.ToLower(fingerprint)), []string{"/android_apps/0/sha256_cert_fingerprints/1 duplicate"}},
		"seventeen":            {android("com.shop", slices.Repeat([]string{fingerprint}, 17)...), []string{"/android_apps/0/sha256_cert_fingerprints max_items"}},
		"package twice": {func(p *relyingparty.Policy) {
			p.AndroidApps = slices.Repeat([]relyingparty.AndroidApp{{Package: "com.shop", Fingerprints: []string{fingerprint}}}, 2)
		}, []string{"/android_apps/1/package_name duplicate"}},
		"apps":            {func(p *relyingparty.Policy) { p.AndroidApps = make([]relyingparty.AndroidApp, 33) }, []string{"/android_apps max_items"}},
		"apple":           {func(p *relyingparty.Policy) { p.AppleApps = []string{"ABCDE12345.com.example.shop-1"} }, []string{}},
		"team in small":   {func(p *relyingparty.Policy) { p.AppleApps = []string{"abcde12345.com.example"} }, []string{"/apple_apps/0 format"}},
		"no bundle":       {func(p *relyingparty.Policy) { p.AppleApps = []string{"ABCDE12345.", "ABCDE12345"} }, []string{"/apple_apps/0 format", "/apple_apps/1 format"}},
		"bundle with *":   {func(p *relyingparty.Policy) { p.AppleApps = []string{"ABCDE12345.*"} }, []string{"/apple_apps/0 format"}},
		"verification":    {func(p *relyingparty.Policy) { p.Verification = "maybe" }, []string{"/user_verification enum"}},
		"attachment":      {func(p *relyingparty.Policy) { p.Attachment = "usb" }, []string{"/attachment enum"}},
		"attestation":     {func(p *relyingparty.Policy) { p.Attestation = "indirect" }, []string{"/attestation enum"}},
		"hint":            {func(p *relyingparty.Policy) { p.Hints = []relyingparty.Hint{"hybrid", "hybrid"} }, []string{"/hints/1 duplicate"}},
		"unknown hint":    {func(p *relyingparty.Policy) { p.Hints = []relyingparty.Hint{"phone"} }, []string{"/hints/0 enum"}},
		"SHA-1":           {func(p *relyingparty.Policy) { p.Algorithms = []int64{-65535} }, []string{"/algorithms/0 enum"}},
		"algorithm twice": {func(p *relyingparty.Policy) { p.Algorithms = []int64{-7, -7} }, []string{"/algorithms/1 duplicate"}},
		"all algorithms": {func(p *relyingparty.Policy) {
			p.Algorithms = []int64{-7, -8, -9, -19, -35, -36, -37, -38, -39, -51, -52, -257, -258, -259}
		}, []string{}},
		"only claimed": {func(p *relyingparty.Policy) {
			p.AllowedAAGUIDs = []uuid.UUID{some}
			p.Attestation = relyingparty.AttestationDirect
		}, []string{"/allowed_aaguids inconsistent"}},
		"denied":          {func(p *relyingparty.Policy) { p.DeniedAAGUIDs = []uuid.UUID{some} }, []string{}},
		"denied twice":    {func(p *relyingparty.Policy) { p.DeniedAAGUIDs = []uuid.UUID{some, some} }, []string{"/denied_aaguids/1 duplicate"}},
		"too many denied": {func(p *relyingparty.Policy) { p.DeniedAAGUIDs = make([]uuid.UUID, 257) }, []string{"/denied_aaguids max_items"}},
		"both": {func(p *relyingparty.Policy) {
			p.AllowedAAGUIDs, p.DeniedAAGUIDs, p.Attestation = []uuid.UUID{some}, []uuid.UUID{other, some}, "required"
		}, []string{"/denied_aaguids/1 inconsistent"}},
		"soon":             {func(p *relyingparty.Policy) { p.Timeout = 29 * time.Second }, []string{"/timeout_seconds range"}},
		"late":             {func(p *relyingparty.Policy) { p.Timeout = 601 * time.Second }, []string{"/timeout_seconds range"}},
		"half a second":    {func(p *relyingparty.Policy) { p.Timeout = 30500 * time.Millisecond }, []string{"/timeout_seconds range"}},
		"page":             {func(p *relyingparty.Policy) { p.EnrollURL = "https://shop.example.com:443/x?y=1" }, []string{}},
		"page elsewhere":   {func(p *relyingparty.Policy) { p.ManageURL = "https://evil.example/x" }, []string{"/manage_url inconsistent"}},
		"page of a plugin": {func(p *relyingparty.Policy) { p.ChangePasswordURL = "com.example.app:/x" }, []string{"/change_password_url format"}},
		"page that climbs": {func(p *relyingparty.Policy) { p.ManageURL = "https://shop.example.com/../x" }, []string{"/manage_url format"}},
		"page of another": {func(p *relyingparty.Policy) {
			p.Origins, p.ManageURL = []string{"https://a.example"}, "https://a.example/x"
		}, []string{}},
	} {
		p := &relyingparty.Policy{ID: "example.com"}
		one.change(p)
		require.Equal(t, one.want, wrong(p, "https://shop.example.com"), name)
	}
}

func named(count int) (found []string) {
	for i := range count {
		found = append(found, "https://shop.name"+strconv.Itoa(i)+".example")
	}
	return found
}

func under(count int) (found []string) {
	for i := range count {
		found = append(found, "https://a"+strconv.Itoa(i)+".example.com")
	}
	return found
}

func android(name string, prints ...string) func(p *relyingparty.Policy) {
	return func(p *relyingparty.Policy) {
		p.AndroidApps = []relyingparty.AndroidApp{{Package: name, Fingerprints: prints}}
	}
}

func TestSettledFillsInTheDefaults(t *testing.T) {
	p := &relyingparty.Policy{ID: "example.com"}
	android("com.shop", strings.ToLower(fingerprint))(p)
	s := p.Settled()
	require.Equal(t, relyingparty.VerificationRequired, s.Verification)
	require.Equal(t, relyingparty.AttestationNone, s.Attestation)
	require.Equal(t, []int64{-7, -8, -257}, s.Algorithms)
	require.Equal(t, 5*time.Minute, s.Timeout)
	require.Equal(t, []string{fingerprint}, s.AndroidApps[0].Fingerprints)
	require.Equal(t, strings.ToLower(fingerprint), p.AndroidApps[0].Fingerprints[0], "a copy")
	require.Equal(t, s, s.Settled())
	require.Equal(t, p.Told(), s.Told())
	require.Nil(t, (*relyingparty.Policy)(nil).Settled())
	require.Nil(t, (*relyingparty.Policy)(nil).Told())
}

// Protects: a page counts only where its host is the relying party or below it, or it is named.
func TestClass_WebAuthn_OriginsThatCount(t *testing.T) {
	p := relyingparty.Policy{ID: "example.com", Origins: []string{"https://example.org", "https://a.example.com"}}
	got := p.WebOrigins([]string{
		"https://example.com", "https://a.example.com", "https://shop.example.com:8443", "https://evilexample.com", "https://example.com.evil.example", "https://com", "http://127.0.0.1",
	})
	require.Equal(t, []string{"https://example.com", "https://a.example.com", "https://shop.example.com:8443", "https://example.org"}, got)
	require.Equal(t, []string{"https://example.org"}, p.RelatedOrigins())
	require.Empty(t, p.AppOrigins())
	require.Empty(t, relyingparty.Policy{}.WebOrigins([]string{"https://example.com"}))

	p = relyingparty.Policy{ID: "example.com", AppleApps: []string{"ABCDE12345.com.example"}}
	require.Equal(t, []string{"https://example.com"}, p.WebOrigins(nil), "an Apple app says that it is the site itself")
	android("com.shop", fingerprint, strings.ToLower(fingerprint))(&p)
	require.Equal(t, []string{"android:apk-key-hash:FG3pg8VzBlDY7rmVLzT8ZBagg0LmHb6oigSWsj_PROU"}, p.AppOrigins())
	require.Equal(t, []string{"http://localhost:3000"}, relyingparty.Policy{ID: "localhost"}.WebOrigins([]string{"http://localhost:3000", "http://127.0.0.1:3000"}))
}

// Protects: no document mixes two relying parties.
func TestAssociate(t *testing.T) {
	shop := relyingparty.Policy{
		ID: "example.com", Origins: []string{"https://z.example", "https://a.example.com", "https://a.example"}, AppleApps: []string{"ZBCDE12345.b", "ABCDE12345.a"},
		AndroidApps: []relyingparty.AndroidApp{{Package: "com.z", Fingerprints: []string{"B", "A"}}}, ManageURL: "https://a.example.com/first",
	}
	second := relyingparty.Policy{
		ID: "example.com", Origins: []string{"https://a.example"}, AppleApps: []string{"ABCDE12345.a"}, ManageURL: "https://a.example.com/second", EnrollURL: "https://a.example.com/new",
		AndroidApps: []relyingparty.AndroidApp{{Package: "com.z", Fingerprints: []string{"C", "A"}}, {Package: "com.a", Fingerprints: []string{"A"}}},
	}
	other := relyingparty.Policy{ID: "other.example", AppleApps: []string{"OTHER12345.o"}}
	want := relyingparty.Association{
		ID: "example.com", RelatedOrigins: []string{"https://a.example", "https://z.example"}, AppleApps: []string{"ABCDE12345.a", "ZBCDE12345.b"},
		AndroidApps: []relyingparty.AndroidApp{{Package: "com.a", Fingerprints: []string{"A"}}, {Package: "com.z", Fingerprints: []string{"A", "B", "C"}}},
		EnrollURL:   "https://a.example.com/new", ManageURL: "https://a.example.com/first",
	}
	require.Equal(t, want, relyingparty.Associate("example.com", []relyingparty.Policy{shop, other, second}))
	require.Equal(t, want, relyingparty.Associate("id.example.com", []relyingparty.Policy{shop, second}), "the only one that there is")
	require.Equal(t, relyingparty.Association{}, relyingparty.Associate("id.example.com", []relyingparty.Policy{shop, other}))
	require.Equal(t, relyingparty.Association{}, relyingparty.Associate("example.com", nil))
	require.Equal(t, []string{"https://z.example", "https://a.example.com", "https://a.example"}, shop.Origins, "what is shared stays as it is")
}
