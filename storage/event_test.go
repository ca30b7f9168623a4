package storage_test

import (
	"testing"

	"github.com/lintel-id/lintel/storage/storetest"
)

func TestEvents(t *testing.T) { storetest.Events(t) }
