package simulator

import "time"

// Credentials that are accepted where [Options] names no others. They open nothing but a simulator.
const (
	DefaultUsername  = "operator@example.com"
	DefaultPassword  = "correct horse battery staple"
	DefaultToken     = "flolive-ready-made-token"
	DefaultIoTXToken = "iotx-ready-made-token"
)

// Options describes the fleets and how they are served. The zero value is two empty fleets with the default credentials.
type Options struct {
	// Seed picks one fleet among all: the same seed and numbers give the same fleet, byte for byte.
	Seed uint64
	// FloLIVE and IoTX are the sizes on night 1: of floLIVE the records in all listings together, of IoT-X the subscribers at
	// top level (profiles that are only nested come on top). At most 1<<30 each.
	FloLIVE, IoTX int
	// Customers is the number of floLIVE listings; 0 means 2. Every one has two sub-customers, whose subscribers it lists too.
	Customers int
	// Churn is what happens in a night; the zero value means [DefaultChurn].
	Churn Churn
	// BadShare is the share of records (0 to 1) that a sync must reject, wholly or in part.
	BadShare float64

	// Username and Password log in to floLIVE; Token is a ready-made floLIVE token that never wears out; IoTXToken is the
	// bearer of IoT-X. Empty ones mean the defaults.
	Username, Password, Token, IoTXToken string
	// TokenUses is the number of requests after which a floLIVE token from a login is refused with 401; 0: never.
	TokenUses int

	// PageClamp is the largest IoT-X page, whatever limit is asked; 0 means the published 100.
	PageClamp int
	// StringlyIoTX serves IoT-X as the page's examples write it rather than as its schema says: numbers and booleans in
	// quotes, and an empty object for a missing parent.
	StringlyIoTX bool
	// BareDates serves some IoT-X dates without a time of day. The page's prose allows it ("date, or date and time"), its
	// pattern does not.
	BareDates bool

	// MoveDelay is how long an accepted move stays OPEN: it is settled by the first request after that, or by the next night. 0
	// means a second; below 0 only [Simulator.SettleMoves] settles.
	MoveDelay time.Duration
	// MoveFailures and MoveErrors are the shares of the accepted moves that end as FAILURE and as INTERNAL_ERROR.
	MoveFailures, MoveErrors float64
	// NoCallStatus leaves out the endpoint that tells what became of a request, as a provider that has none.
	NoCallStatus bool

	// Latency is waited before every answer.
	Latency time.Duration
	// Gzip compresses answers for clients that accept it.
	Gzip bool
}

// Churn is what happens to a fleet in one night.
type Churn struct {
	// New is the number of new subscribers as a share of the first night's fleet, at least one where it is above 0.
	New float64
	// Changed, Moved and Removed are the shares of the live subscribers that change, move to another floLIVE customer
	// (IoT-X has no such thing) and leave.
	Changed, Moved, Removed float64
	// Returned is the share of the absent subscribers that come back.
	Returned float64
	// Still means a night in which nothing of the above happens, for the zero value is taken. IoT-X usage and network state
	// change all the same: they change every night for everyone.
	Still bool
}

// DefaultChurn is the churn of an ordinary night.
var DefaultChurn = Churn{New: 0.01, Changed: 0.01, Moved: 0.002, Removed: 0.004, Returned: 0.25}

// withDefaults fills what was left out.
func (o Options) withDefaults() Options {
	o.Customers = orDefault(o.Customers, 2)
	o.Username = orDefault(o.Username, DefaultUsername)
	o.Password = orDefault(o.Password, DefaultPassword)
	o.Token = orDefault(o.Token, DefaultToken)
	o.IoTXToken = orDefault(o.IoTXToken, DefaultIoTXToken)
	o.Churn = orDefault(o.Churn, DefaultChurn)
	o.MoveDelay = orDefault(o.MoveDelay, time.Second)
	o.PageClamp = min(orDefault(o.PageClamp, maxPage), maxPage)
	return o
}

func orDefault[T comparable](value, fallback T) T {
	var zero T
	if value == zero {
		return fallback
	}
	return value
}
