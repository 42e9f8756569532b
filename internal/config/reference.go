package config

import (
	"fmt"
	"strings"
)

// Reference is every setting as Markdown: two tables, the program's settings and a source's, made from the tables that Load works by.
func Reference() string {
	var b strings.Builder
	fmt.Fprintf(&b, "## The program\n\n%s", table(programSettings, func(s setting[Config]) string {
		return s.env
	}))
	fmt.Fprintf(&b, "\n## A source\n\nEach is an item of the list `sources`. The variables describe sources only where there is no file.\n\n%s",
		table(sourceSettings, sourceVariables))
	return b.String()
}

// sourceVariables are a source setting's variables, one for each source that the environment can describe and that has the setting.
func sourceVariables(s setting[Source]) string {
	var all []string
	for _, source := range envSources {
		if s.env != "" && (s.api == "" || s.api == source.api) {
			all = append(all, source.prefix+s.env)
		}
	}
	return strings.Join(all, " ")
}

// table is a Markdown table of settings. Variables names those of a setting, with spaces between.
func table[T any](settings []setting[T], variables func(setting[T]) string) string {
	var b strings.Builder
	b.WriteString("| setting | variable | for | default | allowed | unit | why |\n|---|---|---|---|---|---|---|\n")
	for _, s := range settings {
		keys, vars := []string{s.key}, strings.Fields(variables(s))
		if s.secret {
			keys = append(keys, s.key+fileSuffix)
			for _, v := range vars {
				vars = append(vars, v+envFileSuffix)
			}
		}
		def := code(s.def)
		if s.required {
			def = "required"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n",
			code(keys...), code(vars...), code(string(s.api)), def, s.kind.allowed, s.unit, s.why)
	}
	return b.String()
}

// code sets words in Markdown's type for code; empty ones vanish.
func code(words ...string) string {
	var all []string
	for _, w := range words {
		if w != "" {
			all = append(all, "`"+w+"`")
		}
	}
	return strings.Join(all, ", ")
}
