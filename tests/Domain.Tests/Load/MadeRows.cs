using System.Globalization;
using Etl.Domain.Countries;
using Etl.Domain.Extract;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Load;

/// <summary>A row together with what it means, which is known because it was made so, not read.</summary>
/// <param name="Country">Null: an aggregate, or a name that nobody knows.</param>
/// <param name="Thousandths">The value in thousandths of the unit; null when it is missing or malformed.</param>
/// <param name="Reason">Why it is quarantined, null when it is not.</param>
/// <param name="Year">The year it is for, 0 when unknown.</param>
internal sealed record MadeRow(
    RawRow Raw, Country? Country, string? Aggregate, long? Thousandths, bool Rounded, string? Reason, int Year, string? Note);

/// <summary>Random rows over the real directory: names, aliases, aggregates, unknown names, missing marks, malformed numbers.</summary>
internal sealed class MadeRows
{
    private static readonly Country[] All = [.. CountryDirectory.Default.Countries];

    private static readonly ILookup<CountryCode, string> Aliases = CountryDirectory.Default.Names
        .Where(name => CountryDirectory.Default.Resolve(name) is NameMatch.Known)
        .ToLookup(name => ((NameMatch.Known)CountryDirectory.Default.Resolve(name)).Country.Code);

    private static readonly string[] Aggregates = ["World", "World", "Upper middle income", "Small states"];
    private static readonly string[] Strangers = ["Atlantis", "Narnia (lost)", "Frnace", "?"];
    private static readonly string[] MissingMarks = ["", "—", "N/A", "..", "no data", "–[3]"];

    private static readonly (string Text, string Reason)[] Malformed =
    [
        ("12,34", NumberReasons.Grouping), ("1.2.3", NumberReasons.DecimalPoints), ("abc", NumberReasons.NotANumber),
        ("-5", NumberReasons.Negative), ("1e99", NumberReasons.Exponent), ("9e30", NumberReasons.Absurd),
    ];

    private readonly Random random;
    private readonly Unit unit;
    private readonly int headerYear;
    private readonly int duplicates;
    private readonly Country[] pool;
    private readonly HashSet<(CountryCode, int)> seen = [];
    private readonly int salt;

    /// <param name="duplicates">0: none, 1: identical, 2: any.</param>
    public MadeRows(Random random, Unit unit, int headerYear, int duplicates)
    {
        (this.random, this.unit, this.headerYear, this.duplicates) = (random, unit, headerYear, duplicates);
        pool = random.GetItems(All, random.Next(1, 25));
        salt = random.Next();
    }

    public MadeRow[] Make(int count)
    {
        var inputs = random.Next(1, 3);
        return [.. Enumerable.Range(0, count).Select(i => Row(i * inputs / count, i + 1))];
    }

    private MadeRow Row(int input, int number)
    {
        var (yearText, year) = random.Next(8) switch
        {
            0 => ("", headerYear),
            1 => ("n.d.", headerYear),
            2 => ("2024[n 2]", 2024),
            3 => (" 2023 ", 2023),
            var n => (n % 2 == 0 ? ("2024", 2024) : ("2025", 2025)),
        };
        RawRow Raw(string name, string value) => new(input, number, random.Next(2) == 0 ? null : number + 9, null, name, value, yearText);
        switch (random.Next(12))
        {
            case 0:
                var stranger = Pick(Strangers);
                return new(Raw(stranger, "1"), null, null, null, false, "unknown country", year, null);
            case 1:
                var aggregate = Pick(Aggregates);
                var total = random.Next(4) == 0 ? (long?)null : random.NextInt64(900_000_000);
                return new(Raw(aggregate, total is { } t ? Text(t) : Pick(MissingMarks)), null, aggregate, total, false, null, year, null);
        }

        var country = Pick(pool);
        var name = NameOf(country);
        switch (random.Next(12))
        {
            case 0:
                return new(Raw(name, Pick(MissingMarks)), country, null, null, false, null, year, null);
            case 1:
                return new(Raw(name, "77,460/Na"), country, null, null, false, null, year, $"{country.Name}: not a number, taken as missing: 77,460/Na");
            case 2:
                var (bad, reason) = Pick(Malformed);
                return new(Raw(name, bad), country, null, null, false, reason, year, null);
        }

        var own = random.Next(10) == 0 ? (int?)2022 : null;
        if (duplicates == 0 && !seen.Add((country.Code, own ?? year)))
            return new(Raw(name, ".."), country, null, null, false, null, year, null);
        var thousandths = duplicates == 1 ? Fixed(country.Code, own ?? year) : random.Next(3) == 0 ? random.Next(4) * 99_995L : random.NextInt64(900_000_000);
        var finer = own is null && random.Next(15) == 0;
        var value = own is { } o ? $"{Text(thousandths)} ({o})" : finer ? Finer(thousandths) : Text(thousandths);
        return new(Raw(name, value), country, null, thousandths, finer, null, own ?? year, own is null ? null : $"{country.Name}: the value carries its own year {own}: {value}");
    }

    private string NameOf(Country country) => random.Next(5) switch
    {
        0 => country.Name.ToUpperInvariant(),
        1 => $"  {country.Name}[n 1] ",
        2 => Aliases[country.Code].ElementAt(random.Next(Aliases[country.Code].Count())),
        _ => country.Name,
    };

    private string Text(long thousandths)
    {
        var number = (thousandths / 1000m).ToString(random.Next(2) == 0 ? "#,##0.###" : "0.000", CultureInfo.InvariantCulture);
        return random.Next(4) switch { 0 => "$" + number, 1 => number + "[12]", _ => number };
    }

    /// <summary>A digit 4 just below what is kept.</summary>
    private string Finer(long thousandths) =>
        (thousandths / 1000m).ToString("0.000", CultureInfo.InvariantCulture) + new string('0', 12 + (3 * ((int)unit - 1)) - 3) + "4";

    private long Fixed(CountryCode code, int year) => new Random(salt ^ (code.Packed * 31) ^ year).NextInt64(900_000_000);

    private T Pick<T>(T[] items) => items[random.Next(items.Length)];
}
