using System.Globalization;
using Etl.Domain.Extract;
using Etl.Domain.Load;
using Etl.Domain.Map;

namespace Etl.Host.Screen;

/// <summary>How values are said on the screen.</summary>
internal static class Wording
{
    /// <summary>Billions with two decimals, as they are stored and compared.</summary>
    public static string Billions(Money amount) => amount.ToRoundedBillionText();

    /// <summary>A count, culture-free.</summary>
    public static string Number(long count) => count.ToString(CultureInfo.InvariantCulture);

    /// <summary>"1 country", "2 countries".</summary>
    public static string Count(long count, string one, string many) => $"{Number(count)} {(count == 1 ? one : many)}";

    /// <summary>A date as ISO 8601 writes it.</summary>
    public static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A name of others, made harmless.</summary>
    public static string Name(string name) => Inert.Text(name);

    /// <summary>Who estimated.</summary>
    public static string Of(Publisher publisher) => publisher switch
    {
        Publisher.Imf => "IMF",
        Publisher.WorldBank => "World Bank",
        Publisher.UnitedNations => "United Nations",
        _ => throw new System.Diagnostics.UnreachableException(publisher.ToString()),
    };

    /// <summary>What a source's numbers count.</summary>
    public static string Of(Unit unit) => unit switch
    {
        Unit.Usd => "US$",
        Unit.Thousand => "US$ thousand",
        Unit.Million => "US$ million",
        Unit.Billion => "US$ billion",
        _ => throw new System.Diagnostics.UnreachableException(unit.ToString()),
    };

    /// <summary>A source's name as people write it.</summary>
    public static string Source(string source) => source switch
    {
        "wikipedia" => "Wikipedia",
        "csv" => "CSV",
        "ndjson" => "JSON lines",
        _ => Name(source),
    };

    /// <summary>True for sources of pages, which have several publishers' estimates; others have one.</summary>
    public static bool IsPage(string source) => source == "wikipedia";

    /// <summary>What the answer is of: the publisher, and the source when that is another one.</summary>
    public static string Title(Report report) => report.Spec.OriginalSource is "imf" or "worldbank" && !report.Choices.IsEmpty
        ? $"GDP by country, {Name(report.Choices[0].Title)}"
        : IsPage(report.Spec.OriginalSource)
        ? $"GDP by country, {Of(report.Spec.Options.Publisher)} via {Source(report.Spec.OriginalSource)}"
        : $"GDP by country, from {Source(report.Spec.OriginalSource)}";

    /// <summary>A word for the shell, quoted when it needs to be.</summary>
    public static string Shell(string word) =>
        word.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '/' or '\\' or ':') ? word : $"'{Name(word).Replace("'", "'\\''")}'";
}
