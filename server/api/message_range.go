package api

import (
	"context"
	"encoding/base64"
	"strings"

	"github.com/oapi-codegen/nullable"

	"github.com/lintel-id/lintel/gen"
)

// ListMessageRanges lists the ranges of numbers that nothing is sent to for now.
func (a messageAPI) ListMessageRanges(ctx context.Context, request gen.ListMessageRangesRequestObject) (gen.ListMessageRangesResponseObject, error) {
	after, err := fromAPIRangeCursor(request.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := a.budgets.Ranges(ctx, after, fromAPILimit(request.Params.Limit))
	if err != nil {
		return nil, err
	}
	out := gen.ListMessageRanges200JSONResponse{Items: make([]gen.MessageRange, len(page.Items)), NextCursor: toAPIRangeCursor(page.Next)}
	for i, one := range page.Items {
		out.Items[i] = gen.MessageRange{Prefix: one.Prefix, Country: one.Country, NewNumbers: one.Numbers, StoppedAt: one.StoppedAt, EndsAt: one.EndsAt}
	}
	return out, nil
}

// LiftMessageRange has messages go to a range again.
func (a messageAPI) LiftMessageRange(ctx context.Context, request gen.LiftMessageRangeRequestObject) (gen.LiftMessageRangeResponseObject, error) {
	if err := a.budgets.Lift(ctx, request.RangePrefix); err != nil {
		return nil, err
	}
	return gen.LiftMessageRange204Response{}, nil
}

func toAPIRangeCursor(next string) nullable.Nullable[string] {
	if next == "" {
		return nullable.NewNullNullable[string]()
	}
	return nullable.NewNullableWithValue(base64.RawURLEncoding.EncodeToString([]byte(next)))
}

func fromAPIRangeCursor(cursor *string) (string, error) {
	if cursor == nil {
		return "", nil
	}
	prefix, err := base64.RawURLEncoding.DecodeString(*cursor)
	if err != nil || len(prefix) == 0 || strings.Trim(string(prefix), "0123456789") != "" {
		return "", cursorRefused()
	}
	return string(prefix), nil
}
