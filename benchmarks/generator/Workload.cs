namespace Etl.Benchmarks.Generator;

/// <summary>What a file consists of: everything that its bytes depend on.</summary>
internal sealed record Workload(long Rows, ulong Seed, byte[][] Countries, int FirstYear, int Years)
{
    /// <summary>Each has a stream of random numbers of its own.</summary>
    public const int RowsPerBlock = 65_536;

    private const int DefaultYears = 26, DefaultFirstYear = 2000, EarliestYear = 1900, LatestYear = 2100;

    public long Blocks => (Rows + RowsPerBlock - 1) / RowsPerBlock;

    public int RowsOf(long block) => (int)Math.Min(RowsPerBlock, Rows - (block * RowsPerBlock));

    /// <summary>All countries, 2000 to 2025.</summary>
    public static Workload Default(long rows, ulong seed, RegionRow[] table) =>
        new(rows, seed, [.. table.Select(static row => row.Written)], DefaultFirstYear, DefaultYears);

    /// <summary>
    /// So many pairs of a country and a year: as many countries as divide the number, spread over the table so that all regions have
    /// some, and the rest years. Null when no product of countries and years gives the number.
    /// </summary>
    public static Workload? OfKeys(long rows, ulong seed, RegionRow[] table, int keys)
    {
        for (var countries = Math.Min(table.Length, keys); countries > 0; countries--)
        {
            var years = keys / countries;
            if (years > LatestYear - EarliestYear + 1) return null;
            if (years * countries != keys) continue;
            var chosen = Enumerable.Range(0, countries).Select(i => table[(int)((long)i * table.Length / countries)].Written);
            return new(rows, seed, [.. chosen], Math.Min(DefaultFirstYear, LatestYear - years + 1), years);
        }

        return null;
    }
}
