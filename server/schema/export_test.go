package schema

// Of makes a schema of the documents as they follow each other, each of which may be
// declared; with none it is the built-in one.
func Of(texts ...string) (*Schema, error) {
	if len(texts) == 0 {
		texts = []string{string(builtinDocument)}
	}
	var documents []document
	for _, text := range texts {
		declared, err := parse([]byte(text))
		if err != nil {
			return nil, err
		}
		documents = append(documents, declared)
	}
	return open(documents)
}

// Builtin is the document of the first version.
func Builtin() []byte { return builtinDocument }
