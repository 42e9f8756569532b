package main

import (
	"errors"

	"simsync/internal/config"
	"simsync/internal/fetch"
	"simsync/internal/load"
	"simsync/internal/run"
)

// checkSource asks a source's provider, and looks at what else the source needs. db is
// nil where there is none to be had.
func (f *findings) checkSource(db *load.DB, source config.Source) {
	err := run.Check(f.ctx, source, version, f.log)
	if err != nil {
		f.fail("source", source.Name, err, remedy(err))
	} else {
		f.ok("source", source.Name, "reached "+source.BaseURL+", credentials accepted")
	}
	if source.Profiles.EIDFile != "" {
		f.checkEIDs(source)
	}
	if err == nil && source.API == config.FloLIVEv2 && source.Details.MaxRequests > 0 {
		f.checkDetails(db, source)
	}
}

// checkEIDs reads the source's file of EIDs, as a run does before all else.
func (f *findings) checkEIDs(source config.Source) {
	err := run.CheckEIDs([]config.Source{source})
	if err != nil {
		f.fail("eids", source.Name, err, "Correct the file that profiles.eid_file names; no run begins before.")
		return
	}
	f.ok("eids", source.Name, "the file can be read, and holds nothing but EIDs")
}

// checkDetails reads the details of one subscriber, which takes a permission of its
// own. Which subscribers there are only a database knows that was synced.
func (f *findings) checkDetails(db *load.DB, source config.Source) {
	iccid := ""
	var err error
	if db != nil {
		iccid, err = db.Fleet(source.Name).AnyICCID(f.ctx)
	}
	if err == nil && iccid == "" {
		f.ok("details", source.Name, "not tried, for no subscriber is known before the first run")
		return
	}
	if err == nil {
		err = run.CheckDetails(f.ctx, source, iccid, version, f.log)
	}
	switch {
	case err == nil:
		f.ok("details", source.Name, "permitted")
	case errors.Is(err, fetch.KindRefused):
		f.fail("details", source.Name, err, "The account lacks the permission to read a subscriber's details: have it granted, or set details: {max_requests: 0}.")
	default:
		f.fail("details", source.Name, err, remedy(err))
	}
}

// remedy says what to do about a provider's error, where that is known.
func remedy(err error) string {
	switch {
	case errors.Is(err, fetch.KindCredentials):
		return "Renew the token, or correct username and password; an IoT-X token dies with the user that made it."
	case errors.Is(err, fetch.KindRefused):
		return "The account may lack a permission (IoT-X: View Subscriber), or a customer's UUID is not this account's."
	case errors.Is(err, fetch.KindNotFound):
		return "Check base_url: the provider knows no such path."
	case errors.Is(err, fetch.KindNeverSent):
		return "Check base_url, DNS, proxies and firewalls."
	case errors.Is(err, fetch.KindErrorAnswer), errors.Is(err, fetch.KindLostAnswer):
		return "The provider is there but does not answer as it should: try again later."
	}
	return ""
}
