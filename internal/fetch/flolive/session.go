package flolive

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"simsync/internal/fetch"

	"github.com/go-json-experiment/json"
)

// keepAliveMargin is how long before its end a session is given up: a call that
// arrives late finds an invalid PIT, and the clocks start apart.
const keepAliveMargin = 2 * time.Second

// errKeepAlive is the cause of a session's context when its time is over.
var errKeepAlive = errors.New("the PIT session's keep-alive is over")

// session is one point-in-time session. The server keeps the cursor: calls come
// one after another, and only what is known not to have been delivered may be asked
// for again.
type session struct {
	client   *Client
	customer string
	tally    *fetch.Tally

	pit string
	// ends is when the keep-alive is over, counted from before the call that
	// opened the session; zero before that.
	ends     time.Time
	sizeHint int
}

// chunk is what one call brought.
type chunk struct {
	reply
	answer fetch.Answer
}

// ask makes the session's next call; the first one opens it. An error that comes
// of the end of the keep-alive is errKeepAlive.
func (s *session) ask(ctx context.Context) (chunk, error) {
	request, err := s.request()
	if err != nil {
		return chunk{}, err
	}
	call, cancel := ctx, context.CancelFunc(func() {})
	if !s.ends.IsZero() {
		call, cancel = context.WithDeadlineCause(ctx, s.ends.Add(-keepAliveMargin), errKeepAlive)
	}
	defer cancel()
	var c chunk
	err = s.client.http.Do(call, request, func(a fetch.Answer) (err error) {
		c.answer = a
		s.sizeHint = len(a.Body)
		c.reply, err = readReply(a.Body)
		return err
	})
	if err != nil {
		return chunk{}, s.why(ctx, err)
	}
	if s.ends.IsZero() {
		s.ends = c.answer.SentAt.Add(s.client.keepAlive)
	}
	if c.pit != "" {
		s.pit = c.pit
	}
	return c, nil
}

// why tells the end of the keep-alive from all else: a request ends without a
// *fetch.Error only because its context does.
func (s *session) why(ctx context.Context, err error) error {
	var failed *fetch.Error
	if ctx.Err() == nil && !s.ends.IsZero() && !errors.As(err, &failed) {
		return errKeepAlive
	}
	return err
}

// request words a call. The keep-alive counts in the first call only, and the
// size in each; the provider's example sends both every time.
func (s *session) request() (fetch.Request, error) {
	body, err := json.Marshal(struct {
		PIT       string `json:"pitId,omitempty"`
		KeepAlive int    `json:"pitKeepAlive"` // minutes
		Size      int    `json:"size"`
	}{s.pit, int(s.client.keepAlive / time.Minute), s.client.chunkSize})
	return fetch.Request{
		Op:     "read subscribers of customer " + s.customer,
		Method: http.MethodPost,
		Path:   "/api/v2/customer/" + url.PathEscape(s.customer) + "/subscriber-all",
		Body:   body, SizeHint: s.sizeHint, Tally: s.tally,
	}, err
}
