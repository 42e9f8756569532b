package run

import (
	"fmt"
	"time"

	"simsync/internal/config"
	"simsync/internal/load"
)

// Scope is what of a source a run reads.
type Scope struct {
	// Connected narrows an IoT-X list to connection dates. Such a run removes nothing,
	// and nobody is missing from it.
	Connected load.Window
	// Details says whose details and profiles are asked for; empty: DetailsStale.
	Details Details
}

// Details says whose details and profiles a run asks for, once its source is loaded.
type Details string

const (
	// DetailsStale is those that are due by the settings, within the budget.
	DetailsStale Details = "stale"
	// DetailsAll is those of every live subscriber, whatever their age, without a budget.
	// Where such a run breaks off, the next one goes on.
	DetailsAll Details = "all"
	// DetailsNone is nobody's.
	DetailsNone Details = "none"
)

// Check tells why the scope does not fit a source: an ErrUsage.
func (s Scope) Check(source config.Source) error {
	w := s.Connected
	switch {
	case !w.IsWhole() && source.API != config.IoTXv4:
		return fmt.Errorf("%w: source %s is of api %s, whose listing cannot be narrowed by connection date: that goes with api %s only",
			ErrUsage, source.Name, source.API, config.IoTXv4)
	case !w.Since.IsZero() && !w.Until.IsZero() && !w.Since.Before(w.Until):
		return fmt.Errorf("%w: nobody was connected at or after %s and before %s: the window must begin before it ends",
			ErrUsage, w.Since.UTC().Format(time.RFC3339Nano), w.Until.UTC().Format(time.RFC3339Nano))
	case s.Details == DetailsAll && source.API != config.FloLIVEv2:
		return fmt.Errorf("%w: source %s is of api %s, which has no details to ask for: all that it tells is in its listing",
			ErrUsage, source.Name, source.API)
	}
	return nil
}
