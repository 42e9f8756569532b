// Package simulator is both providers, made up but faithful: floLIVE API v2 and IoT-X API 4.0 as HTTP handlers over a fleet
// of SIM cards that lives through nights, with every fault that the two are known or feared to have.
//
// A fleet costs no memory for its records: the state of every subscriber is a pure function of the seed, its index and the
// night, rendered when it is asked for. What is kept is an index of the live ones, 4 bytes a subscriber and night. Tests that
// want to edit records themselves give an explicit fleet instead ([Simulator.SetFloLIVE], [Simulator.SetIoTX]).
// What a perfect sync must find is told by [Simulator.FloLIVETruth], [Simulator.IoTXTruth], [Simulator.FloLIVEDetailTruth] and
// [Simulator.ProfileTruth], in the wire's own words.
//
// Moves and nicknames are carried out and stay, a move only when it is settled: after Options.MoveDelay, by the next night, or by
// [Simulator.SettleMoves].
//
// Faults are named, injected for some requests and then strike exactly those ([Simulator.Inject]). Where the providers' pages
// are silent, what is answered here is the least helpful thing that the pages allow.
//
// It serves tests, the demo and benchmarks only. It refuses to know this program: it is written from the providers' pages
// alone, with wire types of its own, and imports no room of the program, so that a misreading there is not mirrored here.
package simulator
