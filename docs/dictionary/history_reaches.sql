-- Whether the fleet of an evening can still be told. Where it cannot, this is an error that says why.
SELECT fleet.history_reaches('2026-11-02 18:00Z') AS can_be_told;
