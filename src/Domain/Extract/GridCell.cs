using System.Collections.Immutable;

namespace Etl.Domain.Extract;

/// <summary>A cell as it stands in a table, at its top left corner.</summary>
/// <param name="Text">What is seen, cleaned of hidden parts.</param>
/// <param name="IsHeader">Marked as a header cell.</param>
/// <param name="Row">Row of its top left corner, from 0.</param>
/// <param name="Column">Column of its top left corner, from 0.</param>
/// <param name="Width">Columns it covers.</param>
public sealed record GridCell(string Text, bool IsHeader, int Row, int Column, int Width)
{
    /// <summary>True when nothing is to be seen in it.</summary>
    public bool IsBlank => Text.Length == 0;
}

/// <summary>A cell of a source before its place is known.</summary>
/// <param name="Text">What is seen, cleaned of hidden parts.</param>
/// <param name="IsHeader">Marked as a header cell.</param>
/// <param name="RowSpan">Rows it asks for; 0 means all rows to the end of its group.</param>
/// <param name="ColumnSpan">Columns it asks for.</param>
public readonly record struct SourceCell(string Text, bool IsHeader = false, int RowSpan = 1, int ColumnSpan = 1);

/// <summary>A row of a source's table.</summary>
/// <param name="Cells">Its own cells, left to right.</param>
/// <param name="Group">Row group it is in (head, body, foot): a cell never grows out of its group.</param>
/// <param name="InHead">True when the source calls the group a head.</param>
/// <param name="Line">One-based line of the file, when known.</param>
public readonly record struct SourceRow(ImmutableArray<SourceCell> Cells, int Group = 0, bool InHead = false, long? Line = null);
