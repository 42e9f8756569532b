package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"simsync/internal/run"
	"simsync/internal/simulator"
)

type simulateCommand struct {
	Listen      string   `default:"127.0.0.1:8080" placeholder:"ADDR" help:"Address to serve on; port 0 takes a free one. Default: ${default}."`
	Subscribers int      `default:"20000" placeholder:"N" help:"floLIVE subscribers; IoT-X has a quarter as many. Default: ${default}."`
	Seed        uint64   `placeholder:"N" help:"Another fleet."`
	BadShare    float64  `placeholder:"SHARE" help:"Share of records, 0 to 1, that are bad wholly or in part."`
	Fault       []string `placeholder:"KIND[,field=value]..." sep:"none" help:"A fault from the start, such as lost-answer,provider=flolive,from=2; may be given several times."`
}

// Run serves both providers until it is stopped.
func (c *simulateCommand) Run(e *environment) error {
	sim, err := c.simulator()
	if err != nil {
		return err
	}
	base, stop, err := serve(sim, c.Listen)
	if err != nil {
		return err
	}
	defer stop()
	e.say("Both providers are simulated on %s until Ctrl-C. In another terminal:\n", base)
	for _, setting := range settingsOf(sim, base) {
		e.say("  export %s='%s'", setting[0], setting[1])
	}
	e.say("\nThe next night; a fault in the next sync; no more faults; where it stands:\n")
	e.say("  curl -X POST %s/simulator/night", base)
	e.say("  curl -X POST '%s/simulator/fault?kind=lost-answer&from=2'", base)
	e.say("  curl -X DELETE %s/simulator/faults", base)
	e.say("  curl %s/simulator", base)
	return e.untilStopped()
}

func (c *simulateCommand) simulator() (*simulator.Simulator, error) {
	if err := checkSubscribers(c.Subscribers); err != nil {
		return nil, err
	}
	if !(c.BadShare >= 0 && c.BadShare <= 1) {
		return nil, fmt.Errorf("%w: --bad-share is %v; allowed: 0 to 1", run.ErrUsage, c.BadShare)
	}
	sim := simulator.New(simulator.Options{Seed: c.Seed, FloLIVE: c.Subscribers, IoTX: c.Subscribers / 4, BadShare: c.BadShare})
	for _, text := range c.Fault {
		fault, err := parseFault(text)
		if err != nil {
			return nil, fmt.Errorf("%w: --fault %s: %w", run.ErrUsage, text, err)
		}
		sim.Inject(fault)
	}
	return sim, nil
}

// settingsOf are the variables by which simsync finds the simulated providers. None
// holds an apostrophe.
func settingsOf(sim *simulator.Simulator, base string) [][2]string {
	return [][2]string{
		{"FLOLIVE_BASE_URL", base},
		{"FLOLIVE_USERNAME", simulator.DefaultUsername},
		{"FLOLIVE_PASSWORD", simulator.DefaultPassword},
		{"FLOLIVE_CUSTOMERS", strings.Join(sim.CustomerIDs(), ",")},
		{"IOTX_BASE_URL", base},
		{"IOTX_TOKEN", simulator.DefaultIoTXToken},
		{"FLOLIVE_REQUESTS_PER_SECOND", "0"}, // the limit is for providers that are not our own
		{"IOTX_REQUESTS_PER_SECOND", "0"},
	}
}

// parseFault reads KIND[,field=value]...
func parseFault(text string) (simulator.Fault, error) {
	kind, fields, _ := strings.Cut(text, ",")
	if _, err := simulator.ParseFaultKind(kind); err != nil {
		return simulator.Fault{}, fmt.Errorf("there is no fault %q; allowed: %s", kind, strings.Join(faultNames(), ", "))
	}
	values := url.Values{"kind": {kind}}
	for field := range strings.SplitSeq(fields, ",") {
		if name, value, found := strings.Cut(field, "="); found {
			values.Set(name, value)
		} else if field != "" {
			return simulator.Fault{}, fmt.Errorf("%q is not field=value", field)
		}
	}
	return simulator.ParseFault(values)
}

func faultNames() []string {
	var names []string
	for _, info := range simulator.FaultKinds() {
		names = append(names, string(info.Kind))
	}
	return names
}

// serve listens and answers; stop ends both.
func serve(sim *simulator.Simulator, address string) (base string, stop func(), err error) {
	listener, err := net.Listen("tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return "", nil, fmt.Errorf("%s is in use by another program: name another address, or 127.0.0.1:0 for any free port", address)
	case err != nil:
		return "", nil, fmt.Errorf("serve the providers: %w", err)
	}
	server := &http.Server{Handler: sim.Handler(), ReadHeaderTimeout: 10 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := server.Serve(listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
			panic(err) // the listener is ours and open: a fault of the program
		}
	}()
	return "http://" + listener.Addr().String(), func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = server.Shutdown(ctx) // a client that does not let go is cut off
		_ = server.Close()
		<-done
	}, nil
}
