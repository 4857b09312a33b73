using System.Collections.Immutable;

namespace Etl.Domain.Extract;

/// <summary>What a column is, by the words of its header.</summary>
internal enum ColumnRole
{
    /// <summary>Nothing that is wanted.</summary>
    Other = 0,

    /// <summary>The countries' names.</summary>
    Country = 1,

    /// <summary>The years of the figures beside it.</summary>
    Year = 2,

    /// <summary>Figures.</summary>
    Value = 3,
}

/// <summary>The header of one column: its cells from the outermost down, without those that span the whole table.</summary>
internal sealed class ColumnHeader
{
    private static readonly HashSet<string> CountryWords = new(StringComparer.Ordinal)
    {
        "country", "countries", "territory", "territories", "economy", "economies", "nation", "nations", "state", "sovereign", "dependent",
        "dependency", "or", "and", "area", "region", "group", "entity", "name", "names", "of", "the", "s",
    };

    private static readonly string[] CountryNouns = ["country", "countries", "territory", "territories", "economy", "economies", "nation", "nations", "sovereign state"];

    private static readonly HashSet<string> YearWords = new(StringComparer.Ordinal) { "year", "years", "as", "of", "date", "data", "the", "reference", "latest", "estimate" };

    private static readonly string[] YearNouns = ["year", "years", "date", "as of"];

    private static readonly string[] ValueWords = ["estimate", "estimates", "forecast", "forecasts", "projection", "projected", "value", "amount", "nominal"];

    // A column that says one of these holds something about the figure, not the figure.
    private static readonly string[] OtherWords =
    [
        "rank", "ranking", "position", "note", "notes", "ref", "refs", "reference", "references", "source", "sources", "region", "subregion",
        "sub region", "continent", "code", "flag", "index", "%", "share", "no", "member", "members", "currency", "capital",
    ];

    private ColumnHeader(int index, ImmutableArray<GridCell> path)
    {
        Index = index;
        Path = path;
        Label = string.Join(" / ", path.Select(cell => cell.Text));
        Measure = MeasureSign.Of(Label);
        Unit = UnitSign.Of(Label);
        foreach (var cell in path)
            Publishers |= PublisherSigns.Of(cell.Text);
        Role = RoleOf();
    }

    /// <summary>The column, from 0.</summary>
    public int Index { get; }

    /// <summary>The header cells, outermost first.</summary>
    public ImmutableArray<GridCell> Path { get; }

    /// <summary>The header texts, outermost first: "IMF / Estimate".</summary>
    public string Label { get; }

    public MeasureSign Measure { get; }

    public UnitSign Unit { get; }

    public PublisherSign Publishers { get; }

    public ColumnRole Role { get; }

    /// <summary>The one year in the header, null when there is none or several.</summary>
    public int? Year => CellKind.OnlyYear(Label);

    /// <summary>The header of a column whose cells these are.</summary>
    public static ColumnHeader Of(int index, ImmutableArray<GridCell> path) => new(index, path);

    /// <summary>True when the text is a heading over countries' names, and nothing else.</summary>
    public static bool IsCountryHeading(string text)
    {
        var words = Words.Of(text);
        return words.AreAll(CountryWords) && words.FirstOf(CountryNouns) is not null;
    }

    private ColumnRole RoleOf()
    {
        if (Path.IsEmpty)
            return ColumnRole.Other;
        if (Path.Any(cell => IsCountryHeading(cell.Text)))
            return ColumnRole.Country;

        var leaf = Words.Of(Path[^1].Text);
        if (leaf.AreAll(YearWords) && leaf.FirstOf(YearNouns) is not null)
            return ColumnRole.Year;

        // Another measure stays a column of figures, so that a refusal can name it.
        if (Measure.Other is null && Path.Any(cell => Words.Of(cell.Text).FirstOf(OtherWords) is not null))
            return ColumnRole.Other;

        var isValue = Publishers != PublisherSign.None || Measure.NamesGdp || Words.Of(Label).FirstOf(ValueWords) is not null
            || Unit.Scale is not null || Unit.IsUsd || CellKind.LooksLikeYears(Path[^1].Text);
        return isValue ? ColumnRole.Value : ColumnRole.Other;
    }
}
