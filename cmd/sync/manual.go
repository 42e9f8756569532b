package main

import (
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"simsync/internal/run"
)

type manCommand struct{}

func (manCommand) examples() [][2]string {
	return [][2]string{{"simsync man", "The page in the language of man(1): simsync man > simsync.1, then man ./simsync.1."}}
}

// Run prints the manual page. It says what --help says, of all commands at once.
func (manCommand) Run(e *environment, app *kong.Kong) error {
	var p manual
	p.head(app.Model)
	p.section("FLAGS")
	p.flags(app.Model.Flags)
	p.section("COMMANDS")
	for _, command := range app.Model.Leaves(true) {
		p.command(command)
	}
	p.section("ENVIRONMENT")
	for _, variable := range variables {
		p.term(`\fB`+escaped(variable[0])+`\fR`, variable[1])
	}
	p.paragraph(secretFiles)
	p.section("EXIT STATUS")
	for _, exit := range run.ExitsByCode() {
		p.term(`\fB`+strconv.Itoa(exit.Code)+`\fR`, exit.Meaning)
	}
	p.paragraph("Where several apply, the first of " + exitOrder() + " counts. The same command may succeed when it is run again after " + strings.Join(retryCodes(), ", ") + ".")
	_, err := io.WriteString(e.stdout, p.String())
	return err
}

// exitOrder are the codes that are no success, the one that counts most first.
func exitOrder() string {
	var codes []string
	for _, exit := range run.Exits {
		if exit.Code != 0 {
			codes = append(codes, strconv.Itoa(exit.Code))
		}
	}
	return strings.Join(codes, ", ")
}

// manual is a page in the making, in the macros of man(7).
type manual struct{ strings.Builder }

func (p *manual) head(app *kong.Application) {
	fmt.Fprintf(&p.Builder, ".TH %s 1 \"\" \"%s %s\" \"User Commands\"\n", strings.ToUpper(app.Name), app.Name, escaped(version))
	p.section("NAME")
	fmt.Fprintf(&p.Builder, "%s \\- %s\n", app.Name, escaped(lowered(app.Help)))
	p.section("SYNOPSIS")
	fmt.Fprintf(&p.Builder, ".B %s\n.I COMMAND\n.RI [ FLAGS ]\n", app.Name)
	p.section("DESCRIPTION")
	p.WriteString(escaped("Reads every subscriber from floLIVE (API v2) and IoT-X (API 4.0), and leaves the tables in PostgreSQL as the providers are, with a ledger that proves it. "+
		"Results go to stdout, logs to stderr. No secret is ever an argument: settings come from the environment or from a file.") + "\n")
}

// lowered is a sentence as part of another.
func lowered(sentence string) string {
	sentence = strings.TrimSuffix(sentence, ".")
	return strings.ToLower(sentence[:1]) + sentence[1:]
}

func (p *manual) section(name string) { p.WriteString(".SH " + name + "\n") }

func (p *manual) paragraph(text string) { p.WriteString(".PP\n" + escaped(text) + "\n") }

// term is a name, with its roff, and what there is to say of it.
func (p *manual) term(name, text string) { p.WriteString(".TP\n" + name + "\n" + escaped(text) + "\n") }

func (p *manual) flags(flags []*kong.Flag) {
	for _, flag := range flags {
		if flag.Hidden {
			continue
		}
		name, value, hasValue := strings.Cut(flag.Summary(), "=")
		name = `\fB` + escaped(name) + `\fR`
		if flag.Short != 0 {
			name = `\fB\-` + string(flag.Short) + `\fR, ` + name
		}
		if hasValue {
			name += `=\fI` + escaped(value) + `\fR`
		}
		text := flag.Help
		if len(flag.Envs) > 0 {
			text += " Variable: " + strings.Join(flag.Envs, ", ") + "."
		}
		p.term(name, text)
	}
}

func (p *manual) command(command *kong.Node) {
	fmt.Fprintf(&p.Builder, ".SS %s\n%s\n", escaped(strings.TrimSuffix(command.FullPath(), " [flags]")+argumentsOf(command)), escaped(command.Help))
	if command.Detail != "" {
		p.paragraph(command.Detail)
	}
	for _, argument := range command.Positional {
		p.term(`\fI`+escaped(argument.Name)+`\fR`, argument.Help)
	}
	p.flags(command.Flags)
	shown, ok := reflect.TypeAssert[examples](command.Target)
	if !ok {
		return
	}
	for _, example := range shown.examples() {
		p.paragraph(example[1])
		p.WriteString(".RS 4\n.EX\n" + escaped(example[0]) + "\n.EE\n.RE\n")
	}
}

func argumentsOf(command *kong.Node) string {
	var all strings.Builder
	for _, argument := range command.Positional {
		all.WriteString(" " + argument.Summary())
	}
	return all.String()
}

// escaped is text that roff takes for text: no macro at its beginning, and hyphens that
// can be searched for and copied.
func escaped(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`).Replace(text)
	if strings.HasPrefix(text, ".") {
		return `\&` + text
	}
	return text
}
