-- Which offers expire in the next 30 days, and on which SIMs?
--
-- expires_on      the day on which the offer expires
-- days_left       days until then, by today in UTC
-- offer           its name; null where the provider gave none
-- source          the source's name
-- iccid           the SIM
-- alias           the SIM's name at floLIVE; null where it has none
-- customer_name   the customer; null where none was told
-- status          the SIM's status
-- renews_on       the next renewal; null where there is none
-- fetched_at      when the SIM's details were read: the offer is as of then
-- offer_id        as in floLIVE's product catalogue
-- subscriber_key  our key
--
-- Watch out: floLIVE only, and only SIMs whose details were read (details_coverage.sql): an offer
-- renewed since is told of when they are read again.
WITH given AS (SELECT 30 AS days)
SELECT o.expires_on, o.expires_on - (now() AT TIME ZONE 'UTC')::date AS days_left, o.name AS offer, s.source, s.iccid, d.alias, c.name AS customer_name,
    s.status, o.renews_on, d.fetched_at, o.offer_id, s.subscriber_key
FROM given g
JOIN fleet.subscriber_offer o
    ON o.expires_on >= (now() AT TIME ZONE 'UTC')::date AND o.expires_on <= (now() AT TIME ZONE 'UTC')::date + g.days
JOIN fleet.subscriber s ON s.subscriber_key = o.subscriber_key AND s.removed_at IS NULL
LEFT JOIN fleet.subscriber_detail d ON d.subscriber_key = o.subscriber_key
LEFT JOIN fleet.customer c ON c.source = s.source AND c.customer_id = s.customer_id
ORDER BY o.expires_on, o.name, s.source, s.iccid, s.subscriber_key, o.ordinal;
