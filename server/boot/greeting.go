package boot

import (
	"fmt"
	"net"
	"strings"

	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/storage"
)

// tryBody registers somebody in one request. Within the single quotes of a shell
// the address is another one each second, since the same would be taken.
const tryBody = `{"journey": "registration", "transport": "token", "submit": {"type": "new_password",` +
	` "identifier": "ada-'$(date +%s)'@example.com", "password": "correct horse battery staple"}}`

// Greeting tells a developer where to look and what to try; a production server
// has nothing to say.
func (s *Server) Greeting() string {
	if s.config.Mode != config.Development {
		return ""
	}
	data := s.config.DataDir
	if s.services.db.Engine() == storage.Postgres {
		data = "PostgreSQL"
	}
	key := ""
	if first := s.services.founding.FirstKey(); !first.IsZero() {
		key = "Manage it with this API key, which is shown only now:\n\n  " + first.Reveal() + "\n\n"
	}
	return fmt.Sprintf(`
Lintel is running in development. Its data is in %[2]s.

  Sign up        %[1]s/demo
  API reference  %[1]s/docs
  Operations     %[3]s/readyz

%[5]sRegister somebody:

  curl -s %[1]s/v1/flows -H 'Content-Type: application/json' \
    -d '%[4]s'

Ctrl-C stops it.

`, s.baseURL, data, s.operationsURL(), tryBody, key)
}

func (s *Server) operationsURL() string {
	address := s.OperationsAddress()
	if _, port, err := net.SplitHostPort(address); err == nil && strings.HasPrefix(s.config.Operations.Listen, config.Localhost+":") {
		address = net.JoinHostPort(config.Localhost, port)
	}
	return "http://" + address
}
