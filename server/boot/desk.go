package boot

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"

	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttputil"

	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/storage"
)

// Desk is the API of one tenant inside of this process, for an operator who has the
// database itself. It has no socket, and its credential is worth something at this desk
// only: a server is made with another service of API keys, which does not know it.
type Desk struct {
	tenant     tenant.Tenant
	credential secret.Token
	client     *http.Client
	releases   []func() error // the last one first
}

// OpenDesk opens the database that is configured, and the API on it. The database has to
// be there, with current tables, and so have its keys: nothing is made up. An embedded
// one is claimed, as a server would: it remembers what it has read.
func OpenDesk(ctx context.Context, settings config.Config, around Surroundings, which string) (*Desk, error) {
	desk := &Desk{tenant: tenant.Tenant{}, credential: secret.Token{}, client: nil, releases: nil}
	if err := desk.open(ctx, settings, around.withDefaults(), which); err != nil {
		return nil, errors.Join(err, desk.Close())
	}
	return desk, nil
}

func (d *Desk) open(ctx context.Context, settings config.Config, around Surroundings, which string) error {
	if err := databaseThere(settings); err != nil {
		return err
	}
	root, err := settings.ExistingKeyring()
	if err != nil {
		return err
	}
	if settings.DatabaseURL.IsZero() {
		release, err := storage.ClaimDataDir(ctx, settings.DataDir)
		if errors.Is(err, storage.ErrClaimed) {
			return errors.New("a running server holds the database in " + settings.DataDir + "; manage it through that server, with --server URL and an API key")
		}
		if err != nil {
			return fmt.Errorf("data_dir: %w", err)
		}
		d.onRelease(release)
	}
	db, err := openDatabase(ctx, settings, around)
	if err != nil {
		return err
	}
	d.onRelease(db.Close)
	if err := tablesCurrent(ctx, db); err != nil {
		return err
	}
	s := &services{config: settings, clock: around.Clock, logger: around.Logger, db: db}
	d.onRelease(func() error { return closeParts(s.closers) })
	if err := s.wire(root); err != nil {
		return err
	}
	if err := d.choose(ctx, s.tenants, which); err != nil {
		return settings.ExplainKey(err)
	}
	if s.apiKeys, d.credential, err = apikey.NewLocal(s.apiKeyDeps()); err != nil {
		return err
	}
	s.operators = apikey.NewLocalOperators(d.credential)
	d.work(ctx, s)
	return d.listen(s) //nolint:contextcheck // each request brings its own
}

func (d *Desk) choose(ctx context.Context, all *tenant.Service, which string) error {
	tenants, err := all.All(ctx)
	if err != nil {
		return err
	}
	switch {
	case which != "":
		d.tenant, err = Tenants(tenants).Find(which)
		return err
	case len(tenants) == 0:
		return config.Problems{"the database has no tenant yet: a server makes it at its first start"}
	case len(tenants) > 1:
		return config.Problems{"--tenant: there are several tenants; name one by its id, name, base URL or host"}
	}
	d.tenant = tenants[0]
	return nil
}

// work does the jobs that are asked for here: there may be no server that would.
func (d *Desk) work(ctx context.Context, s *services) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var ended sync.WaitGroup
	ended.Go(func() { s.jobs.Run(ctx) }) // messages are sent by servers: who delivers them is not configured here
	ended.Go(func() { s.budgets.Run(ctx) })
	d.onRelease(func() error {
		cancel()
		ended.Wait()
		return nil
	})
}

// listen serves the API on a listener in memory, and makes the only client of it. No proxy
// of the environment comes between.
func (d *Desk) listen(s *services) error {
	surface, err := s.surface()
	if err != nil {
		return err
	}
	app, inside := surface.App(), fasthttputil.NewInmemoryListener()
	app.Handler() // builds the routes
	ended := make(chan error, 1)
	go func(server *fasthttp.Server) { ended <- server.Serve(inside) }(app.Server())
	dial := func(context.Context, string, string) (net.Conn, error) { return inside.Dial() }
	transport := &http.Transport{DialContext: dial, DialTLSContext: dial}
	d.client = &http.Client{Transport: transport}
	d.onRelease(func() error {
		transport.CloseIdleConnections()
		return errors.Join(inside.Close(), <-ended)
	})
	return nil
}

func (d *Desk) onRelease(release func() error) { d.releases = append(d.releases, release) }

// Tenant is the one that is managed.
func (d *Desk) Tenant() tenant.Tenant { return d.tenant }

// Client reaches the desk, whatever host it asks; the API is that of the tenant's base URL.
func (d *Desk) Client() *http.Client { return d.client }

// Credential stands where an API key would.
func (d *Desk) Credential() secret.Token { return d.credential }

// Close lets the database go.
func (d *Desk) Close() error { return closeParts(d.releases) }
