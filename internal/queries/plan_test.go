package queries_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"

	"simsync/internal/localpg"
	"simsync/internal/queries"
)

// plan is a node of EXPLAIN (ANALYZE, FORMAT JSON).
type plan struct {
	Node     string  `json:"Node Type"`
	Relation string  `json:"Relation Name"`
	Index    string  `json:"Index Name"`
	Cond     string  `json:"Index Cond"`
	Loops    float64 `json:"Actual Loops"`
	Plans    []plan  `json:"Plans"`
}

// each visits the node and all below it.
func (p plan) each(visit func(plan)) {
	visit(p)
	for _, below := range p.Plans {
		below.each(visit)
	}
}

// reads are the tables that are read whole, and how often; uses are the indexes looked up.
func (p plan) reads() map[string]float64 {
	found := make(map[string]float64)
	p.each(func(n plan) {
		byIndex := strings.HasPrefix(n.Node, "Index") && n.Cond == ""
		if n.Node == "Seq Scan" || byIndex {
			found[n.Relation] = max(found[n.Relation], n.Loops)
		}
	})
	return found
}

func (p plan) uses() []string {
	var found []string
	p.each(func(n plan) {
		if n.Index != "" {
			found = append(found, n.Index)
		}
	})
	return found
}

func explain(t *testing.T, conn *pgx.Conn, sql string) plan {
	t.Helper()
	_, rows := answer(t, conn, "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) "+sql)
	var plans []struct{ Plan plan }
	if err := json.Unmarshal([]byte(rows[0][0]), &plans); err != nil {
		t.Fatal(err)
	}
	return plans[0].Plan
}

// madeFleet is large enough for the planner to look things up where it would at a million.
const madeFleet = 20_000

func withMadeFleet(ctx context.Context, url string) error {
	if err := migrated(ctx, url); err != nil {
		return err
	}
	return run(ctx, url, queries.Fleet(madeFleet), `VACUUM ANALYZE`)
}

// small are tables of which a whole reading costs nothing.
var small = []string{"customer", "esim_profile", "run", "walk", "tariff_usage"}

func TestPlans(t *testing.T) {
	t.Parallel()
	conn := connect(t, localpg.NewDatabase(t, withMadeFleet))
	exec(t, conn, `SET ROLE simsync_analyst; SET jit = off`)
	t.Run("a SIM is looked up", func(t *testing.T) {
		for _, q := range read(t) {
			if strings.Contains(q.Text, "fleet.find(") {
				testLookups(t, conn, q)
			}
		}
	})
	t.Run("no table is read again and again", func(t *testing.T) {
		for _, q := range read(t) {
			for relation, times := range explain(t, conn, q.Text).reads() {
				if times > 3 && !slices.Contains(small, relation) { // the leader and two workers read their parts
					t.Errorf("%s.sql reads %s %v times", q.Name, relation, times)
				}
			}
		}
	})
	t.Run("a part is found by its index", func(t *testing.T) {
		for name, index := range map[string]string{
			"contracts_ending": "contract_expires_idx",
			"offers_expiring":  "subscriber_offer_expires_idx",
			"status_changes":   "subscriber_history_valid_to_idx",
			"status_flow":      "subscriber_history_valid_to_idx",
			"moved_sims":       "subscriber_history_valid_to_idx",
			"swapped_devices":  "subscriber_history_valid_to_idx",
			"shared_devices":   "subscriber_imei_idx",
		} {
			all := read(t)
			i := slices.IndexFunc(all, func(q queries.Query) bool { return q.Name == name })
			if used := explain(t, conn, all[i].Text).uses(); !slices.Contains(used, index) {
				t.Errorf("%s.sql: %q, want %s", name, used, index)
			}
		}
	})
}

// testLookups asks a query by each kind of identifier. Each has to find something: the SIM
// with the key 4002, or an EID.
func testLookups(t *testing.T, conn *pgx.Conn, q queries.Query) {
	t.Helper()
	for kind, of := range map[string]string{
		"iccid":  `SELECT iccid FROM fleet.subscriber WHERE subscriber_key = 4002`,
		"imei":   `SELECT imei FROM fleet.subscriber WHERE subscriber_key = 4002`,
		"imeisv": `SELECT imeisv FROM fleet.subscriber WHERE subscriber_key = 4002`,
		"past":   `SELECT imei FROM fleet.subscriber_history WHERE subscriber_key = 4002 ORDER BY valid_from LIMIT 1`,
		"imsi":   `SELECT imsi FROM fleet.subscriber_imsi WHERE subscriber_key = 4002 AND ordinal = 1`,
		"msisdn": `SELECT msisdn FROM fleet.subscriber_imsi WHERE subscriber_key = 4002 AND ordinal = 0`,
		"eid":    `SELECT eid FROM fleet.subscriber WHERE subscriber_key = 4000`,
	} {
		var identifier string
		if err := conn.QueryRow(t.Context(), of).Scan(&identifier); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		sql := strings.Replace(q.Text, "'+44 7700 900001'", "'"+identifier+"'", 1)
		if q.Name == "find_sim" || q.Name == "sim_history" {
			if _, rows := answer(t, conn, sql); len(rows) == 0 {
				t.Errorf("%s.sql: nothing is found by the %s %s", q.Name, kind, identifier)
			}
		}
		for relation := range explain(t, conn, sql).reads() {
			if !slices.Contains(small, relation) {
				t.Errorf("%s.sql by %s reads %s whole", q.Name, kind, relation)
			}
		}
	}
}
