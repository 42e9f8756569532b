package report

import (
	"cmp"
	"fmt"

	"simsync/internal/load"
)

// statuses are the series of every chart by status, the same colour and pattern in
// each.
var statuses = []series{
	{"Active", "blue"},
	{"Suspended", "amber"},
	{"Inactive", "slate"},
	{"Terminated", "plum"},
	{"Unknown", "mist"},
}

func byStatus(c load.StatusCounts) []amount {
	counts := []int64{c.Active, c.Suspended, c.Inactive, c.Terminated, c.Unknown}
	var all []amount
	for i, s := range statuses {
		all = append(all, amount{s.Class, counts[i]})
	}
	return all
}

// fleetSection is who the live subscribers are.
func fleetSection(f load.Figures) section {
	s := section{ID: "fleet", Title: "Fleet"}
	all := totalOf(f)
	if all.Total() == 0 {
		s.Intro = "No live subscriber is loaded."
		return s
	}
	s.Intro = fmt.Sprintf("%s, by source and status, and by whom they belong to.", countOf(all.Total(), "live subscriber", "live subscribers"))
	s.Figures = append(s.Figures, sourcesFigure(f, all))
	if len(f.Customers) > 0 {
		s.Figures = append(s.Figures, groupsFigure("customers", "Customers", "customer", f.Customers))
	}
	if len(f.Operators) > 0 {
		operators := groupsFigure("operators", "Operators", "operator", f.Operators)
		operators.Note = ofContracts(f.Operators, all)
		s.Figures = append(s.Figures, operators)
	}
	if len(f.Tariffs) > 0 {
		tariffs := groupsFigure("tariffs", "Tariffs", "tariff", f.Tariffs)
		tariffs.Note = ofContracts(f.Tariffs, all)
		s.Figures = append(s.Figures, tariffs)
	}
	if len(s.Figures) == 4 {
		s.Figures[1].Class = "tall" // beside it the other two
	}
	return s
}

// ofContracts says of how many subscribers a chart tells that leaves some out.
func ofContracts(groups []load.GroupFigures, all load.StatusCounts) string {
	var sum load.StatusCounts
	for _, g := range groups {
		sum = sum.Plus(g.StatusCounts)
	}
	if sum.Total() == all.Total() {
		return ""
	}
	return fmt.Sprintf("Of the %s with a contract: floLIVE tells none.", countOf(sum.Total(), "subscriber", "subscribers"))
}

func totalOf(f load.Figures) load.StatusCounts {
	var sum load.StatusCounts
	for _, s := range f.Sources {
		sum = sum.Plus(s.StatusCounts)
	}
	return sum
}

func sourcesFigure(f load.Figures, all load.StatusCounts) figure {
	fig := figure{ID: "sources", Title: "Sources and status", Class: "across", Legend: statuses}
	var greatest int64
	for _, s := range f.Sources {
		greatest = max(greatest, s.Total())
	}
	var rows [][]string
	for _, s := range f.Sources {
		fig.Rows = append(fig.Rows, barRow{Name: named(s.Source), Parts: barOf(greatest, byStatus(s.StatusCounts)), Value: number(new(s.Total()))})
		rows = append(rows, append([]string{named(s.Source)}, statusCells(s.StatusCounts, all.Total())...))
	}
	fig.Label = fmt.Sprintf("Bars of the subscribers of %s by status: %s active of %s in all.", countOf(int64(len(f.Sources)), "source", "sources"),
		number(&all.Active), number(new(all.Total())))
	columns := append([]sheetColumn{{"Source", "text"}}, statusColumns...)
	fig.Sheet = sheetOf("Live subscribers by source and status", columns, rows).summed(append([]string{"All"}, statusCells(all, all.Total())...))
	return fig
}

// statusColumns follow the name in every table by status.
var statusColumns = []sheetColumn{
	{"Subscribers", "num"},
	{"Share", "num"},
	{"Active", "num"},
	{"Suspended", "num"},
	{"Inactive", "num"},
	{"Terminated", "num"},
	{"Unknown", "num"},
}

func statusCells(c load.StatusCounts, whole int64) []string {
	cells := []string{number(new(c.Total())), share(c.Total(), whole)}
	for _, a := range byStatus(c) {
		cells = append(cells, number(&a.n))
	}
	return cells
}

// groupsFigure is the largest customers, operators or tariffs, under the legend of the
// chart before. The others have no bar: theirs may be longer than all, and says little.
func groupsFigure(id, title, one string, groups []load.GroupFigures) figure {
	fig := figure{ID: id, Title: title}
	var all load.StatusCounts
	var greatest int64
	for _, g := range groups {
		all = all.Plus(g.StatusCounts)
		if g.Source != "" {
			greatest = max(greatest, g.Total())
		}
	}
	var rows [][]string
	for _, g := range groups {
		name, from := groupName(g, one), named(g.Source)
		row := barRow{Name: name, From: from, Value: number(new(g.Total()))}
		if g.Source != "" {
			row.Parts = barOf(greatest, byStatus(g.StatusCounts))
		}
		fig.Rows = append(fig.Rows, row)
		rows = append(rows, append([]string{name, from}, statusCells(g.StatusCounts, all.Total())...))
	}
	fig.Label = fmt.Sprintf("Bars of subscribers by %s and status. The largest is %s with %s of %s.", one, fig.Rows[0].Name, fig.Rows[0].Value, number(new(all.Total())))
	columns := append([]sheetColumn{{Name: capital(one), Class: "text"}, {Name: "Source", Class: "text"}}, statusColumns...)
	fig.Sheet = sheetOf("Live subscribers by "+one+" and status", columns, rows).summed(append([]string{"All", ""}, statusCells(all, all.Total())...))
	return fig
}

// groupName names a group, or says that the provider does not.
func groupName(g load.GroupFigures, one string) string {
	if g.Source == "" {
		return "Others: " + countOf(g.Groups, one, one+"s")
	}
	var name, id string
	if g.Name != nil {
		name = named(*g.Name)
	}
	if g.ID != nil {
		id = named(*g.ID)
	}
	return cmp.Or(name, id, "No "+one+" told")
}
