package house_test

import (
	"go/ast"
	"strings"
	"testing"
)

// keyhole is a library, or a package of ours, that few rooms may see.
type keyhole struct {
	library string
	rooms   []string
	why     string
}

var keyholes = []keyhole{
	{"gorm.io/", []string{"storage"}, "SQL lives in storage"},
	{"github.com/gofiber/fiber", []string{"server/api", "server/boot"}, "HTTP lives in api and boot"},
	{module + "gen", []string{"server/api"}, "the wire's shapes live in api"},
	{"github.com/lestrrat-go/jwx", []string{"server/platform/jose"}, "JOSE is exchanged in one place"},
	{"github.com/go-webauthn", []string{"server/passkey"}, "passkeys are judged in passkey"},
}

// Tests and what is generated or only runs at build time may look anywhere.
func builds(f *file) bool {
	return !f.test && !f.generated && !under(f.dir, "gen", "tests", "openapi/tool", "openapi/codegen", "clients")
}

func keyholesKept(t *tree) (found []string) {
	for _, f := range t.files {
		if !builds(f) {
			continue
		}
		for imported := range f.imports() {
			for _, k := range keyholes {
				if strings.HasPrefix(imported+"/", strings.TrimSuffix(k.library, "/")+"/") && !under(f.dir, k.rooms...) {
					found = append(found, f.path+": imports "+imported+", but "+k.why)
				}
			}
		}
	}
	return found
}

// kin-openapi changes its API between minor versions, so one package at most
// stands between it and the running server.
func oneValidator(t *tree) (found []string) {
	seen := map[string]bool{}
	for _, f := range t.files {
		for imported := range f.imports() {
			if builds(f) && under(imported, "github.com/getkin/kin-openapi") {
				seen[f.dir] = true
			}
		}
	}
	if len(seen) < 2 {
		return nil
	}
	for dir := range seen {
		found = append(found, dir+" imports kin-openapi, and it is not the only one")
	}
	return found
}

// A test decides what time it is, so only one room asks the machine; a test
// that sleeps is slow on a good day and wrong on a bad one.
func timeComesFromTheClock(t *tree) (found []string) {
	for _, f := range t.files {
		f.selectors("time", func(sel *ast.SelectorExpr) {
			switch sel.Sel.Name {
			case "Now", "Since", "Until":
				if !f.test && under(f.dir, "server", "storage") && f.dir != "server/platform/clock" {
					found = append(found, t.at(sel)+": time."+sel.Sel.Name+", but the time comes from the Clock in Deps")
				}
			case "Sleep":
				found = append(found, t.at(sel)+": time.Sleep; wait for what you are waiting for")
			}
		})
	}
	return found
}

// Who makes a service with NewLocal lets somebody in without a key. A server never does.
func localKeysStayAtTheDesk(t *tree) (found []string) {
	for _, f := range t.files {
		if f.test || f.path == "server/boot/desk.go" {
			continue
		}
		f.selectors(module+"server/apikey", func(sel *ast.SelectorExpr) {
			if sel.Sel.Name == "NewLocal" {
				found = append(found, t.at(sel)+": apikey.NewLocal is for server/boot/desk.go alone")
			}
		})
	}
	return found
}

func TestLocalKeysStayAtTheDesk(t *testing.T) { requireKept(t, localKeysStayAtTheDesk) }

func TestLocalKeysStayAtTheDeskFinds(t *testing.T) {
	use := `package boot; import "github.com/lintel-id/lintel/server/apikey"; var _ = apikey.NewLocal`
	requireFinds(t, localKeysStayAtTheDesk, sample{"server/boot/desk.go": use, "server/boot/server.go": use},
		"server/boot/server.go:1: apikey.NewLocal is for server/boot/desk.go alone")
}

func TestLibrariesStayInTheirRooms(t *testing.T) { requireKept(t, keyholesKept) }
func TestOnlyOnePackageValidates(t *testing.T)   { requireKept(t, oneValidator) }
func TestTimeComesFromTheClock(t *testing.T)     { requireKept(t, timeComesFromTheClock) }

