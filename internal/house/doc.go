// Package house holds the rules of the house as tests: who may import whom, what
// has to be documented, how long a file may be. It has no code of its own.
//
// A rule reads source files and reports findings, each with its place and the
// reason of the rule. testdata holds small trees that break the rules, a file a
// rule with the findings it must give: so a rule that has gone blind fails as well.
//
// It refuses to know what the program does. Faults in what code does are for the
// linters (.golangci.yml) and for the packages' own tests.
package house
