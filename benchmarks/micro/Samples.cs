using Etl.Benchmarks.Generator;
using Etl.Domain;
using Etl.Domain.Countries;
using Etl.Domain.Map;
using Etl.Domain.Reduce;

namespace Etl.Benchmarks.Micro;

/// <summary>What the benchmarks work on: as the workload of files has it, and the same in every run.</summary>
internal static class Samples
{
    private const int FirstYear = 2000, Years = 26;

    private static readonly string RegionsFile = Path.Combine(AppContext.BaseDirectory, "regions.csv");

    /// <summary>The regions that the workload is grouped by.</summary>
    public static RegionScheme Scheme { get; } =
        RegionScheme.ParseCsv("regions.csv", File.ReadAllText(RegionsFile), CountryDirectory.Default) is Parsed<RegionScheme>.Ok ok
            ? ok.Value
            : throw new InvalidDataException("regions.csv is refused");

    /// <summary>How a mapper reads the workload.</summary>
    public static MapPlan Plan { get; } =
        new(Unit.Million, 0, "gdp_usd_million", DuplicateRule.Sum, CountryDirectory.Default, Scheme);

    /// <summary>A region's part of a batch: so many keys in the order of year and country, each with a few contributions.</summary>
    public static PartialAggregate Partial(int entries, int seed)
    {
        var random = new Random(seed);
        var countries = CountryDirectory.Default.Countries.Take((entries + Years - 1) / Years).ToArray();
        return PartialAggregate.Of(Enumerable.Range(0, entries).Select(i =>
        {
            var key = new AggregateKey(FirstYear + (i % Years), countries[i / Years].Code);
            var rows = random.Next(50, 90);
            return new AggregateEntry(key, Aggregate.OfContribution(Thousandths(random.NextInt64(rows * 100_000_000L))) with { Rows = rows });
        }));
    }

    /// <summary>The first whole rows of the workload within so many bytes, then padding. The header is not there.</summary>
    public static byte[] Rows(int bytes, int padding)
    {
        var workload = Workload.Default(long.MaxValue / 2, 1, RegionTable.Read(RegionsFile));
        var rows = new byte[bytes + (Workload.RowsPerBlock * BlockWriter.LongestRow)];
        var length = 0;
        for (var block = 0; length < bytes; block++)
        {
            var writer = new BlockWriter(rows.AsSpan(length), workload, block);
            writer.Write(Workload.RowsPerBlock);
            length += writer.Length;
        }

        length = rows.AsSpan(0, bytes).LastIndexOf((byte)'\n') + 1;
        Array.Resize(ref rows, length + padding);
        Array.Clear(rows, length, padding);
        return rows;
    }

    private static Money Thousandths(long thousandths) => new((Int128)thousandths * 1_000_000_000_000_000);
}
