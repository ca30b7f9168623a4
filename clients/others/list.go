package main

import "regexp"

// stage is how far a generator gets.
type stage int

const (
	nothing stage = iota
	generates
	compiles
	login
)

func (s stage) String() string {
	return [...]string{"nothing", "generate", "compile", "login"}[s]
}

// generator is a folder beside this file; `sh run.sh STAGE` does one stage after the other
// in a copy of it.
type generator struct {
	name   string
	java   bool // it needs a JVM, and so more than the quick run takes
	tried  stage
	stops  map[string]stop // by document; with the others it completes a login
	pinned pin
}

// stop is the last stage that is reached, and why there is no further one.
type stop struct {
	at     stage
	reason string
}

func (g generator) reaches(document string) stage {
	if stop, ok := g.stops[document]; ok {
		return stop.at
	}
	return login
}

// pin is where the exact version of a generator stands.
type pin struct {
	file    string
	version *regexp.Regexp
}

// documents are what is published, in the two versions that tools read.
func documents() []string { return []string{"openapi.json", "openapi-3.0.json"} }

func generators() []generator {
	openapiGenerator := pin{
		file:    "clients/others/openapi-generator.sh",
		version: regexp.MustCompile(`openapi-generator-cli:([0-9.]+)`),
	}
	return []generator{
		{
			name: "openapi-typescript", java: false, tried: login, stops: nil,
			pinned: pin{"clients/others/openapi-typescript/package.json", regexp.MustCompile(`"openapi-typescript": "([0-9.]+)"`)},
		},
		{
			name: "hey-api", java: false, tried: login, stops: nil,
			pinned: pin{"clients/others/hey-api/package.json", regexp.MustCompile(`"@hey-api/openapi-ts": "([0-9.]+)"`)},
		},
		{
			name: "oapi-codegen", java: false, tried: login, stops: nil,
			pinned: pin{"go.mod", regexp.MustCompile(`oapi-codegen/oapi-codegen/v2 v([0-9.]+)`)},
		},
		{name: "typescript-fetch", java: true, tried: login, stops: nil, pinned: openapiGenerator},
		{name: "python", java: true, tried: login, stops: nil, pinned: openapiGenerator},
		{
			name: "kotlin", java: true, tried: login, pinned: openapiGenerator, stops: nil,
		},
		{
			name: "swift6", java: true, tried: generates, pinned: openapiGenerator, stops: map[string]stop{
				"openapi.json":     {generates, "no Swift compiler at hand"},
				"openapi-3.0.json": {generates, "no Swift compiler at hand"},
			},
		},
	}
}
