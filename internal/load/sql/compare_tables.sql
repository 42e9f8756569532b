-- Beside the stage: what differs between the versions in force and those to come.
CREATE TEMPORARY TABLE stage_difference (
    subscriber_key bigint NOT NULL,
    field          text COLLATE "C" NOT NULL,
    old            text,
    new            text
);
