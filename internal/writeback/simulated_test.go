package writeback_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/rs/zerolog"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
	"simsync/internal/load"
	"simsync/internal/localpg"
	"simsync/internal/simulator"
	"simsync/internal/transform"
	"simsync/internal/writeback"
	"simsync/migrations"
)

func TestMain(m *testing.M) { os.Exit(localpg.Main(m)) }

// world is a provider that moves subscribers, and a database that knows them.
type world struct {
	testing.TB
	sim    *simulator.Simulator
	db     *load.DB
	client *flolive.Client
	log    bytes.Buffer
}

func newWorld(t testing.TB, o simulator.Options) *world {
	t.Helper()
	o.FloLIVE = 60
	w := &world{TB: t, sim: simulator.New(o)}
	server := httptest.NewServer(w.sim.Handler())
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	url := localpg.NewDatabase(t, func(ctx context.Context, url string) error {
		_, err := migrations.Up(ctx, url)
		return err
	})
	var err error
	if w.db, err = load.Open(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.db.Close)
	w.client, err = flolive.New(flolive.Options{Client: fetch.Options{
		BaseURL: server.URL, Token: simulator.DefaultToken, RequestTimeout: time.Second, Log: zerolog.New(&w.log),
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.client.Close)
	return w
}

// sync brings the provider's listings into the database.
func (w *world) sync() load.Promoted {
	w.Helper()
	session, err := w.db.Session(w.Context(), "flolive")
	if err != nil {
		w.Fatal(err)
	}
	defer session.Close()
	id := load.RunID{Run: uuid.Must(uuid.NewV7()), Source: "flolive"}
	if err := w.db.BeginRun(w.Context(), id, load.Beginning{Command: "run", Version: "test", At: time.Now()}); err != nil {
		w.Fatal(err)
	}
	for _, customer := range w.sim.CustomerIDs() {
		stage := session.Walk(customer)
		for page, err := range w.client.Walk(customer).Pages(w.Context()) {
			if err != nil {
				w.Fatal(err)
			}
			var b transform.Batch
			for _, r := range page.Records {
				b.FloLIVE(r)
			}
			if err := stage.Add(w.Context(), &b); err != nil {
				w.Fatal(err)
			}
		}
	}
	done, err := session.Promote(w.Context(), load.Promotion{ID: id, At: time.Now()})
	if err != nil {
		w.Fatal(err)
	}
	return done
}

// file asks for n SIMs of one instance each to go to another customer.
func (w *world) file(n int) []writeback.Change {
	w.Helper()
	instances := make(map[string]int)
	for r := range w.sim.FloLIVETruth() {
		instances[r.ICCID]++
	}
	var text strings.Builder
	text.WriteString("type,value,target_customer_id\n")
	target := w.sim.CustomerIDs()[0]
	for r := range w.sim.FloLIVETruth() {
		if n > 0 && r.CustomerID != target && r.CustomerID != "" && instances[r.ICCID] == 1 {
			fmt.Fprintf(&text, "ICCID,%s,%s\n", r.ICCID, target)
			n--
		}
	}
	changes, err := writeback.ReadMoves("moves.csv", strings.NewReader(text.String()))
	if err != nil || n > 0 {
		w.Fatalf("%v, %d moves short", err, n)
	}
	return changes
}

// apply plans and sends, as one command.
func (w *world) apply(changes []writeback.Change) (*writeback.Plan, error) {
	w.Helper()
	journal, err := w.db.Journal(w.Context(), "flolive")
	if err != nil {
		w.Fatal(err)
	}
	defer journal.Close()
	known, err := w.db.Fleet("flolive").Subscribers(w.Context(), writeback.Subjects(changes))
	if err != nil {
		w.Fatal(err)
	}
	plan, err := writeback.NewPlan(writeback.KindMove, "flolive", changes, writeback.Knowledge{Subscribers: known, Open: w.open()})
	if err != nil {
		w.Fatal(err)
	}
	a := writeback.Applier{Journal: journal, Fleet: w.db.Fleet("flolive"), Command: uuid.Must(uuid.NewV7()), Log: zerolog.New(&w.log)}
	return plan, a.Moves(w.Context(), plan, w.client)
}

func (w *world) open() []writeback.Step {
	w.Helper()
	open, err := w.db.OpenSteps(w.Context(), "flolive")
	if err != nil {
		w.Fatal(err)
	}
	return open
}

// look settles what is open.
func (w *world) look() {
	w.Helper()
	journal, err := w.db.Journal(w.Context(), "flolive")
	if err != nil {
		w.Fatal(err)
	}
	defer journal.Close()
	open := w.open()
	var steps []*writeback.Step
	for i := range open {
		steps = append(steps, &open[i])
	}
	looker := writeback.Looker{Journal: journal, Fleet: w.db.Fleet("flolive"), Log: zerolog.New(&w.log)}
	if err := looker.Moves(w.Context(), steps, w.client); err != nil {
		w.Fatal(err)
	}
}

// journal is how many steps have each outcome.
func (w *world) journal() string {
	w.Helper()
	rows, err := w.db.Pool().Query(w.Context(), `SELECT outcome || coalesce(':' || code, '') || coalesce(' ' || settled_by, '') || ' ' || count(*)
		FROM sync.change_request GROUP BY outcome, code, settled_by ORDER BY 1`)
	if err != nil {
		w.Fatal(err)
	}
	defer rows.Close()
	var words []string
	for rows.Next() {
		var word string
		if err := rows.Scan(&word); err != nil {
			w.Fatal(err)
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

// Against every fault: what the journal says is what the provider did, a second
// command sends nothing twice, and a sync settles what is left.
func TestMovesAgainstFaults(t *testing.T) {
	t.Parallel()
	type fault = simulator.Fault
	for _, test := range []struct {
		name           string
		fault          fault
		journal, again string // after one command, and after the same once more without the fault
		accepted       int    // by the provider, at the end
	}{
		{"none", fault{}, "accepted 4", "accepted 4", 4},
		{"half of it refused", fault{Kind: simulator.RefuseNode, By: 2}, "accepted 2, not_executed answer 2, refused:SUBSCRIBER_1009 answer 2", "", 4},
		{"lost after it was carried out", fault{Kind: simulator.LostAnswer}, "unknown 4", "unknown 4", 4},
		{"cut short", fault{Kind: simulator.TruncatedBody}, "unknown 4", "unknown 4", 4},
		{"garbled", fault{Kind: simulator.GarbageBody}, "unknown 4", "unknown 4", 4},
		{"no answer in time", fault{Kind: simulator.Hang}, "unknown 4", "unknown 4", 4},
		{"a gateway gives up", fault{Kind: simulator.GatewayTimeout}, "unknown 4", "unknown 4", 4},
		{"a status of 500", fault{Kind: simulator.ServerError}, "unknown 4", "unknown 4", 0},
		{"too many requests", fault{Kind: simulator.TooManyRequests}, "accepted 4", "accepted 4", 4},
		{"unavailable for long", fault{Kind: simulator.Unavailable, RetryAfter: time.Hour}, "not_executed:HTTP_503 answer 4", "", 4},
		{"try again", fault{Kind: simulator.Global1001}, "accepted 4", "accepted 4", 4},
		{"forbidden", fault{Kind: simulator.Forbidden}, "refused:HTTP_403 answer 4", "", 4},
		{"wrong credentials", fault{Kind: simulator.Unauthorized}, "not_executed:HTTP_401 answer 4", "", 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, simulator.Options{MoveDelay: -1})
			w.sync()
			changes := w.file(4)
			if test.fault.Kind != "" {
				test.fault.On = simulator.Move
				w.sim.Inject(test.fault)
			}
			_, _ = w.apply(changes) // the error's kind is tried elsewhere
			if got := w.journal(); got != test.journal {
				t.Errorf("journal %q, want %q", got, test.journal)
			}
			w.sim.ClearFaults()
			if _, err := w.apply(changes); err != nil {
				t.Fatal(err)
			}
			if got := w.journal(); test.again != "" && got != test.again {
				t.Errorf("journal after the same again %q, want %q", got, test.again)
			}
			wantOnce(t, w.sim.Moves(), test.accepted)
			w.sim.SettleMoves()
			if got := w.sync().MovesSettled; got != int64(test.accepted) {
				t.Errorf("the sync settled %d moves, want %d", got, test.accepted)
			}
			for _, c := range changes {
				if strings.Contains(w.log.String(), c.Value) {
					t.Error("the log tells an identifier")
				}
			}
		})
	}
}

// wantOnce checks that no subscriber was moved twice.
func wantOnce(t testing.TB, moves []simulator.FloLIVEMove, want int) {
	t.Helper()
	var values []string
	for _, m := range moves {
		if slices.Contains(values, m.Value) {
			t.Error("a subscriber was moved twice")
		}
		values = append(values, m.Value)
	}
	if len(values) != want {
		t.Errorf("the provider accepted %d moves, want %d", len(values), want)
	}
}

// What the provider's request status says, or does not.
func TestStatusAgainstFaults(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		options simulator.Options
		fault   simulator.Fault
		settle  bool
		want    string
	}{
		{"carried out", simulator.Options{}, simulator.Fault{}, true, "done call 3"},
		{"open for long", simulator.Options{}, simulator.Fault{Kind: simulator.StayOpen}, false, "accepted 3"},
		{"failed", simulator.Options{}, simulator.Fault{Kind: simulator.SettleFailure, By: 1}, true, "done call 2, failed:FAILURE call 1"},
		{"an internal error", simulator.Options{}, simulator.Fault{Kind: simulator.SettleError}, true, "failed:INTERNAL_ERROR call 3"},
		{"no request status, carried out", simulator.Options{NoCallStatus: true}, simulator.Fault{}, true, "done detail 3"},
		{"no request status, not yet", simulator.Options{NoCallStatus: true}, simulator.Fault{}, false, "accepted 3"},
		{"lost, carried out", simulator.Options{}, simulator.Fault{Kind: simulator.LostAnswer}, true, "done detail 3"},
		{"lost, not yet", simulator.Options{}, simulator.Fault{Kind: simulator.LostAnswer}, false, "unknown 3"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.options.MoveDelay = -1
			w := newWorld(t, test.options)
			w.sync()
			if test.fault.Kind != "" {
				test.fault.On = simulator.Move
				w.sim.Inject(test.fault)
			}
			if _, err := w.apply(w.file(3)); err != nil {
				t.Fatal(err)
			}
			w.sim.ClearFaults()
			if test.settle {
				w.sim.SettleMoves()
			}
			w.look()
			if diff := cmp.Diff(test.want, w.journal()); diff != "" {
				t.Errorf("journal (-want +got):\n%s", diff)
			}
		})
	}
}

// A program that ended between the journal and the answer leaves steps that may have
// been sent: the next one does not send them, and looks.
func TestKilledBetweenJournalAndAnswer(t *testing.T) {
	t.Parallel()
	for _, wasSent := range []bool{false, true} {
		w := newWorld(t, simulator.Options{MoveDelay: -1})
		w.sync()
		changes := w.file(2)
		if wasSent {
			if _, err := w.apply(changes); err != nil {
				t.Fatal(err)
			}
		} else {
			w.begin(changes)
		}
		if _, err := w.db.Pool().Exec(t.Context(), `UPDATE sync.change_request SET outcome = 'journalled', sent_at = NULL, request_id = NULL`); err != nil {
			t.Fatal(err)
		}
		plan, err := w.apply(changes)
		if err != nil || plan.ToSend() != 0 || plan.Unfinished() != 2 {
			t.Errorf("error %v, %d to send, %d unfinished; want none sent and both unfinished", err, plan.ToSend(), plan.Unfinished())
		}
		w.sim.SettleMoves()
		w.look()
		want := "journalled 2"
		if wasSent {
			want = "done detail 2"
		}
		if got := w.journal(); got != want {
			t.Errorf("sent %v: journal %q, want %q", wasSent, got, want)
		}
	}
}

// begin journals changes, and no more.
func (w *world) begin(changes []writeback.Change) {
	w.Helper()
	journal, err := w.db.Journal(w.Context(), "flolive")
	if err != nil {
		w.Fatal(err)
	}
	defer journal.Close()
	command := uuid.Must(uuid.NewV7())
	var steps []*writeback.Step
	for _, c := range changes {
		steps = append(steps, &writeback.Step{Command: command, Kind: writeback.KindMove, Source: "flolive", Change: c, AskedAt: time.Now()})
	}
	if err := journal.Begin(w.Context(), steps); err != nil {
		w.Fatal(err)
	}
}
