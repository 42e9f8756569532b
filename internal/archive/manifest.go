package archive

import (
	"time"

	"simsync/internal/fetch"
)

// Manifest says of a run what its files do not: how its walks ended, what was decided
// about them, and when they were promoted.
type Manifest struct {
	Format    int       `json:"format"`
	Version   string    `json:"version"` // the program's
	Run       string    `json:"run"`
	Source    string    `json:"source"`
	API       string    `json:"api"`
	Command   string    `json:"command"`
	StartedAt time.Time `json:"started_at"`
	// PromotedAt is the time of the versions that the run made; zero where it made none:
	// then nothing of it came into the fleet.
	PromotedAt time.Time `json:"promoted_at,omitzero"`
	// What the run was allowed.
	RemovalLimit  float64 `json:"removal_limit"`
	AllowRemovals bool    `json:"allow_removals,omitzero"`
	MaxRejects    float64 `json:"max_rejects"`
	KeepContacts  bool    `json:"keep_contacts,omitzero"`
	// ConnectedSince and ConnectedUntil narrow what was asked for, where one is given: then
	// absence proves nothing.
	ConnectedSince time.Time `json:"connected_since,omitzero"`
	ConnectedUntil time.Time `json:"connected_until,omitzero"`
	// Walks are in the order of the settings.
	Walks []Walk `json:"walks"`
}

// Walk is how a walk ended: fetch.Facts.
type Walk struct {
	Listing    string        `json:"listing"`
	Verdict    fetch.Verdict `json:"verdict"`
	Declared   *int64        `json:"declared,omitzero"`
	Distinct   int64         `json:"distinct"`
	Repeated   int64         `json:"repeated"`
	Sessions   int           `json:"sessions"`
	Requests   int64         `json:"requests"`
	StartedAt  time.Time     `json:"started_at"`
	FinishedAt time.Time     `json:"finished_at"`
}

// Facts are the walk's as a run knows them.
func (w Walk) Facts() fetch.Facts { return fetch.Facts(w) }
