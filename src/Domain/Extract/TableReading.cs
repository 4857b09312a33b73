using System.Collections.Immutable;
using Etl.Domain.Map;

namespace Etl.Domain.Extract;

/// <summary>What was chosen of a page, in words that people can check against the page.</summary>
/// <param name="Title">The page's heading or title, empty when it has none.</param>
/// <param name="Table">The table's caption, or what else names it.</param>
/// <param name="Column">The value column's header texts, outermost first.</param>
/// <param name="YearColumn">The header texts of the column that tells each row's year, null when there is none.</param>
/// <param name="Unit">The unit of the values.</param>
/// <param name="HeaderYear">The year of rows that tell none themselves.</param>
/// <param name="EditionDate">The page's date: the request's, else the page's own.</param>
/// <param name="Years">Where the years come from, for people.</param>
/// <param name="Warnings">What a person should know about the choice.</param>
public sealed record TableChoice(
    string Title, string Table, string Column, string? YearColumn, Unit Unit, int? HeaderYear, DateOnly? EditionDate, string Years,
    EquatableArray<string> Warnings);

/// <summary>Why no table was read. The numbers are stored: never renumber; 0 is no reason.</summary>
public enum RefusalReason
{
    /// <summary>No table has the columns.</summary>
    NoTable = 1,

    /// <summary>The page or column is about something else than GDP at current prices.</summary>
    OtherMeasure = 2,

    /// <summary>Neither title, caption nor header tells the unit.</summary>
    UnknownUnit = 3,

    /// <summary>The values are not in US dollars.</summary>
    OtherCurrency = 4,

    /// <summary>Several columns fit equally well.</summary>
    Ambiguous = 5,

    /// <summary>Several years fit and nothing tells which to take, or the year asked for is not there.</summary>
    NeedsYear = 6,

    /// <summary>The table is larger than any that can be read.</summary>
    TooLarge = 7,
}

/// <summary>A refusal: what was looked for, what was seen instead, and what to do about it.</summary>
public sealed record TableRefusal(RefusalReason Reason, string Sought, string Seen, string Remedy)
{
    /// <summary>One paragraph for people.</summary>
    public string Message => $"looked for {Sought}; {Seen}; {Remedy}";
}

/// <summary>What reading a page gave. Closed.</summary>
public abstract record TableReading
{
    private TableReading() { }

    /// <summary>A table was found and read.</summary>
    /// <param name="Choice">What was chosen.</param>
    /// <param name="Rows">Its data rows in the order of the table.</param>
    public sealed record Chosen(TableChoice Choice, ImmutableArray<RawRow> Rows) : TableReading;

    /// <summary>Nothing was read.</summary>
    public sealed record Refused(TableRefusal Refusal) : TableReading;
}
