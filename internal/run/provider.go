package run

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/rs/zerolog"

	"simsync/internal/config"
	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
	"simsync/internal/fetch/iotx"
	"simsync/internal/transform"
)

// provider is what a source offers to a run.
type provider struct {
	listings []listing
	atOnce   int // listings walked at the same time
	// confirm asks for one missing subscriber; nil where absence from complete walks
	// proves enough (a PIT session is a snapshot; a paginated list is not).
	confirm       confirmFunc
	atOnceConfirm int
	// details and profiles are nil where the provider has none.
	details  detailsFunc
	profiles profilesFunc
	// most is how many records a listing may have before it is taken for one that
	// never ends; 0 where that is proved in another way.
	most     int64
	counters func() fetch.Counters
	check    func(context.Context) error
	close    func() // lets the connections go
}

// recordsPerKnown bounds a list that never ends: a fleet does not grow tenfold in a
// night, nor past a million in its first.
const (
	recordsPerKnown = 10
	recordsAtFirst  = 1_000_000
)

// openProvider makes the client of a source. known is how many of its subscribers
// the database holds.
func openProvider(source config.Source, known int, o Options) (provider, error) {
	shared := clientOptions(source, o.Version, o.Log)
	if o.adjust != nil {
		o.adjust(&shared)
	}
	switch source.API {
	case config.FloLIVEv2:
		return openFloLIVE(source, shared)
	case config.IoTXv4:
		most := int64(cmp.Or(o.recordsAtFirst, recordsAtFirst) + recordsPerKnown*known)
		return openIoTX(source, shared, iotx.ConnectedBetween(o.Scope.Connected.Since, o.Scope.Connected.Until), most)
	}
	return provider{}, fmt.Errorf("api %q is not known", source.API)
}

func openFloLIVE(source config.Source, shared fetch.Options) (provider, error) {
	client, err := flolive.New(floLIVEOptions(source, shared))
	if err != nil {
		return provider{}, err
	}
	p := provider{
		atOnce: max(1, source.Walks), counters: client.Counters, close: client.Close,
		details: client.Details, profiles: client.Profiles,
		check: func(ctx context.Context) error { return client.Check(ctx, source.Customers[0]) },
	}
	for _, customer := range source.Customers {
		p.listings = append(p.listings, newListing(customer, client.Walk(customer), floLIVEInto))
	}
	return p, nil
}

func floLIVEInto(b *transform.Batch, r fetch.Record[flolive.Subscriber], _ time.Time) { b.FloLIVE(r) }

func openIoTX(source config.Source, shared fetch.Options, filter string, most int64) (provider, error) {
	client, err := iotx.New(iotx.Options{
		Client: shared, PageSize: source.PageSize, Concurrency: source.Concurrency,
		MaxRecords: most, Filter: filter,
	})
	if err != nil {
		return provider{}, err
	}
	walk := client.Walk()
	return provider{
		listings:      []listing{newListing(walk.Listing(), walk, (*transform.Batch).IoTX)},
		atOnce:        1,
		most:          most,
		confirm:       client.Subscriber,
		atOnceConfirm: max(1, source.Concurrency),
		counters:      client.Counters,
		check:         client.Check,
		close:         client.Close,
	}, nil
}

// Check makes one small read from the source's provider.
func Check(ctx context.Context, source config.Source, version string, log zerolog.Logger) error {
	p, err := openProvider(source, 0, Options{Version: version, Log: log})
	if err != nil {
		return err
	}
	defer p.close()
	return p.check(ctx)
}
