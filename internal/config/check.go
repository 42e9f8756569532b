package config

import (
	"fmt"
	"slices"
)

// checkSource checks what one setting of a source says about another. A setting that is itself wrong is reported already, so what
// matters here is whether it was given.
func (l *loader) checkSource(s Source, sec section) {
	if host, plain := plainToOthers(s.BaseURL); plain && !s.InsecureHTTP {
		l.report(fault{
			sec.at("base_url"), "is plain http to " + show(host),
			"https, http to this machine (localhost, 127.0.0.1, ::1), or insecure_http: true beside it",
		})
	}
	token, username, password := sec.has("token"), sec.has("username"), sec.has("password")
	switch {
	case s.API == IoTXv4 && !token:
		l.report(fault{sec.at("token"), "is missing; make one in the provider's portal", ""})
	case s.API != FloLIVEv2:
	case token && (username || password):
		l.report(fault{sec.at("token"), "is given beside a username or password; keep one of the two ways", ""})
	case !token && !username && !password:
		l.report(fault{sec.at("token"), "is missing, and so are " + lastWord(sec.at("username")) + " and " + lastWord(sec.at("password")) +
			"; give the one or the other two", ""})
	case !token && !username:
		l.report(fault{sec.at("username"), "is missing beside " + lastWord(sec.at("password")), ""})
	case !token && !password:
		l.report(fault{sec.at("password"), "is missing beside " + lastWord(sec.at("username")), ""})
	}
}

// checkArchive checks what one setting of the archive says about another. Keys alone say
// nothing: the variables may be there for another program.
func (l *loader) checkArchive(a Archive, program section) {
	if program.has("archive.dir") && program.has("archive.url") {
		l.report(fault{program.at("archive.url"), "is given beside " + lastWord(program.at("archive.dir")) + "; keep one of the two", ""})
	}
	if a.URL == "" {
		return
	}
	if host, plain := plainToOthers(a.Endpoint); plain {
		l.report(fault{program.at("archive.endpoint"), "is plain http to " + show(host), "https, or http to this machine (localhost, 127.0.0.1, ::1)"})
	}
	if key, secret := program.has("archive.access_key"), program.has("archive.secret_key"); key != secret {
		l.report(fault{program.at("archive.access_key"), "and archive.secret_key go together; give both or neither", ""})
	}
}

// checkSources checks what one source says about another.
func (l *loader) checkSources(all []Source, secs []section) {
	first := make(map[string]int)
	var iotx []string
	for i, s := range all {
		if s.Name == "" {
			continue
		}
		if at, twice := first[s.Name]; twice {
			l.report(fault{secs[i].at("name"), "is " + show(s.Name) + ", and so is " + lastWord(secs[at].at("name")), "each once"})
			continue
		}
		first[s.Name] = i
		if s.API == IoTXv4 {
			iotx = append(iotx, s.Name)
		}
	}
	for i, s := range all {
		for _, name := range s.Profiles.EIDsFrom {
			if !slices.Contains(iotx, name) {
				l.report(fault{secs[i].at("profiles.eids_from"), fmt.Sprintf("names %s", show(name)), "sources of api " + string(IoTXv4)})
			}
		}
	}
}
