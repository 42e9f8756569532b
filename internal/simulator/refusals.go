package simulator

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// turnAway answers in the provider's stead: nothing is carried out. False if no such fault strikes.
func turnAway(q *request, hit strikes) (reply, bool) {
	for _, f := range hit {
		switch f.Kind { //nolint:exhaustive // the other faults carry the request out
		case TooManyRequests:
			f.RetryAfter = orDefault(f.RetryAfter, time.Second)
			return refusal(q, f, http.StatusTooManyRequests, "Too many requests"), true
		case Unavailable:
			return refusal(q, f, http.StatusServiceUnavailable, "Service unavailable"), true
		case ServerError, OneUnreachable:
			return refusal(q, f, http.StatusInternalServerError, "Internal Server Error"), true
		case Unauthorized:
			return refusal(q, f, http.StatusUnauthorized, "Unauthorized"), true
		case Forbidden:
			return refusal(q, f, http.StatusForbidden, "Forbidden"), true
		case HTMLError:
			return htmlPage(f.status(), "Scheduled maintenance"), true
		case Global1001:
			return failure(f.status(), codeTryAgain, "Service unavailable. Please try again"), true
		case Subscriber1006:
			return failure(f.status(), codeNoDetails, "Failed to retrieve subscriber details"), true
		case Global1018:
			r := invalidPIT()
			r.status = f.status()
			return r, true
		}
	}
	return reply{}, false
}

// refusal is an error answer in the provider's own form: floLIVE's framework, or IoT-X's error object.
func refusal(q *request, f Fault, status int, message string) reply {
	var r reply
	if q.provider == IoTX {
		r = iotxError(status, strconv.Itoa(status), message)
	} else {
		dst := scalars{}.appendInt(nil, `{"status":`, int64(status))
		dst = appendMember(appendMember(dst, `,"error":`, message), `,"path":`, q.path)
		r = jsonReply(status, append(dst, '}'))
	}
	if f.RetryAfter > 0 {
		r.retryAfter = strconv.Itoa(int((f.RetryAfter + time.Second - 1) / time.Second))
		if f.RetryAfterDate {
			r.retryAfter = time.Now().Add(f.RetryAfter).UTC().Format(http.TimeFormat)
		}
	}
	return r
}

// replaced is what becomes of an answer on its way: the request was carried out.
func replaced(r reply, hit strikes) reply {
	switch {
	case hit.has(BadGateway):
		return htmlPage(http.StatusBadGateway, "Bad Gateway").inPlaceOf(r)
	case hit.has(GatewayTimeout):
		return htmlPage(http.StatusGatewayTimeout, "Gateway Time-out").inPlaceOf(r)
	case hit.has(GarbageBody):
		r.body = r.body[:len(r.body)/2]
	case hit.has(WrongContentType):
		r.contentType = "text/plain"
	}
	return r
}

// inPlaceOf takes over the buffer of the answer that is not sent.
func (r reply) inPlaceOf(lost reply) reply {
	r.buffer = lost.buffer
	return r
}

func htmlPage(status int, title string) reply {
	const page = "<!DOCTYPE html>\n<html><head><title>%s</title></head><body><h1>%[1]s</h1></body></html>\n"
	return reply{status: status, contentType: "text/html; charset=utf-8", body: fmt.Appendf(nil, page, title)}
}
