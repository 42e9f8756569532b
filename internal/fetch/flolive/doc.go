// Package flolive reads floLIVE's API v2: the login, and the point-in-time (PIT)
// walk over a customer's subscribers.
package flolive
