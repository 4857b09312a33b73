namespace Etl.Domain.Extract;

/// <summary>One row of a source, text only: what stood where. Nothing in it is interpreted yet.</summary>
/// <param name="Input">Ordinal of the input it came from, from 0.</param>
/// <param name="Row">One-based number of the data row in its table; header rows are not counted.</param>
/// <param name="Line">One-based line in the file, null when the source has no lines.</param>
/// <param name="Offset">Byte offset in the file, null when the source cannot tell.</param>
/// <param name="Name">The country's name as printed.</param>
/// <param name="Value">The figure as printed; empty or a dash when there is none.</param>
/// <param name="Year">The figure's year as printed; empty when the row tells none.</param>
public sealed record RawRow(int Input, long Row, long? Line, long? Offset, string Name, string Value, string Year)
{
    /// <summary>The publisher's code of the country, which wins over the name; empty when the source has none.</summary>
    public string Code { get; init; } = "";

    /// <summary>True when the source itself says that this is a group of countries.</summary>
    public bool IsGroup { get; init; }
}
