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
	name    string
	java    bool // it needs a JVM, and so more than the quick run takes
	tried   stage
	reaches stage
	reason  string // why it does not complete a login
	pinned  pin
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
			name: "openapi-typescript", java: false, tried: login, reaches: login, reason: "",
			pinned: pin{"clients/others/openapi-typescript/package.json", regexp.MustCompile(`"openapi-typescript": "([0-9.]+)"`)},
		},
		{
			name: "hey-api", java: false, tried: login, reaches: login, reason: "",
			pinned: pin{"clients/others/hey-api/package.json", regexp.MustCompile(`"@hey-api/openapi-ts": "([0-9.]+)"`)},
		},
		{
			name: "oapi-codegen", java: false, tried: login, reaches: login, reason: "",
			pinned: pin{"go.mod", regexp.MustCompile(`github.com/oapi-codegen/oapi-codegen/v2 v([0-9.]+)`)},
		},
		{name: "typescript-fetch", java: true, tried: login, reaches: login, reason: "", pinned: openapiGenerator},
		{name: "python", java: true, tried: login, reaches: login, reason: "", pinned: openapiGenerator},
		{
			name: "kotlin", java: true, tried: login, reaches: generates,
			reason: "a boolean with one value is compared with a text, which does not compile", pinned: openapiGenerator,
		},
		{
			name: "swift6", java: true, tried: generates, reaches: generates,
			reason: "no Swift compiler at hand", pinned: openapiGenerator,
		},
	}
}
