-- The versions of `view`'s entities: 1 to 4 an artwork, few of them without a time. One artwork in fifty is not in the
-- view at all; animated ones always are. `version_key` tells versions apart, the newest has the greatest.
WITH versions AS (
    SELECT
        *,
        unnest(range(1 + floor(4 * pow(chance(rank, getvariable('view') || ' versions'), 2))::BIGINT)) AS version,
        rank * 4 + version AS version_key
    FROM artworks
    WHERE is_animated OR chance(rank, getvariable('view') || ' missing') >= 0.02
)

SELECT
    *,
    CASE WHEN version > 0 OR chance(version_key, getvariable('view') || ' undated') >= 0.01 THEN
        created_at + to_microseconds(floor((epoch_us(getvariable('end')) - epoch_us(created_at)) / 4
            * (version + chance(version_key, getvariable('view') || ' updated')))::BIGINT)
    END AS updated_at
FROM versions
