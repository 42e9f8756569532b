package main

import "embed"

// completionScripts have the shells ask completeCommand.
//
//go:embed completion
var completionScripts embed.FS

type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

func (completionCommand) examples() [][2]string {
	return [][2]string{
		{"simsync completion bash", "To be read by ~/.bashrc: source <(simsync completion bash)."},
		{"simsync completion zsh", "To be read by ~/.zshrc after compinit: source <(simsync completion zsh)."},
		{"simsync completion fish", "To be kept as ~/.config/fish/completions/simsync.fish."},
	}
}

// Run prints the script.
func (c *completionCommand) Run(e *environment) error {
	script, err := completionScripts.ReadFile("completion/" + c.Shell)
	if err != nil {
		panic(err) // the parser knows a shell that has no script
	}
	_, err = e.stdout.Write(script)
	return err
}
