package flolive

import (
	"context"
	"errors"
	"net/http"

	"simsync/internal/fetch"

	"github.com/go-json-experiment/json"
)

// login gets a token: POST /api/v2/auth/token answers
// {"content":[{"token":"..."}]}. How long a token lives is not published.
func login(username, password string) func(context.Context, *fetch.Client) (string, error) {
	return func(ctx context.Context, c *fetch.Client) (string, error) {
		body, err := json.Marshal(struct {
			Username string `json:"username"`
			Password string `json:"password"`
		}{username, password})
		if err != nil {
			return "", errors.New("the user name or the password is not valid UTF-8")
		}
		var token string
		err = c.Do(ctx, fetch.Request{
			Op: "log in to floLIVE", Method: http.MethodPost, Path: "/api/v2/auth/token",
			Body: body, Anonymous: true, Repeatable: true,
		}, func(a fetch.Answer) (err error) {
			token, err = readToken(a.Body)
			return err
		})
		var failed *fetch.Error
		switch {
		case !errors.As(err, &failed):
		case failed.Kind == fetch.KindRefused:
			failed.Kind = fetch.KindCredentials // 400, 403, an entity's code: there is nothing else to refuse
		case failed.Kind == fetch.KindNotFound:
			failed.Kind, failed.Err = fetch.KindRefused, errNoPath // it is not what was to be read that is missing
		}
		return token, err
	}
}

// readToken reads the answer to a login; its content may also be the one object
// itself.
func readToken(body []byte) (string, error) {
	envelope, err := fetch.ReadEnvelope(body)
	if err != nil {
		return "", err
	}
	if err := success(envelope); err != nil {
		return "", err
	}
	raw := envelope.Members["content"]
	if len(envelope.Content) > 0 {
		raw = envelope.Content[0]
	}
	var content struct {
		Token string `json:"token"`
	}
	if raw.Kind() != '{' || json.Unmarshal(raw, &content) != nil || content.Token == "" {
		return "", errors.New("the answer holds no token")
	}
	return content.Token, nil
}
