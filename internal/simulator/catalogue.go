package simulator

import "slices"

// FaultInfo tells what a fault does and what its fields mean when they are left out.
type FaultInfo struct {
	Kind      FaultKind   `json:"kind"`
	Providers []Provider  `json:"providers"`
	On        RequestKind `json:"on,omitzero"`    // empty: the requests of a walk
	From      int         `json:"from,omitzero"`  // 0: the first
	Count     int         `json:"count,omitzero"` // 0: once
	Summary   string      `json:"summary"`
}

// defaultOversize is the MiB of white space in an oversized body, just above what a careful client reads.
const defaultOversize = 65

var (
	both        = []Provider{FloLIVE, IoTX}
	onlyFloLIVE = []Provider{FloLIVE}
	onlyIoTX    = []Provider{IoTX}
)

// catalogue holds every fault. "Moves on" means that the request was carried out: a floLIVE session's cursor has moved. Mind
// that net/http repeats a GET by itself when a connection that it used before is cut without a byte of an answer, so that one
// lost-answer or hang among lists may never be noticed.
var catalogue = []FaultInfo{
	{Kind: LostAnswer, Providers: both, Summary: "moves on, then cuts the connection before a byte of the answer"},
	{Kind: TruncatedBody, Providers: both, Summary: "moves on, then cuts the connection in the middle of the body"},
	{Kind: GarbageBody, Providers: both, Summary: "moves on, answers 200 with half of the JSON"},
	{Kind: SlowBody, Providers: both, Summary: "moves on, sends the body in ten pieces over delay"},
	{Kind: Hang, Providers: both, Summary: "moves on and never answers"},
	{Kind: TooManyRequests, Providers: both, Summary: "answers 429 with Retry-After, nothing is carried out"},
	{Kind: Unavailable, Providers: both, Summary: "answers 503, with Retry-After where one is given, nothing is carried out"},
	{Kind: BadGateway, Providers: both, Summary: "moves on, a gateway answers 502"},
	{Kind: GatewayTimeout, Providers: both, Summary: "moves on, a gateway answers 504"},
	{Kind: ServerError, Providers: both, Summary: "answers 500 as when calls come too fast, nothing is carried out"},
	{Kind: HTMLError, Providers: both, Summary: "answers an HTML page with status, nothing is carried out"},
	{Kind: Global1001, Providers: onlyFloLIVE, Summary: "answers GLOBAL_1001 (try again) with status, nothing is carried out"},
	{Kind: Global1018, Providers: onlyFloLIVE, Summary: "answers GLOBAL_1018 (invalid PIT) with status, the session lives on"},
	{Kind: Expiry, Providers: onlyFloLIVE, From: 2, Summary: "the session dies before its time"},
	{Kind: RefuseConnection, Providers: both, Summary: "a Network refuses the connection; provider matches the host's name"},
	{Kind: Unauthorized, Providers: both, Summary: "answers 401, nothing is carried out"},
	{Kind: Forbidden, Providers: both, Summary: "answers 403, nothing is carried out"},
	{Kind: WrongRecordAmount, Providers: onlyFloLIVE, Summary: "recordAmount is by (1) more than there are records"},
	{Kind: ShortTotal, Providers: onlyFloLIVE, Count: Forever, Summary: "totalRecordAmount is by (1) lower than the truth, or higher if negative"},
	{Kind: ChangingTotal, Providers: onlyFloLIVE, From: 2, Summary: "totalRecordAmount is by (1) higher in the answers struck"},
	{Kind: RepeatedChunk, Providers: both, From: 2, Summary: "the chunk before comes again (IoT-X: the first page), the cursor stays"},
	{Kind: StuckCursor, Providers: both, Count: Forever, Summary: "the same chunk for ever (IoT-X: the first page)"},
	{Kind: EmptyChunk, Providers: both, From: 2, Summary: "no records, the cursor stays"},
	{Kind: WrapAround, Providers: onlyFloLIVE, Count: Forever, Summary: "the last by (half a chunk) records are the listing's first ones again, and past the end it begins anew"},
	{Kind: Endless, Providers: both, Count: Forever, Summary: "floLIVE: declares a thousand times its records and goes round; IoT-X: ever new records past the end, or with by the last page for ever"},
	{Kind: ShiftLeft, Providers: onlyIoTX, From: 2, Summary: "by (1) records before the offset leave for good"},
	{Kind: ShiftRight, Providers: onlyIoTX, From: 2, Summary: "by (1) new records come in before the offset"},
	{Kind: Shuffle, Providers: onlyIoTX, Count: Forever, Summary: "records of one connectionDate come in another order each time"},
	{Kind: Skip, Providers: both, From: 2, Summary: "by (1) records are passed over"},
	{Kind: DuplicateRecord, Providers: both, Summary: "the last by (1) records of an answer are copies of its first"},
	{Kind: BadRecord, Providers: both, Summary: "the first by (1) records of an answer are unreadable"},
	{Kind: NotFoundEnd, Providers: onlyIoTX, Count: Forever, Summary: "404 past the list's end instead of an empty page"},
	{Kind: OversizedBody, Providers: both, Summary: "moves on, sends by (65) MiB of white space in front of the body"},
	{Kind: WrongContentType, Providers: both, Summary: "calls the right body text/plain"},
	{Kind: NullContent, Providers: both, Summary: "moves on, content is null"},
	{Kind: OneUnreachable, Providers: onlyIoTX, On: One, Count: Forever, Summary: "a single subscriber is answered 500"},
	{Kind: Subscriber1006, Providers: onlyFloLIVE, On: Detail, Summary: "answers SUBSCRIBER_1006 (failed to retrieve) with status, nothing is carried out"},
	{Kind: RefuseNode, Providers: onlyFloLIVE, On: Move, Summary: "the first by (1) nodes of a bulk are refused, so that none is carried out"},
	{Kind: StayOpen, Providers: onlyFloLIVE, On: Move, Summary: "the moves of a call stay OPEN until their status was asked for by times, or by left out, until SettleMoves"},
	{Kind: SettleFailure, Providers: onlyFloLIVE, On: Move, Summary: "the first by (all) moves of a call end as FAILURE"},
	{Kind: SettleError, Providers: onlyFloLIVE, On: Move, Summary: "the first by (all) moves of a call end as INTERNAL_ERROR"},
}

// FaultKinds is every fault there is.
func FaultKinds() []FaultInfo { return slices.Clone(catalogue) }

func infoOf(kind FaultKind) (FaultInfo, bool) {
	i := slices.IndexFunc(catalogue, func(info FaultInfo) bool { return info.Kind == kind })
	if i < 0 {
		return FaultInfo{}, false
	}
	return catalogue[i], true
}
