package config

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"
)

// address is an absolute http or https URL. Its errors never repeat it: where somebody put a password into it, that is what they would
// repeat.
func address[T any](field func(*T) *string) kind[T] {
	return scalar("an absolute https:// or http:// URL without user, query and fragment", field, func(text string) (string, error) {
		u, err := url.Parse(text)
		switch {
		case err != nil || hasControl(text) || strings.Contains(text, " "):
			return "", errors.New("is not a URL") // url.Parse's own error holds the text
		case u.Scheme != "http" && u.Scheme != "https":
			return "", errors.New("does not start with https:// or http://")
		case u.Hostname() == "":
			return "", errors.New("has no host")
		case u.User != nil:
			return "", errors.New("has a user or password")
		case u.RawQuery != "" || u.ForceQuery:
			return "", errors.New("has a query")
		case strings.Contains(text, "#"):
			return "", errors.New("has a fragment")
		}
		return strings.TrimRight(text, "/"), nil
	})
}

// bucket is a place in an object store: s3://bucket, with a prefix or without.
func bucket[T any](field func(*T) *string) kind[T] {
	return scalar("s3://BUCKET or s3://BUCKET/PREFIX", field, func(text string) (string, error) {
		u, err := url.Parse(text)
		if err != nil || hasControl(text) || u.Scheme != "s3" || u.Hostname() == "" || u.Port() != "" || u.User != nil ||
			u.RawQuery != "" || u.ForceQuery || strings.Contains(text, "#") {
			return "", errUnlike
		}
		return strings.TrimRight(text, "/"), nil
	})
}

// plainToOthers says whether the address, which address has checked, is plain http to another machine.
func plainToOthers(address string) (host string, plain bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" {
		return "", false
	}
	host = u.Hostname()
	if ip, err := netip.ParseAddr(host); err == nil {
		return host, !ip.IsLoopback()
	}
	return host, !strings.EqualFold(host, "localhost")
}
