using System.Collections.Immutable;
using System.Globalization;

namespace Etl.Domain.Extract.Series;

/// <summary>Gathers figures in the order of a source that tells country and year with each.</summary>
internal sealed class SeriesDraft
{
    /// <summary>More than any publication has (about 20 000 figures, 300 countries); what has more was made to exhaust a reader.</summary>
    public const int MaxFigures = 100_000, MaxRows = 10_000;

    /// <summary>What is said of a file that has more.</summary>
    public static readonly string TooMuch = string.Create(CultureInfo.InvariantCulture, $"it has more than {MaxFigures:N0} figures or {MaxRows:N0} rows of countries");

    private readonly SortedSet<int> _years = [];
    private readonly Dictionary<(string Code, string Name), Country> _countries = [];
    private readonly List<Country> _order = [];
    private int _figures, _rows;

    /// <summary>True when a table of this size is one that is read.</summary>
    public static bool Holds(int rows, int years) => rows <= MaxRows && (long)rows * years <= MaxFigures;

    /// <summary>A figure, or that there is none; false when there are too many.</summary>
    /// <param name="text">Empty when there is none.</param>
    public bool Add(string name, string code, bool isGroup, int year, string text)
    {
        if (++_figures > MaxFigures || Of(name, code, isGroup) is not { } country) return false;
        _years.Add(year);
        // A figure that comes twice stays twice, so that a contradiction is seen: the second is in the second row of its country.
        var layer = country.Times.GetValueOrDefault(year);
        country.Times[year] = layer + 1;
        if (layer == country.Layers.Count)
        {
            // The first row is that of the country itself.
            if (layer > 0 && ++_rows > MaxRows) return false;
            country.Layers.Add([]);
        }

        country.Layers[layer][year] = text;
        return true;
    }

    /// <summary>A country, whether it has figures or not; false when there are too many.</summary>
    public bool Note(string name, string code, bool isGroup) => Of(name, code, isGroup) is not null;

    /// <summary>The years, and the rows in the order in which their countries came first.</summary>
    public (ImmutableArray<int> Years, ImmutableArray<SeriesRow> Rows) Finish()
    {
        ImmutableArray<int> years = [.. _years];
        return (years, [.. _order.SelectMany(c => c.Layers.Count == 0 ? [Row(c, [])] : c.Layers.Select(layer => Row(c, layer)))]);

        SeriesRow Row(Country country, Dictionary<int, string> figures) =>
            new(country.Name, country.Code, country.IsGroup, null, [.. years.Select(year => figures.GetValueOrDefault(year, ""))]);
    }

    private Country? Of(string name, string code, bool isGroup)
    {
        if (_countries.TryGetValue((code, name), out var country)) return country;
        if (++_rows > MaxRows) return null;
        country = new(name, code, isGroup, [], []);
        _countries.Add((code, name), country);
        _order.Add(country);
        return country;
    }

    private sealed record Country(string Name, string Code, bool IsGroup, List<Dictionary<int, string>> Layers, Dictionary<int, int> Times);
}

/// <summary>Years and dates as publishers write them.</summary>
internal static class SeriesTexts
{
    /// <summary>A year of four digits, 1800 to 2200; null for anything else ("2022 [YR2022]" is 2022).</summary>
    public static int? YearOf(string text)
    {
        var trimmed = text.AsSpan().Trim();
        if (trimmed.Length > 4 && trimmed[4..].TrimStart().StartsWith("[YR", StringComparison.Ordinal)) trimmed = trimmed[..4];
        return trimmed.Length == 4 && int.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 1800 and <= 2200 ? year : null;
    }

    /// <summary>A day, however it is written by these publishers; null for anything else.</summary>
    public static DateOnly? DateOf(string text) =>
        DateOnly.TryParseExact(text.Trim(), ["yyyy-MM-dd", "MM/dd/yyyy", "M/d/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    /// <summary>The first day of a month that a text names ("... Database, October 2022"); null when it names none.</summary>
    public static DateOnly? MonthIn(string text)
    {
        var words = text.Split([' ', ',', '\t'], StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i + 1 < words.Length; i++)
        {
            if (YearOf(words[i + 1].TrimEnd('.')) is { } year && DateTime.TryParseExact(words[i], "MMMM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month))
                return new(year, month.Month, 1);
        }

        return null;
    }
}
