using System.Globalization;
using Etl.Actors.Load.Sinks;
using Etl.Domain;
using Etl.Domain.Countries;
using Etl.Domain.Jobs;
using Etl.Domain.Load;
using Etl.Domain.Map;

namespace Etl.Actors.Tests.Sinks;

/// <summary>A temporary directory of one test.</summary>
public sealed class TempDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("etl-sinks-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string[] Names() => [.. Directory.EnumerateFileSystemEntries(Path).Select(p => System.IO.Path.GetFileName(p)).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>A clock that stands still, in a zone of its own.</summary>
public sealed class StoppedClock(DateTimeOffset now) : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(2), null, null);

    public override DateTimeOffset GetUtcNow() => now.ToUniversalTime();
}

/// <summary>Small reports built by hand.</summary>
internal static class Samples
{
    public const string ContentHash = "ab12";

    public static CountryCode Code(string text)
    {
        Assert.True(CountryCode.TryParse(text, out var code));
        return code;
    }

    /// <summary>An amount in millions, as a source writes it.</summary>
    public static Money Millions(decimal millions) => new((Int128)(millions * 1_000_000m) * 1_000_000_000_000);

    public static CountryRow Row(string country, string code, string? region, int? year, decimal millions, int rank) =>
        new(country, Code(code), region, year, Millions(millions), rank);

    public static Report Report(
        IReadOnlyList<CountryRow> countries, YearRule? year = null, int top = 2, IEnumerable<Rejection>? rejections = null, string label = "page.html")
    {
        var perYear = year is YearRule.All;
        var regions = countries.Where(c => c.Region is not null)
            .GroupBy(c => (Year: perYear ? c.Year : null, Region: c.Region!))
            .OrderBy(g => g.Key.Year ?? 0).ThenBy(g => g.Key.Region, StringComparer.Ordinal)
            .Select(g => Region(g.Key.Region, g.Key.Year, top, g)).ToEquatableArray();
        var rejected = (rejections ?? []).ToEquatableArray();
        return new(
            new JobSpec(
                "wikipedia", [new StoredInput(label, ContentHash, 1234)],
                AnswerOptions.Default with { Top = top, Year = year ?? new YearRule.Auto() }, "d1", 64, "0.1.0"),
            [new SourceChoice("List of countries", "GDP by country", "IMF (2025)", Unit.Million, 2025, "2024 to 2025", new DateOnly(2025, 12, 30), [])],
            countries.ToEquatableArray(), regions,
            new CountEquation(countries.Count + rejected.Count + 3, countries.Count, 0, 2, 1, rejected.Count, countries.Count, 1),
            ["CUB", "PRK"], ["XKX"], rejected, ["the sum is 3 % above \"World\""]);
    }

    public static RunFacts Facts(int run = 1) => new(
        new JobId(Guid.Parse("00000000000000000000000000000001")), new RunId(new Guid(run, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0])), "0.1.0", 4, 3,
        [new Restart("/user/etl/mappers/$a", "InvalidOperationException: boom", "Restart", new BatchId(0, 2), 17, 1, At("2025-12-30T10:00:01.5+02:00"))],
        1, 2, 2, At("2025-12-30T10:00:00+02:00"), At("2025-12-30T10:00:01+02:00"), At("2025-12-30T10:00:03.25+02:00"), 2.25, 1234,
        [new("etl.map.pool", "2"), new("etl.map.pool", "3"), new("secret", "***")])
    {
        Condemned = [new(new(0, 2), [17], "InvalidOperationException", "boom", At("2025-12-30T10:00:01.5+02:00"))],
        CondemnedTotal = 1,
    };

    public static IReadOnlyList<CountryRow> World { get; } =
    [
        Row("United States", "USA", "North America", 2025, 30_337_162m, 1),
        Row("Türkiye", "TUR", "Asia", 2025, 550_905m, 2),
        Row("Canada", "CAN", "North America", 2024, 100_000m, 3),
        Row("서울", "KOR", "Asia", null, 100_000m, 3),
        Row("Côte d'Ivoire", "CIV", "Africa", 2025, 99_995.000001m, 5),
        Row("Mexico", "MEX", "North America", 2025, 99_994m, 6),
        Row("The \"Other\" </script> & co", "XKX", null, 2025, 6_946.5m, 7),
    ];

    public static SinkInput Input(Report report, TempDirectory directory, int run = 1) => new(report, Facts(run), directory.Path);

    public static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static RegionRow Region(string region, int? year, int top, IEnumerable<CountryRow> ranked)
    {
        var members = ranked.OrderByDescending(r => r.Gdp).ThenBy(r => r.Code).Take(top).ToEquatableArray();
        var sum = members.Aggregate(default(Money), (total, member) => total + member.Gdp);
        // Not by Money: a test's expectation has a way of its own.
        var average = Math.Round((decimal)sum.Pico / 1_000_000_000_000_000_000_000m / members.Count, 2, MidpointRounding.ToEven);
        return new(
            region, members.Items.Min(m => m.Year), members.Items.Max(m => m.Year), top, average.ToString("0.00", CultureInfo.InvariantCulture), sum,
            year, members);
    }
}
