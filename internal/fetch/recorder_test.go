package fetch_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"simsync/internal/fetch"
)

// heard is a recorder that notes what it is told.
type heard []string

func (h *heard) Answered(r fetch.Request, a fetch.Answer) int64 {
	*h = append(*h, fmt.Sprintf("%s: %d %s", r.Op, a.Status, a.Body))
	return int64(len(*h))
}

// Every whole answer is told of, refusals and what cannot be read among them; no login
// is, and no answer that was cut short.
func TestRecorderHearsWholeAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{
			answer(200, "a secret"), answer(503, "later"), brokenBody(http.ErrBodyNotAllowed), answer(200, "<html>"), answer(200, "{}"),
		}}
		c := newClient(t, s, func(o *fetch.Options) {
			o.Token = ""
			o.Login = func(ctx context.Context, c *fetch.Client) (token string, err error) {
				login := fetch.Request{Op: "log in", Method: http.MethodPost, Path: "/login", Anonymous: true}
				return "sesame", c.Do(ctx, login, wants("a secret"))
			}
		})
		var h heard
		var number int64
		err := c.Do(fetch.WithRecorder(t.Context(), &h), get, func(a fetch.Answer) error {
			number = a.Number
			return wants("{}")(a)
		})
		if err != nil {
			t.Fatal(err)
		}
		want := heard{"read it: 503 later", "read it: 200 <html>", "read it: 200 {}"}
		if diff := cmp.Diff(want, h); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
		if number != 3 {
			t.Errorf("the answer's number is %d", number)
		}
	})
}
