using System.Collections.Immutable;
using Etl.Domain.Map;

namespace Etl.Domain.Extract.Series;

/// <summary>A country's figures, a text for each year of its table.</summary>
/// <param name="Name">As printed; the code where the source has no names.</param>
/// <param name="Code">The publisher's code; empty when it has none.</param>
/// <param name="IsGroup">True when the source itself says that this is a group of countries.</param>
/// <param name="Line">One-based line in the file, null when the source has no lines.</param>
/// <param name="Values">As long as the table's years; empty where there is no figure.</param>
public sealed record SeriesRow(string Name, string Code, bool IsGroup, long? Line, ImmutableArray<string> Values);

/// <summary>A publisher's figures of many years: countries by years, texts only.</summary>
/// <param name="Title">Publisher and publication, for people.</param>
/// <param name="Measure">The measure in the publisher's words.</param>
/// <param name="Unit">Of all figures; null when the source does not tell it.</param>
/// <param name="Edition">Date of the publication; of the month's first day when it tells only a month. Null when it tells none.</param>
/// <param name="Years">Ascending, without repetition.</param>
/// <param name="Warnings">What a person should know about the reading.</param>
public sealed record SeriesTable(
    string Title, string Measure, Unit? Unit, DateOnly? Edition, ImmutableArray<int> Years, ImmutableArray<SeriesRow> Rows,
    ImmutableArray<string> Warnings);

/// <summary>What reading a publisher's file gave. Closed.</summary>
public abstract record SeriesReading
{
    private SeriesReading() { }

    /// <summary>The table.</summary>
    public sealed record Table(SeriesTable Value) : SeriesReading;

    /// <summary>Nothing was read.</summary>
    public sealed record Refused(TableRefusal Refusal) : SeriesReading;

    /// <summary>A refusal: what was looked for, what was seen, what to do.</summary>
    internal static Refused No(RefusalReason reason, string sought, string seen, string remedy) => new(new TableRefusal(reason, sought, seen, remedy));
}
