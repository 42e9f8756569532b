package simulator_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"simsync/internal/simulator"
)

// client asks a simulator over a network of its own. Nothing in it knows how to recover: the tests want to see what happens.
type client struct {
	t         *testing.T
	transport *http.Transport
}

func newClient(t *testing.T, s *simulator.Simulator) *client {
	network := s.Network()
	c := &client{t: t, transport: &http.Transport{DialContext: network.DialContext}}
	t.Cleanup(func() {
		c.transport.CloseIdleConnections()
		if err := network.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// answer is an exchange as the client saw it. Err is set where the connection broke; Body is then what came before.
type answer struct {
	Status int
	Header http.Header
	Body   string
	Err    error
}

// send makes one request. The token is the provider's own unless the header says otherwise.
func (c *client) send(method, path, body string, header ...string) answer {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, "http://simulator.example"+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	token := simulator.DefaultToken
	if strings.HasPrefix(path, "/subscribers") {
		token = simulator.DefaultIoTXToken
	}
	r.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	got, err := c.transport.RoundTrip(r)
	if err != nil {
		return answer{Err: err}
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	return answer{Status: got.StatusCode, Header: got.Header, Body: string(text), Err: err}
}

// chunk is what the tests read of a subscriber-all answer.
type chunk struct {
	answer

	ErrorCode string           `json:"errorCode"`
	Content   []jsontext.Value `json:"content"`
	PITID     string           `json:"pitId"`
	Amount    int              `json:"recordAmount"`
	Total     int              `json:"totalRecordAmount"`
}

// lenient reads what is deliberately broken.
var lenient = json.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))

func (c *client) subscriberAll(customer, body string) chunk {
	c.t.Helper()
	got := chunk{answer: c.send(http.MethodPost, "/api/v2/customer/"+customer+"/subscriber-all", body)}
	if got.Err != nil || got.Status != http.StatusOK || !strings.HasPrefix(got.Header.Get("Content-Type"), "application/json") {
		return got
	}
	var failed struct {
		ErrorCode string         `json:"errorCode"`
		Content   jsontext.Value `json:"content"`
	}
	if json.Unmarshal([]byte(got.Body), &failed, lenient) == nil && failed.ErrorCode != "" {
		if string(failed.Content) != `""` {
			c.t.Errorf("content of a failure is %s, want an empty string", failed.Content)
		}
		got.ErrorCode = failed.ErrorCode
		return got
	}
	got.Err = json.Unmarshal([]byte(got.Body), &got, lenient)
	return got
}

// next continues the session of an answer.
func (c *client) next(customer string, before chunk, size string) chunk {
	c.t.Helper()
	return c.subscriberAll(customer, `{"pitId":"`+before.PITID+`","pitKeepAlive":5,"size":`+size+`}`)
}

// walk reads a listing to its end, in chunks of a size.
func (c *client) walk(customer, size string) []jsontext.Value {
	c.t.Helper()
	got := c.subscriberAll(customer, `{"pitKeepAlive":5,"size":`+size+`}`)
	records := got.Content
	for got.Err == nil && len(got.Content) > 0 {
		got = c.next(customer, got, size)
		records = append(records, got.Content...)
	}
	if got.Err != nil {
		c.t.Fatal(got.Err)
	}
	return records
}

// page is what the tests read of a list answer.
type page struct {
	answer

	Content []iotxRecord `json:"content"`
}

// iotxRecord is the little of a subscriber that the tests look at.
type iotxRecord struct {
	PhysicalID     string  `json:"physicalId"`
	Nickname       string  `json:"nickname"`
	TariffName     string  `json:"tariffName"`
	LineRental     any     `json:"lineRental"`
	ConnectionDate string  `json:"connectionDate"`
	TerminateDate  *string `json:"terminateDate"`
	DataUsage      any     `json:"dataUsage"`
	Related        struct {
		Parent struct {
			PhysicalID string `json:"physicalId"`
		} `json:"parent"`
		Profiles []iotxRecord `json:"profiles"`
	} `json:"related"`
}

func (c *client) list(query string) page {
	c.t.Helper()
	got := page{answer: c.send(http.MethodGet, "/subscribers?"+query, "")}
	if got.Err == nil && got.Status == http.StatusOK {
		got.Err = json.Unmarshal([]byte(got.Body), &got, lenient)
	}
	return got
}

// ids are the physicalIds of a page.
func (p page) ids() []string {
	var list []string
	for _, r := range p.Content {
		list = append(list, r.PhysicalID)
	}
	return list
}
