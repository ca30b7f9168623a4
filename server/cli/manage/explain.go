package manage

import (
	"errors"
	"net/http"

	"github.com/lintel-id/lintel/clients/go/management"
)

// explain says to an operator what the client says to a program.
func (d *desk) explain(err error) error {
	failure, ok := errors.AsType[*management.Error](err)
	if !ok {
		return err
	}
	place := visible(d.place)
	switch {
	case failure.Status == http.StatusPreconditionFailed:
		return errors.New("it was changed meanwhile, and nothing was done; look at it and try again (" + visible(failure.Code) + ")")
	case failure.Problem != nil:
		code := visible(failure.Code)
		if failure.Problem.Scope != nil {
			code += ": " + visible(*failure.Problem.Scope)
		}
		lines := []error{errors.New(visible(failure.Problem.Detail) + " (" + code + ")")}
		for _, field := range failure.Problem.Errors {
			lines = append(lines, errors.New("  "+visible(field.Pointer)+": "+visible(field.Detail)+" ("+visible(field.Code)+")"))
		}
		return errors.Join(lines...)
	case failure.Code == management.CodeUnreadable:
		return errors.New("what answered at " + place + " is not Lintel, perhaps a proxy before it: " + visible(failure.Error()))
	case failure.Code == management.CodeNetwork:
		return errors.New(place + " cannot be reached: " + visible(failure.Error()))
	case failure.Code == management.CodeTimeout:
		return errors.New(place + " took too long to answer (timeout)")
	}
	return errors.New(visible(failure.Error()))
}
