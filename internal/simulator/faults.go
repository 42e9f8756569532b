package simulator

import (
	"fmt"
	"net/http"
	"time"
)

// FaultKind names a fault; the names are stable, so that a command line can use them.
type FaultKind string

// The faults. [FaultKinds] tells what each does.
const (
	LostAnswer        FaultKind = "lost-answer"
	TruncatedBody     FaultKind = "truncated-body"
	GarbageBody       FaultKind = "garbage-body"
	SlowBody          FaultKind = "slow-body"
	Hang              FaultKind = "hang"
	TooManyRequests   FaultKind = "too-many-requests"
	Unavailable       FaultKind = "unavailable"
	BadGateway        FaultKind = "bad-gateway"
	GatewayTimeout    FaultKind = "gateway-timeout"
	ServerError       FaultKind = "server-error"
	HTMLError         FaultKind = "html-error"
	Global1001        FaultKind = "global-1001"
	Global1018        FaultKind = "global-1018"
	Expiry            FaultKind = "expiry"
	RefuseConnection  FaultKind = "refuse-connection"
	Unauthorized      FaultKind = "unauthorized"
	Forbidden         FaultKind = "forbidden"
	WrongRecordAmount FaultKind = "wrong-record-amount"
	ShortTotal        FaultKind = "short-total"
	ChangingTotal     FaultKind = "changing-total"
	RepeatedChunk     FaultKind = "repeated-chunk"
	StuckCursor       FaultKind = "stuck-cursor"
	EmptyChunk        FaultKind = "empty-chunk"
	WrapAround        FaultKind = "wrap-around"
	Endless           FaultKind = "endless"
	ShiftLeft         FaultKind = "shift-left"
	ShiftRight        FaultKind = "shift-right"
	Shuffle           FaultKind = "shuffle"
	Skip              FaultKind = "skip"
	DuplicateRecord   FaultKind = "duplicate-record"
	BadRecord         FaultKind = "bad-record"
	NotFoundEnd       FaultKind = "not-found-end"
	OversizedBody     FaultKind = "oversized-body"
	WrongContentType  FaultKind = "wrong-content-type"
	NullContent       FaultKind = "null-content"
	OneUnreachable    FaultKind = "one-unreachable"
	Subscriber1006    FaultKind = "subscriber-1006"
	RefuseNode        FaultKind = "refuse-node"
	StayOpen          FaultKind = "stay-open"
	SettleFailure     FaultKind = "settle-failure"
	SettleError       FaultKind = "settle-error"
)

// Forever is the Count of a fault that never stops.
const Forever = -1

// Any is the On of a fault that strikes requests of every kind.
const Any RequestKind = "any"

// Fault is a fault and the requests that it strikes. The zero value of everything but Kind is useful: see [FaultKinds].
type Fault struct {
	Kind FaultKind `json:"kind"`

	// Provider narrows the fault to one of the two; empty: every one that can have it.
	Provider Provider `json:"provider,omitzero"`
	// On is the kind of request; empty: the requests of a walk (subscriber-all and list), or what the fault is about.
	On RequestKind `json:"on,omitzero"`
	// Customer narrows it to the requests that name one floLIVE customer, PhysicalID to those for one IoT-X subscriber, Value to
	// the floLIVE ones with one identifier in their path: details, profiles and the status of a request.
	Customer   string `json:"customer,omitzero"`
	PhysicalID string `json:"physicalId,omitzero"`
	Value      string `json:"value,omitzero"`
	// From is the first request that is struck, counted from the injection among those that the fields above and Sessions
	// leave; 0 means the fault's own default, mostly 1. Count is how many are struck in a row; 0: the default; [Forever].
	From  int `json:"from,omitzero"`
	Count int `json:"count,omitzero"`
	// Sessions narrows it to the first so many floLIVE sessions opened after the injection; 0: all.
	Sessions int `json:"sessions,omitzero"`

	// RetryAfter is sent with 429 and 503, in whole seconds, or as an HTTP date where RetryAfterDate is set. A 429 without one
	// asks for a second.
	RetryAfter     time.Duration `json:"retryAfter,omitzero"`
	RetryAfterDate bool          `json:"retryAfterDate,omitzero"`
	// Delay is how long a slow body takes; 0 means 10 seconds.
	Delay time.Duration `json:"delay,omitzero"`
	// Status is the HTTP status of html-error, global-1001, global-1018 and subscriber-1006; 0 means 200.
	Status int `json:"status,omitzero"`
	// By is how much or how many: what it counts, and its default, depend on the fault.
	By int `json:"by,omitzero"`
}

func (f Fault) by(fallback int) int { return orDefault(f.By, fallback) }

func (f Fault) status() int { return orDefault(f.Status, http.StatusOK) }

func (f Fault) delay() time.Duration { return orDefault(f.Delay, 10*time.Second) }

// ParseFaultKind finds the fault of a name.
func ParseFaultKind(name string) (FaultKind, error) {
	if _, known := infoOf(FaultKind(name)); !known {
		return "", fmt.Errorf("unknown fault %q: see the list of faults", name)
	}
	return FaultKind(name), nil
}

// Inject adds a fault. It counts requests from now on. A kind that does not exist panics: it is a mistake in a test.
func (s *Simulator) Inject(f Fault) {
	info, known := infoOf(f.Kind)
	if !known {
		panic(fmt.Sprintf("simulator: unknown fault %q", f.Kind))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &activeFault{Fault: f, info: info, base: s.opened})
}

// ClearFaults removes all faults. What shift-left and shift-right have done to the fleet stays until the next night.
func (s *Simulator) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// Faults are the faults injected since the last ClearFaults, spent ones included.
func (s *Simulator) Faults() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Fault, 0, len(s.faults))
	for _, f := range s.faults {
		list = append(list, f.Fault)
	}
	return list
}
