package promql_test

import (
	"encoding/json"
	"log/slog"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"
)

// root is the folder of the product's module.
const root = "../.."

func lintel(t *testing.T, args ...string) []byte {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", append([]string{"run", "./server/cmd/lintel"}, args...)...)
	command.Dir = root
	command.Env = append(os.Environ(), "GOFLAGS=-mod=readonly")
	out, err := command.Output()
	require.NoError(t, err)
	return out
}

// known maps the metrics that there are, by the names that a query may use, to the
// labels that they have.
func known(t *testing.T) map[string][]string {
	t.Helper()
	var declared []struct {
		Name, Kind string
		Labels     []struct{ Name string }
	}
	require.NoError(t, json.Unmarshal(lintel(t, "metrics", "--format", "json"), &declared))
	names := map[string][]string{}
	for _, metric := range declared {
		// Prometheus adds who was scraped.
		has := []string{labels.MetricName, "instance", "job"}
		for _, label := range metric.Labels {
			has = append(has, label.Name)
		}
		if metric.Kind != "histogram" {
			names[metric.Name] = has
			continue
		}
		for _, ending := range []string{"_count", "_sum"} {
			names[metric.Name+ending] = has
		}
		names[metric.Name+"_bucket"] = append(slices.Clone(has), "le")
	}
	require.NotEmpty(t, names)
	return names
}

// foreign are metrics of the libraries that make them.
var foreign = regexp.MustCompile(`^(go|process)_[a-z_]+$`)

// wrong tells what a query asks for that there is not.
func wrong(names map[string][]string, query string) (found []string) {
	parsed, err := parser.NewParser(parser.Options{}).ParseExpr(query)
	if err != nil {
		return []string{err.Error()}
	}
	var has, grouped []string
	parser.Inspect(parsed, func(node parser.Node, _ []parser.Node) error {
		switch node := node.(type) {
		case *parser.AggregateExpr:
			grouped = append(grouped, node.Grouping...)
		case *parser.VectorSelector:
			if foreign.MatchString(node.Name) {
				break
			}
			of, there := names[node.Name]
			if !there {
				found = append(found, node.Name+" is no metric")
			}
			for _, matcher := range node.LabelMatchers {
				if there && !slices.Contains(of, matcher.Name) {
					found = append(found, node.Name+" has no label "+matcher.Name)
				}
			}
			has = append(has, of...)
		}
		return nil
	})
	for _, label := range grouped {
		if !slices.Contains(has, label) {
			found = append(found, "nothing has a label "+label)
		}
	}
	return found
}

type panel struct {
	ID      int    `json:"id"`
	Type    string `json:"type"`
	Title   string `json:"title"`
	Targets []struct {
		RefID string `json:"refId"`
		Expr  string `json:"expr"`
	} `json:"targets"`
}

// What the dashboard asks for is what there is, and everything that is declared is
// looked at by the dashboard or an alert.
func TestEveryQueryAsksForWhatThereIs(t *testing.T) {
	names := known(t)
	var board struct {
		Panels []panel `json:"panels"`
	}
	require.NoError(t, json.Unmarshal(lintel(t, "metrics", "--dashboard"), &board))
	var asked strings.Builder
	for _, panel := range board.Panels {
		for _, target := range panel.Targets {
			// What Grafana puts in before it asks.
			query := strings.NewReplacer("$__rate_interval", "5m", "$instance", ".*").Replace(target.Expr)
			require.NotContains(t, query, "$", panel.Title)
			require.Empty(t, wrong(names, query), query)
			asked.WriteString(query + "\n")
		}
	}
	groups, errs := rulefmt.Parse(lintel(t, "metrics", "--alerts"), false, model.UTF8Validation, parser.NewParser(parser.Options{}), slog.New(slog.DiscardHandler))
	require.Empty(t, errs)
	count := 0
	for _, group := range groups.Groups {
		for _, rule := range group.Rules {
			require.Empty(t, wrong(names, rule.Expr), rule.Expr)
			asked.WriteString(rule.Expr + "\n")
			count++
		}
	}
	require.GreaterOrEqual(t, count, 8)
	for name := range names {
		base := strings.NewReplacer("_bucket", "", "_sum", "").Replace(strings.TrimSuffix(name, "_count"))
		require.Contains(t, asked.String(), base, "nobody looks at it")
	}
}

// The checks above can fail.
func TestWhatIsWrongIsFound(t *testing.T) {
	names := map[string][]string{"lintel_units_total": {labels.MetricName, "outcome"}}
	for _, query := range []string{
		"rate(lintel_units_total[5m]", "lintel_unit_total", `lintel_units_total{result="x"}`, "sum by (result) (lintel_units_total)",
	} {
		require.NotEmpty(t, wrong(names, query), query)
	}
	require.Empty(t, wrong(names, `sum by (outcome) (rate(lintel_units_total{outcome="x"}[5m]))`))
}
