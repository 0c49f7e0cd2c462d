-- The view artwork_generation: the model and its parameters. Every animated artwork is tagged SD_V1_MODEL, as upstream
-- does, and so are some that really are of that model.
SELECT
    artwork_id,
    updated_at,
    CASE WHEN chance(rank, 'model unknown') >= 0.03 THEN
        printf('m%03d', floor(300 * pow(chance(rank, 'model'), 3))::BIGINT)
    END AS model_id,
    CASE
        WHEN is_animated OR chance(rank, 'model type') < 0.05 THEN 'SD_V1_MODEL'
        WHEN chance(rank, 'model type') < 0.60 THEN 'SDXL_MODEL'
        WHEN chance(rank, 'model type') < 0.85 THEN 'FLUX_MODEL'
        WHEN chance(rank, 'model type') < 0.98 THEN 'SD_V3_MODEL'
    END AS model_type,
    [512, 768, 832, 1024, 1216][1 + floor(5 * chance(rank, 'width'))::BIGINT]::INTEGER AS width,
    [512, 768, 1024, 1216, 1536][1 + floor(5 * chance(rank, 'height'))::BIGINT]::INTEGER AS height,
    CASE WHEN chance(version_key, 'lightning unknown') >= 0.1 THEN chance(version_key, 'lightning') < 0.15 END
        AS lightning,
    (4 + floor(47 * chance(version_key, 'steps')))::INTEGER AS sampling_steps
FROM artwork_versions
ORDER BY updated_at NULLS FIRST, artwork_id
