// Package bench measures the main job: the program as its users run it, as a
// process of its own, against simulated providers and a durable PostgreSQL; beside
// it, in the same run, psql's \copy of the same rows into the same tables, and the
// program as it was a commit ago.
//
// Seconds on a shared machine mean little; ratios within one run do. It holds
// nothing but benchmarks: "make bench" runs them and prints the ratios.
package bench
