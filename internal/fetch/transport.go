package fetch

import (
	"errors"
	"net"
	"net/http"
	"time"
)

// newTransport is net/http's with its waits bounded, and enough idle connections
// kept for every request that runs at the same time. A compressed answer is asked
// for and unpacked by net/http itself.
func newTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dialer.DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		ForceAttemptHTTP2:     true, // a DialContext of one's own switches it off
		MaxIdleConnsPerHost:   32,
		IdleConnTimeout:       90 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

// maxRedirects is far more than a provider needs on its own host.
const maxRedirects = 5

// sameHost lets a request follow a redirect only where it takes the credentials
// to the same host over the same scheme, and where it stays the same request: 301
// to 303 turn a POST into a GET.
func sameHost(next *http.Request, via []*http.Request) error {
	first := via[0]
	switch {
	case next.URL.Scheme != first.URL.Scheme, next.URL.Host != first.URL.Host:
		return &Error{Kind: KindRefused, Err: errors.New("redirected to another host: is the base URL right?")}
	case next.Method != first.Method:
		return &Error{Kind: KindRefused, Err: errors.New("redirected to another method: is the base URL right?")}
	case len(via) > maxRedirects:
		return &Error{Kind: KindRefused, Err: errors.New("redirected too often")}
	}
	return nil
}
