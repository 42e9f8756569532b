-- On which networks and by which technology were the SIMs last?
--
-- source            the source's name
-- mcc               mobile country code; null where not told
-- mnc               mobile network code; null where not told
-- rat               radio access technology, as the provider names it; null where not told
-- sims              live SIMs last connected so
-- in_data_session   those of them in a data session when their details were read
-- oldest            when the oldest of these details were read
--
-- Watch out: floLIVE only, and only SIMs whose details were read (details_coverage.sql). A network is
-- mcc and mnc together: leading zeros count, 01 and 001 are different ones.
SELECT s.source, d.mcc, d.mnc, coalesce(d.last_rat_type_label, d.last_rat_type) AS rat, count(*) AS sims,
    count(*) FILTER (WHERE d.is_in_data_session) AS in_data_session, min(d.fetched_at) AS oldest
FROM fleet.subscriber_detail d
JOIN fleet.subscriber s ON s.subscriber_key = d.subscriber_key AND s.removed_at IS NULL
GROUP BY s.source, d.mcc, d.mnc, rat
ORDER BY sims DESC, s.source, d.mcc, d.mnc, rat;
