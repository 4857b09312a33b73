-- What a user of DuckDB would write who knows the types: no detection, exact decimals, errors counted as rejected.
-- $file and $regions are replaced by quoted literals, because table functions take no parameters here.
WITH sums AS (
    SELECT country, year, sum(gdp) AS total, count(gdp) AS good, count(*) AS rows
    FROM read_csv($file, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', new_line = '\n', nullstr = ['', 'n/a'],
                  columns = {'country': 'VARCHAR', 'year': 'SMALLINT', 'gdp': 'DECIMAL(9,3)'})
    GROUP BY country, year
),
placed AS (
    SELECT sums.*, regions.region
    FROM sums LEFT JOIN read_csv($regions, header = true, columns = {'country': 'VARCHAR', 'region': 'VARCHAR'}) AS regions USING (country)
),
rejected AS (
    SELECT CAST(sum(rows - CASE WHEN region IS NULL THEN 0 ELSE good END) AS BIGINT) AS rejected FROM placed
),
ranked AS (
    SELECT CAST(year AS INTEGER) AS year, region, country, CAST(total * 1000 AS BIGINT) AS thousandths,
           row_number() OVER (PARTITION BY year, region ORDER BY total DESC, country) AS place
    FROM placed WHERE region IS NOT NULL AND good > 0
)
SELECT year, region, country, thousandths, rejected
FROM rejected LEFT JOIN ranked ON place <= 5
ORDER BY year, region, place;
