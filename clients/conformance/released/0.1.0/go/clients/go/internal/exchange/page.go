package exchange

import (
	"iter"

	"github.com/oapi-codegen/nullable"
)

// Each asks for page after page, and for the next one only when it is needed.
func Each[T any](cursor *string, ask func(cursor *string) ([]T, nullable.Nullable[string], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for at := cursor; ; {
			items, next, err := ask(at)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			following, err := next.Get()
			if err != nil { // null: that was the last page
				return
			}
			at = &following
		}
	}
}
