using System.Globalization;
using System.Text;
using Etl.Domain;
using Etl.Domain.Countries;
using Etl.Domain.Map;
using Etl.Domain.Reduce;

namespace Etl.Benchmarks.Micro;

/// <summary>What the benchmarks work on: as the workload of files has it, and the same in every run.</summary>
internal static class Samples
{
    private const int FirstYear = 2000, Years = 26;

    private static readonly string Csv = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "regions.csv"));

    /// <summary>The regions that the workload is grouped by.</summary>
    public static RegionScheme Scheme { get; } =
        RegionScheme.ParseCsv("regions.csv", Csv, CountryDirectory.Default) is Parsed<RegionScheme>.Ok ok
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

    /// <summary>Rows of the workload without its malformed ones, from the first byte of the first row on.</summary>
    public static byte[] Rows(int bytes, int padding)
    {
        var random = new Random(1);
        var names = Csv.Split('\n').Skip(1).Where(static line => line.Length > 0).Select(static line => line[..line.LastIndexOf(',')]).ToArray();
        var text = new MemoryStream(bytes + 100);
        while (text.Length < bytes)
        {
            var value = random.Next((int)Math.Pow(10, random.Next(1, 6))) + (decimal)random.Next(1000) / 1000;
            var row = string.Create(
                CultureInfo.InvariantCulture, $"{names[random.Next(names.Length)]},{FirstYear + random.Next(Years)},{value:0.###}\n");
            text.Write(Encoding.UTF8.GetBytes(row));
        }

        text.Write(new byte[padding]);
        return text.ToArray();
    }

    private static Money Thousandths(long thousandths) => new((Int128)thousandths * 1_000_000_000_000_000);
}
