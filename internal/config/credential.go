package config

import (
	"errors"
	"net/url"
	"strings"
)

// secret is a text that is never repeated. Check says in words what is wrong with it.
func secret[T any](check func(string) error, field func(*T) *Secret) kind[T] {
	return scalar("", field, func(text string) (Secret, error) {
		if err := check(text); err != nil {
			return Secret{}, err
		}
		return NewSecret(text), nil
	})
}

// headerToken is what may follow "Bearer " in a header: visible ASCII (RFC 6750 allows less, providers allow more).
func headerToken(text string) error {
	if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return errors.New("holds a space, a line break or a character outside ASCII; a token is one word")
	}
	return nil
}

func password(text string) error {
	if hasControl(text) {
		return errors.New("holds a line break or another control character; a password is one line")
	}
	return nil
}

// databaseURL checks only what everything that libpq understands has in common.
func databaseURL(text string) error {
	switch {
	case hasControl(text):
		return errors.New("holds a line break or another control character; a connection string is one line")
	case strings.HasPrefix(text, "postgres://"), strings.HasPrefix(text, "postgresql://"):
		if _, err := url.Parse(text); err != nil {
			return errors.New("is not a valid postgres:// URL; percent-encode special characters in its password")
		}
		return nil
	case !strings.Contains(text, "="), strings.Contains(text, "://"):
		return errors.New("is neither postgres://user:password@host/database nor a list such as host=db dbname=fleet")
	default:
		return nil
	}
}
