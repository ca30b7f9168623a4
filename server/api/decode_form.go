package api

import (
	"encoding/json"
	"net/url"
	"strings"
)

// formType is of bodies as a page's form is sent.
const formType = "application/x-www-form-urlencoded"

// jsonOfForm makes of a form the object that it stands for, so that what follows reads one kind
// of body. A name that comes twice is refused, as a member would be.
func jsonOfForm(body []byte) ([]byte, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, malformed("The body is not a form.")
	}
	object := make(map[string]string, len(form))
	for name, values := range form {
		switch {
		case len(values) > 1:
			return nil, malformed("The body has a member twice.")
		case !isText(name) || !isText(values[0]):
			return nil, malformed("The body is not UTF-8.")
		}
		object[name] = values[0]
	}
	var text strings.Builder
	if err := json.NewEncoder(&text).Encode(object); err != nil {
		return nil, ErrMalformed.Because(err)
	}
	return []byte(text.String()), nil
}