func TestLibrariesStayInTheirRoomsFinds(t *testing.T) {
	requireFinds(t, keyholesKept, sample{
		"storage/user.go":              `package storage; import _ "gorm.io/gorm"`,
		"server/boot/listen.go":        `package boot; import _ "github.com/gofiber/fiber/v2"`,
		"gen/server.go":                `package gen; import _ "github.com/gofiber/fiber/v2"`,
		"server/user/user_test.go":     `package user; import _ "gorm.io/gorm"`,
		"server/user/general.go":       `package user; import _ "github.com/lintel-id/lintel/general"`,
		"server/user/row.go":           `package user; import _ "gorm.io/gorm/clause"`,
		"server/flow/http.go":          `package flow; import _ "github.com/gofiber/fiber/v2"`,
		"server/boot/wire.go":          `package boot; import _ "github.com/lintel-id/lintel/gen"`,
		"server/oauth/token.go":        `package oauth; import _ "github.com/lestrrat-go/jwx/v2/jwt"`,
		"server/platform/jose/jwx.go":  `package jose; import _ "github.com/lestrrat-go/jwx/v2/jwt"`,
		"server/passkey/models/mds.go": `package models; import _ "github.com/go-webauthn/webauthn/metadata"`,
		"server/flow/passkey.go":       `package flow; import _ "github.com/go-webauthn/webauthn/protocol"`,
	},
		"server/user/row.go: imports gorm.io/gorm/clause, but SQL lives in storage",
		"server/flow/http.go: imports github.com/gofiber/fiber/v2, but HTTP lives in api and boot",
		"server/boot/wire.go: imports github.com/lintel-id/lintel/gen, but the wire's shapes live in api",
		"server/oauth/token.go: imports github.com/lestrrat-go/jwx/v2/jwt, but JOSE is exchanged in one place",
		"server/flow/passkey.go: imports github.com/go-webauthn/webauthn/protocol, but passkeys are judged in passkey",
	)
}

func TestOnlyOnePackageValidatesFinds(t *testing.T) {
	kin := ` import _ "github.com/getkin/kin-openapi/openapi3"`
	one := sample{
		"server/api/validate.go":     "package api;" + kin,
		"openapi/tool/main.go":       "package main;" + kin,
		"clients/generator/x.go":     "package generator;" + kin,
		"tests/api/response_test.go": "package api_test;" + kin,
	}
	requireFinds(t, oneValidator, one)
	one["server/boot/boot.go"] = "package boot;" + kin
	requireFinds(t, oneValidator, one,
		"server/api imports kin-openapi, and it is not the only one",
		"server/boot imports kin-openapi, and it is not the only one")
}

func TestTimeComesFromTheClockFinds(t *testing.T) {
	requireFinds(t, timeComesFromTheClock, sample{
		"server/platform/clock/clock.go": "package clock\nimport \"time\"\nvar _ = time.Now",
		"server/user/ok.go":              "package user\nimport \"time\"\nvar _ = time.Minute",
		"server/user/local.go":           "package user\nfunc f(time struct{ Now int }) int { return time.Now }",
		"server/user/user_test.go":       "package user\nimport \"time\"\nvar _ = time.Now",
		"server/user/bad.go":             "package user\nimport \"time\"\nvar _ = time.Since",
		"storage/bad.go":                 "package storage\nimport t \"time\"\nvar _ = t.Until",
		"tests/api/bad_test.go":          "package api\nimport \"time\"\nfunc f() { time.Sleep(1) }",
	},
		"server/user/bad.go:3: time.Since, but the time comes from the Clock in Deps",
		"storage/bad.go:3: time.Until, but the time comes from the Clock in Deps",
		"tests/api/bad_test.go:3: time.Sleep; wait for what you are waiting for",
	)
}
