-- What lists hold of an artwork, in the order of the artworks' numbers.
SELECT {{values}}
FROM enrich_spine_for_rolling
ORDER BY __item
