using System.Text;

namespace Etl.Domain.Extract.Files;

/// <summary>How well the name of a column fits what is sought: 0 is best, null does not fit. Two names of one rank are a person's to choose.</summary>
internal static class NameRank
{
    /// <summary>Figures of another measure or in other money: found only so that a refusal can name them.</summary>
    public const int WrongValue = 2;

    // A name is better than a code: codes may be of two letters, or numbers, which the directory does not know.
    private static readonly string[] CountryNames =
    [
        "country name", "name of country", "country", "country or area", "country or territory", "country territory", "economy name", "economy",
        "nation", "location name", "location", "reference area", "geo name", "entity", "territory", "area", "iso 3 code", "iso 3", "iso alpha 3",
        "alpha 3 code", "alpha 3", "country iso 3", "country code iso 3", "iso code", "country iso", "country code", "economy code", "location code",
        "ref area", "geo", "iso",
    ];

    private static readonly string[] YearNames =
    [
        "year", "years", "calendar year", "reference year", "ref year", "data year", "time period", "period", "time", "date", "obs date",
    ];

    private static readonly string[] ValueWords =
        ["value", "values", "amount", "amounts", "contribution", "contributions", "estimate", "estimates", "forecast", "projection"];

    // A name that has one of these is about a figure, and is not the figure.
    private static readonly string[] NotValueWords =
    [
        "rank", "ranking", "position", "note", "notes", "ref", "reference", "source", "region", "code", "flag", "index", "%", "pct", "percent", "share", "member",
        "currency", "year", "years", "date", "period", "country", "name", "unit", "units", "status", "label", "id", "decimals", "multiplier",
    ];

    /// <summary>Of the country's name or code.</summary>
    public static int? Country(string name)
    {
        var rank = Array.IndexOf(CountryNames, Key(name));
        if (rank >= 0)
            return rank;
        return ColumnHeader.IsCountryHeading(Spaced(name)) ? Array.IndexOf(CountryNames, "nation") : null;
    }

    /// <summary>Of the year.</summary>
    public static int? Year(string name) => Array.IndexOf(YearNames, Key(name)) is >= 0 and var rank ? rank : null;

    /// <summary>Of the value: 0 names GDP, 1 is some figure, <see cref="WrongValue"/> is a figure that is not wanted.</summary>
    public static int? Value(string name)
    {
        var spaced = Spaced(name);
        var words = Words.Of(spaced);
        var (measure, unit) = (MeasureSign.Of(spaced), UnitSign.Of(spaced));
        var isFigure = measure.NamesGdp || words.FirstOf(ValueWords) is not null
            || unit.Scale is not null || unit.OddScale is not null || unit.IsUsd || unit.OddCurrency is not null;
        if (!isFigure || (measure.Other is null && words.FirstOf(NotValueWords) is not null))
            return null;
        return measure.Other is not null || unit.OddCurrency is not null ? WrongValue : measure.NamesGdp ? 0 : 1;
    }

    /// <summary>The name with its words parted: "gdpUsdMillion" as "gdp Usd Million". Other marks part words already.</summary>
    public static string Spaced(string name)
    {
        var spaced = new StringBuilder(name.Length + 4);
        for (var at = 0; at < name.Length; at++)
        {
            if (at > 0 && char.IsUpper(name[at]) && char.IsLower(name[at - 1]))
                spaced.Append(' ');
            spaced.Append(name[at]);
        }

        return spaced.ToString();
    }

    private static string Key(string name)
    {
        var words = Words.Of(Spaced(name));
        return string.Join(' ', Enumerable.Range(0, words.Count).Select(index => words[index]));
    }
}
