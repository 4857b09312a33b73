using System.Globalization;
using Etl.Domain.Load;
using Etl.Domain.Map;

namespace Etl.Actors.Load.Sinks.Html;

/// <summary>How values are said on the page.</summary>
internal static class Say
{
    private const int MaxLabel = 30;

    /// <summary>A name of others in running text: what steers the direction of writing ends with it.</summary>
    public static Markup Name(string name) => Markup.Of($"<bdi>{name}</bdi>");

    /// <summary>Billions with two decimals.</summary>
    public static string Billions(Money amount) => amount.ToRoundedBillionText();

    /// <summary>A number, or nothing.</summary>
    public static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    /// <summary>A decimal without what says nothing.</summary>
    public static string Plain(decimal number) => number.ToString("0.#########", CultureInfo.InvariantCulture);

    /// <summary>"1 country", "2 countries".</summary>
    public static string Count(long count, string one, string many) => $"{Number(count)} {(count == 1 ? one : many)}";

    /// <summary>"2025", "2024 to 2025", or nothing.</summary>
    public static string Years(int? from, int? to) => from == to ? Number(from) : $"{Number(from)} to {Number(to)}";

    /// <summary>A name where there is little room, cut between characters as people see them.</summary>
    public static string Label(string name)
    {
        var parts = StringInfo.ParseCombiningCharacters(name);
        return parts.Length <= MaxLabel ? name : name[..parts[MaxLabel - 1]] + "…";
    }

    /// <summary>A length of a bar as a share of the longest: seen when there is something, and nothing for what is not above 0.</summary>
    public static string Share(decimal value, decimal longest) => value <= 0 || longest <= 0
        ? "0" : Math.Max(0.3m, Math.Round(100m * value / longest, 2)).ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Billions as a number to draw.</summary>
    public static decimal Drawn(Money amount) => (decimal)amount.RoundedHundredths / 100m;

    /// <summary>A region's average as a number to draw.</summary>
    public static decimal Average(RegionRow region) => decimal.Parse(region.Average, CultureInfo.InvariantCulture);
}
