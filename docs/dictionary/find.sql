-- Whose a phone number is or was, typed as people write it.
SELECT s.source, s.iccid, s.nickname, f.found_as, f.held_until
FROM fleet.find('+44 7700 900004') f
JOIN fleet.subscriber s USING (subscriber_key)
ORDER BY f.held_until DESC NULLS FIRST;
