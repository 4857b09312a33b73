using System.Collections.Immutable;
using Etl.Domain.Extract;

namespace Etl.Actors.Extract.Sources;

/// <summary>What a source made of a content. Closed.</summary>
public abstract record SourceReading
{
    private SourceReading() { }

    /// <summary>Rows, and what was chosen to get them.</summary>
    /// <param name="Choice">Table, column, unit, years and warnings.</param>
    /// <param name="Rows">The rows in the order of the source.</param>
    public sealed record Read(TableChoice Choice, ImmutableArray<RawRow> Rows) : SourceReading;

    /// <summary>Nothing was read.</summary>
    /// <param name="Text">One paragraph for people: what was looked for, what was seen, what to do.</param>
    /// <param name="Reason">Why no table was taken, null when the content could not even be read as a page.</param>
    public sealed record Refused(string Text, RefusalReason? Reason) : SourceReading;
}
