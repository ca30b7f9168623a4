package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// result is what became of one generator with one document.
type result struct {
	generator
	document string
	reached  stage
	said     string // by what failed
}

func (r result) String() string {
	line := fmt.Sprintf("%-20s %-18s %s", r.name, r.document, r.reached)
	if listed, ok := r.stops[r.document]; ok && listed.at == r.reached {
		line += ": " + listed.reason
	}
	return line
}

// surprise says how a result is not what the list says; empty when it is. What is said by
// a failure that was expected stays untold.
func (r result) surprise() string {
	listed := r.reaches(r.document)
	switch {
	case r.reached < listed:
		return fmt.Sprintf("%s with %s reaches %q and used to reach %q\n%s", r.name, r.document, r.reached, listed, r.said)
	case r.reached > listed:
		return fmt.Sprintf("%s with %s reaches %q now: say so in list.go and clients/README.md\n%s", r.name, r.document, r.reached, r.said)
	default:
		return ""
	}
}

// judge closes the run: with one line, or with what is not as listed.
func judge(out io.Writer, results []result) error {
	var surprises []string
	complete := 0
	for _, one := range results {
		if one.reached == login {
			complete++
		}
		if surprise := one.surprise(); surprise != "" {
			surprises = append(surprises, surprise)
		}
	}
	if len(surprises) > 0 {
		return errors.New(strings.Join(surprises, "\n"))
	}
	_, err := fmt.Fprintf(out, "others: %d of %d complete a login, %d listed with their reason\n",
		complete, len(results), len(results)-complete)
	return err
}
