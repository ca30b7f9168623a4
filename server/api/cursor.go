package api

import (
	"encoding/base64"
	"strconv"

	"github.com/oapi-codegen/nullable"

	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/id"
)

const defaultPage = 20

// cursorRefused is for a cursor that no page gave.
func cursorRefused() error {
	return ErrInvalid.At(fault.Field{
		Pointer: "#query/cursor", Code: "format", Detail: "Take the cursor as a page before gave it.",
	})
}

// fromAPILimit is how long a page is to be.
func fromAPILimit(limit *int32) int {
	if limit == nil {
		return defaultPage
	}
	return int(*limit)
}

// toAPICursor is where the next page goes on; null when there is none.
func toAPICursor[K id.Kind](next id.Of[K]) nullable.Nullable[string] {
	if next.IsZero() {
		return nullable.NewNullNullable[string]()
	}
	return nullable.NewNullableWithValue(base64.RawURLEncoding.EncodeToString([]byte(next.String())))
}

// fromAPIPage reads where a page begins, into after, and how long it is to be.
func fromAPIPage[K id.Kind](after *id.Of[K], cursor *string, limit *int32) (int, error) {
	most := fromAPILimit(limit)
	if cursor == nil {
		return most, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(*cursor)
	if err == nil {
		err = after.UnmarshalText(text)
	}
	if err != nil {
		return 0, cursorRefused()
	}
	return most, nil
}

// toAPINumberCursor is where the next page goes on; null when there is none.
func toAPINumberCursor(next int64) nullable.Nullable[string] {
	if next == 0 {
		return nullable.NewNullNullable[string]()
	}
	return nullable.NewNullableWithValue(base64.RawURLEncoding.EncodeToString(strconv.AppendInt(nil, next, 10)))
}

func fromAPINumberCursor(cursor *string) (int64, error) {
	if cursor == nil {
		return 0, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(*cursor)
	if err != nil {
		return 0, cursorRefused()
	}
	number, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil || number < 1 {
		return 0, cursorRefused()
	}
	return number, nil
}
