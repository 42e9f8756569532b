package simulator

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Control serves the endpoints by which a simulator is steered by hand. They exist only here: no provider has them, and they
// ask for no credentials.
//
//	GET    /simulator         night, customers, faults, stats, and every fault there is
//	POST   /simulator/night   goes to the next night
//	POST   /simulator/moves   settles all open moves
//	POST   /simulator/fault   ?kind=lost-answer&provider=flolive&from=2&count=1 ... injects a fault (see ParseFault)
//	DELETE /simulator/faults  removes all faults
func (s *Simulator) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /simulator", func(w http.ResponseWriter, _ *http.Request) { s.showStatus(w) })
	mux.HandleFunc("POST /simulator/night", func(w http.ResponseWriter, _ *http.Request) {
		s.NextNight()
		s.showStatus(w)
	})
	mux.HandleFunc("POST /simulator/moves", func(w http.ResponseWriter, _ *http.Request) {
		s.SettleMoves()
		s.showStatus(w)
	})
	mux.HandleFunc("POST /simulator/fault", func(w http.ResponseWriter, r *http.Request) {
		f, err := ParseFault(r.URL.Query())
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		s.Inject(f)
		s.showStatus(w)
	})
	mux.HandleFunc("DELETE /simulator/faults", func(w http.ResponseWriter, _ *http.Request) {
		s.ClearFaults()
		s.showStatus(w)
	})
	return mux
}

// status is what GET /simulator shows.
type status struct {
	Night     int         `json:"night"`
	Customers []string    `json:"customers"`
	OpenMoves int         `json:"openMoves"`
	Faults    []Fault     `json:"faults"`
	Stats     Stats       `json:"stats"`
	Known     []FaultInfo `json:"faultKinds"`
}

func (s *Simulator) showStatus(w http.ResponseWriter) {
	open := slices.DeleteFunc(s.Moves(), func(m FloLIVEMove) bool { return m.Status != MoveOpen })
	shown := status{OpenMoves: len(open), Night: s.Night(), Customers: s.CustomerIDs(), Stats: s.Stats(), Known: FaultKinds(), Faults: s.Faults()}
	text, err := json.Marshal(shown, jsontext.WithIndent("  "), json.Deterministic(true), durationsAsText)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text) // the client may have left; there is nobody else to tell
}

// durationsAsText writes a duration as ParseFault reads it: JSON has no form of its own for one.
var durationsAsText = json.WithMarshalers(json.MarshalFunc(func(d time.Duration) ([]byte, error) {
	return strconv.AppendQuote(nil, d.String()), nil
}))
