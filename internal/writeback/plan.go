package writeback

import (
	"fmt"
	"slices"

	"github.com/google/uuid"
)

// Verdict is what a plan makes of a change.
type Verdict string

// The verdicts. Only VerdictSend and VerdictUnknown are sent.
const (
	// VerdictSend: it is to be changed.
	VerdictSend Verdict = "send"
	// VerdictUnknown: the database knows no such subscriber. It is sent all the same:
	// the provider knows best.
	VerdictUnknown Verdict = "unknown"
	// VerdictAlready: the subscriber is at the target, or has the nickname.
	VerdictAlready Verdict = "already"
	// VerdictDuplicate: an earlier line asks the same for the same subscriber.
	VerdictDuplicate Verdict = "duplicate"
	// VerdictOpen: an earlier command's step of the subscriber is open.
	VerdictOpen Verdict = "open"
	// VerdictSeveral: several SIMs fit, and the provider's choice is not known. An
	// ICCID names one.
	VerdictSeveral Verdict = "several"
)

// Sends tells whether the change is sent.
func (v Verdict) Sends() bool { return v == VerdictSend || v == VerdictUnknown }

// Line is a change in a plan.
type Line struct {
	Change
	Verdict Verdict
	// Fits are the subscribers that the database has for it. One SIM may be several:
	// a parent customer's and its child's.
	Fits []Known
	// DuplicateOf is the line that asked first (VerdictDuplicate).
	DuplicateOf int
	// Open is the earlier step (VerdictOpen).
	Open *Step
	// Step is the change in the journal once it was sent; nil before, and where it was
	// not. After a second sending it is the second.
	Step *Step
}

// Plan is what is to be done about all changes, in their order.
type Plan struct {
	Kind   Kind
	Source string
	Lines  []Line
	// LeftToRun counts nicknames that were given while a run held the source: their
	// rows in the fleet are left to a run.
	LeftToRun int
}

// Knowledge is what a plan is made of, besides the changes.
type Knowledge struct {
	Subscribers []Known
	// Open are the source's open steps.
	Open []Step
}

// NewPlan weighs each change against what is known. The error is about lines that name
// one subscriber by different identifiers and want different things.
func NewPlan(kind Kind, source string, changes []Change, k Knowledge) (*Plan, error) {
	p := planner{bySubject: make(map[Subject][]Known), first: make(map[any]int), open: k.Open}
	for _, known := range k.Subscribers {
		p.bySubject[known.Subject] = append(p.bySubject[known.Subject], known)
	}
	plan := &Plan{Kind: kind, Source: source}
	for _, change := range changes {
		line := Line{Change: change, Fits: p.bySubject[change.Subject]}
		if err := p.weigh(plan, &line); err != nil {
			return nil, err
		}
		plan.Lines = append(plan.Lines, line)
	}
	return plan, nil
}

// Subjects are what the database is to be asked for.
func Subjects(changes []Change) []Subject {
	subjects := make([]Subject, 0, len(changes))
	for _, c := range changes {
		subjects = append(subjects, c.Subject)
	}
	return subjects
}

// planner is a plan in the making.
type planner struct {
	bySubject map[Subject][]Known
	first     map[any]int // by Subject or subscriber key: the place of the line that named it first
	open      []Step
}

func (p *planner) weigh(plan *Plan, line *Line) error {
	sims := line.sims()
	if len(sims) > 1 {
		line.Verdict = VerdictSeveral
		return nil
	}
	if at, again := p.named(line); again {
		first := plan.Lines[at]
		if !first.asksAlike(line.Change) {
			return fmt.Errorf("lines %d and %d name the same subscriber and ask for different things: keep one of them", first.Line, line.Line)
		}
		line.Verdict, line.DuplicateOf = VerdictDuplicate, first.Line
		return nil
	}
	p.remember(line, len(plan.Lines))
	if line.Open = p.underWay(line); line.Open != nil {
		line.Verdict = VerdictOpen
		return nil
	}
	switch {
	case len(line.Fits) == 0:
		line.Verdict = VerdictUnknown
	case line.isAlready():
		line.Verdict = VerdictAlready
	default:
		line.Verdict = VerdictSend
	}
	return nil
}

// sims are the SIM cards of those that fit: their ICCIDs, each once.
func (l *Line) sims() []string {
	var iccids []string
	for _, known := range l.Fits {
		if l.Type != SubjectPhysicalID && !slices.Contains(iccids, known.ICCID) {
			iccids = append(iccids, known.ICCID)
		}
	}
	return iccids
}

// named finds the line that named the same subscriber first.
func (p *planner) named(line *Line) (int, bool) {
	if at, again := p.first[line.Subject]; again {
		return at, true
	}
	for _, known := range line.Fits {
		if at, again := p.first[known.Key]; again {
			return at, true
		}
	}
	return 0, false
}

func (p *planner) remember(line *Line, at int) {
	p.first[line.Subject] = at
	for _, known := range line.Fits {
		p.first[known.Key] = at
	}
}

// underWay finds an open step of the subscriber, by whatever name.
func (p *planner) underWay(line *Line) *Step {
	at := slices.IndexFunc(p.open, func(s Step) bool {
		return s.Subject == line.Subject || s.SubscriberKey != nil && slices.ContainsFunc(line.Fits, func(k Known) bool { return k.Key == *s.SubscriberKey })
	})
	if at < 0 {
		return nil
	}
	return &p.open[at]
}

// isAlready tells whether there is nothing to change. Where one SIM is several
// subscribers, all of them must be at the target: which of them the provider would
// move is not known.
func (l *Line) isAlready() bool {
	return !slices.ContainsFunc(l.Fits, func(k Known) bool {
		if l.Type == SubjectPhysicalID {
			return k.Nickname != l.Nickname
		}
		return !k.CustomerID.Valid || k.CustomerID.UUID != l.Target
	})
}

// step is the line as it goes into the journal. Where several subscribers fit, none of
// them is named.
func (l *Line) step(plan *Plan, command uuid.UUID) *Step {
	s := &Step{Command: command, Kind: plan.Kind, Source: plan.Source, Change: l.Change, Outcome: OutcomeJournalled}
	if len(l.Fits) == 1 {
		key := l.Fits[0].Key
		s.SubscriberKey, s.From = &key, l.Fits[0].CustomerID
	}
	return s
}

// ToSend counts the lines that are, or would be, sent.
func (p *Plan) ToSend() int {
	n := 0
	for _, l := range p.Lines {
		if l.Verdict.Sends() {
			n++
		}
	}
	return n
}

// Unfinished counts the lines that are not as they were asked to be, and of which it is
// not known either that they will be: refused, not sent, or with an outcome that
// nobody knows. It speaks of a plan that was applied.
func (p *Plan) Unfinished() int {
	n := 0
	for _, l := range p.Lines {
		step := l.Step
		if l.Verdict == VerdictOpen {
			step = l.Open
		}
		switch {
		case l.Verdict == VerdictAlready, l.Verdict == VerdictDuplicate:
		case step != nil && (step.Outcome == OutcomeAccepted || step.Outcome == OutcomeDone) && step.asksAlike(l.Change):
		default:
			n++
		}
	}
	return n
}
