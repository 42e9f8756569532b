-- $1 walk. One statement over all of the stage that belongs to a walk.
WITH subscriber AS (
    DELETE FROM stage_subscriber WHERE walk = $1
), imsi AS (
    DELETE FROM stage_imsi WHERE walk = $1
), contract AS (
    DELETE FROM stage_contract WHERE walk = $1
), observation AS (
    DELETE FROM stage_observation WHERE walk = $1
)
DELETE FROM stage_reject
WHERE walk = $1
