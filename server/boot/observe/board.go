package observe

import _ "embed" // the files below

var (
	//go:embed dashboard.json
	dashboard []byte
	//go:embed alerts.yaml
	alerts []byte
)

// Dashboard is a Grafana dashboard of what Declared lists.
func Dashboard() []byte { return dashboard }

// Alerts are rules for Prometheus over what Declared lists.
func Alerts() []byte { return alerts }
