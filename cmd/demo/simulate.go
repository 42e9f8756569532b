package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"simsync/internal/simulator"
)

type simulateCommand struct {
	Listen      string   `default:"127.0.0.1:8080" placeholder:"ADDR" help:"Address to serve on; port 0 takes a free one. Default: ${default}."`
	Subscribers int      `default:"20000" placeholder:"N" help:"floLIVE subscribers; IoT-X has a quarter as many. Default: ${default}."`
	Seed        uint64   `placeholder:"N" help:"Another fleet."`
	BadShare    float64  `placeholder:"SHARE" help:"Share of records, 0 to 1, that are bad wholly or in part."`
	Fault       []string `placeholder:"KIND[,field=value]..." sep:"none" help:"A fault from the start, such as lost-answer,provider=flolive,from=2; may be given several times."`
}

// Run serves both providers until it is interrupted.
func (c *simulateCommand) Run(e *environment) error {
	sim := simulator.New(simulator.Options{Seed: c.Seed, FloLIVE: c.Subscribers, IoTX: c.Subscribers / 4, BadShare: c.BadShare})
	for _, text := range c.Fault {
		fault, err := parseFault(text)
		if err != nil {
			return fmt.Errorf("--fault %s: %w", text, err)
		}
		sim.Inject(fault)
	}
	base, stop, err := serve(sim, c.Listen)
	if err != nil {
		return err
	}
	defer stop()
	e.say("Both providers are simulated on %s until Ctrl-C. In another terminal:", base)
	e.say("")
	for _, setting := range settingsOf(sim, base) {
		e.say("  export %s=%s", setting[0], setting[1])
	}
	e.say("")
	e.say("  curl -X POST %s/simulator/night                              # the next night", base)
	e.say("  curl -X POST '%s/simulator/fault?kind=lost-answer&from=2'    # a fault in the next sync", base)
	e.say("  curl -X DELETE %s/simulator/faults                           # no more faults", base)
	e.say("  curl %s/simulator                                            # where it stands, and all faults", base)
	<-e.ctx.Done()
	return nil
}

// settingsOf are the variables by which simsync finds the simulated providers.
func settingsOf(sim *simulator.Simulator, base string) [][2]string {
	return [][2]string{
		{"FLOLIVE_BASE_URL", base},
		{"FLOLIVE_USERNAME", simulator.DefaultUsername},
		{"FLOLIVE_PASSWORD", "'" + simulator.DefaultPassword + "'"},
		{"FLOLIVE_CUSTOMERS", strings.Join(sim.CustomerIDs(), ",")},
		{"IOTX_BASE_URL", base},
		{"IOTX_TOKEN", simulator.DefaultIoTXToken},
	}
}

// parseFault reads KIND[,field=value]...
func parseFault(text string) (simulator.Fault, error) {
	kind, fields, _ := strings.Cut(text, ",")
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

// serve listens and answers; stop ends both.
func serve(sim *simulator.Simulator, address string) (base string, stop func(), err error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return "", nil, fmt.Errorf("listen on %s: %w", address, err)
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
