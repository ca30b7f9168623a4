package flow

import "github.com/lintel-id/lintel/server/platform/id"

type idKind struct{}

func (idKind) Prefix() string { return "flw" }

// ID names a flow; alone it resumes nothing.
type ID = id.Of[idKind]
