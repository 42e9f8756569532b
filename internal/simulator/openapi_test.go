package simulator_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"simsync/internal/simulator"
)

// contract validates exchanges against the provider's own description.
type contract struct{ document *openapi3.T }

func loadContract(t *testing.T) contract {
	t.Helper()
	document, err := openapi3.NewLoader().LoadFromFile("testdata/v4-subscribers.openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := document.Validate(t.Context(), openapi3.DisableExamplesValidation()); err != nil { // the provider's examples break its own schema
		t.Fatal(err)
	}
	return contract{document}
}

// check sends a request and validates what comes back; it returns the status.
func (c contract) check(s *simulator.Simulator, path string) (int, error) {
	r := authorised(http.MethodGet, path, "", simulator.DefaultIoTXToken)
	described, parameters := "/subscribers", map[string]string{}
	if id, one := strings.CutPrefix(r.URL.Path, described+"/"); one {
		described, parameters["physicalId"] = "/subscribers/{physicalId}", id
	}
	item := c.document.Paths.Value(described)
	route := &routers.Route{Spec: c.document, Path: described, PathItem: item, Method: r.Method, Operation: item.Get}
	asked := &openapi3filter.RequestValidationInput{Request: r, PathParams: parameters, Route: route}
	if err := openapi3filter.ValidateRequest(context.Background(), asked); err != nil {
		return 0, err
	}
	w := httptest.NewRecorder()
	s.IoTX().ServeHTTP(w, r)
	return w.Code, openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: asked,
		Status:                 w.Code, Header: w.Header(), Body: io.NopCloser(w.Body),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	})
}

// checkNickname sends a PATCH and validates both ways. A request that is meant to be wrong must break the contract.
func (c contract) checkNickname(s *simulator.Simulator, id, body string, wrong bool) (int, error) {
	r := authorised(http.MethodPatch, "/subscribers/"+id, body, simulator.DefaultIoTXToken)
	r.Header.Set("Content-Type", "application/json")
	item := c.document.Paths.Value("/subscribers/{physicalId}")
	asked := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: map[string]string{"physicalId": id},
		Route: &routers.Route{Spec: c.document, Path: "/subscribers/{physicalId}", PathItem: item, Method: r.Method, Operation: item.Patch},
	}
	if err := openapi3filter.ValidateRequest(context.Background(), asked); (err != nil) != wrong && body != "" { // the page says that a body may be missing
		return 0, fmt.Errorf("the request should be wrong %v: %w", wrong, err)
	}
	r.Body = io.NopCloser(strings.NewReader(body))
	w := httptest.NewRecorder()
	s.IoTX().ServeHTTP(w, r)
	return w.Code, openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: asked, Status: w.Code, Header: w.Header(), Body: io.NopCloser(w.Body),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	})
}

// january narrows a list to a month of connection dates.
var january = "&filter=" + url.QueryEscape(`connectionDate ge "2024-01-01T00:00:00Z" and connectionDate lt "2024-02-01T00:00:00Z"`)

func TestIoTXKeepsItsContract(t *testing.T) {
	c := loadContract(t)
	for seed := range uint64(3) {
		s := simulator.New(simulator.Options{Seed: seed, IoTX: 700})
		s.SetNight(int(seed)*2 + 1)
		for offset := 0; offset <= 800; offset += 100 {
			for _, narrowed := range []string{"", byConnection, byConnection + january} {
				path := fmt.Sprintf("/subscribers?limit=100&offset=%d%s", offset, narrowed)
				if status, err := c.check(s, path); err != nil || status != 200 {
					t.Errorf("%s: %d %v", path, status, err)
				}
			}
		}
		count := 0
		for r := range s.IoTXTruth() {
			if count++; count%7 == 0 {
				if status, err := c.check(s, "/subscribers/"+r.PhysicalID); err != nil || status != 200 {
					t.Errorf("%s: %d %v", r.PhysicalID, status, err)
				}
			}
		}
		if status, err := c.check(s, "/subscribers/nobody"); err != nil || status != 404 {
			t.Errorf("an unknown subscriber: %d %v", status, err)
		}
		s.Inject(simulator.Fault{Kind: simulator.NotFoundEnd})
		if status, err := c.check(s, "/subscribers?offset=90000"); err != nil || status != 404 {
			t.Errorf("past the end: %d %v", status, err)
		}
	}
}

// TestContractCatchesMisfits proves that the validation can fail.
func TestContractCatchesMisfits(t *testing.T) {
	c := loadContract(t)
	for name, s := range map[string]*simulator.Simulator{
		"stringly":   simulator.New(simulator.Options{IoTX: 50, StringlyIoTX: true}),
		"bare dates": simulator.New(simulator.Options{IoTX: 50, BareDates: true}),
	} {
		if _, err := c.check(s, "/subscribers"); err == nil {
			t.Errorf("%s: passed", name)
		}
	}
}
