using System.Collections.Immutable;
using System.Text;
using Etl.Domain.Extract;

namespace Etl.Actors.Extract.Sources.Wikipedia;

/// <summary>A table while its elements are walked over.</summary>
internal sealed class TableDraft(TableDraft? outer, int index)
{
    // Text of a cell that is collected before cleaning; white space and notes in it go, so it is wider than what is kept.
    private const int MaximumRawText = 4 * CellText.MaximumLength;

    private readonly ImmutableArray<SourceRow>.Builder rows = ImmutableArray.CreateBuilder<SourceRow>();
    private readonly ImmutableArray<SourceCell>.Builder cells = ImmutableArray.CreateBuilder<SourceCell>();
    private readonly (int Row, int Ordinal) place = outer is null ? default : (outer.rows.Count, outer.cells.Count);
    private int group;
    private bool inHead;

    public TableDraft? Outer { get; } = outer;

    public string? Caption { get; private set; }

    /// <summary>Adds text to a buffer, up to what can matter.</summary>
    public static void Append(StringBuilder buffer, string text)
    {
        if (buffer.Length < MaximumRawText)
            buffer.Append(text, 0, Math.Min(text.Length, MaximumRawText - buffer.Length));
    }

    public void BeginGroup(bool head)
    {
        group++;
        inHead = head;
    }

    public void EndCell(StringBuilder text, bool isHeader, int rowSpan, int columnSpan) =>
        cells.Add(new SourceCell(CellText.Clean(text.ToString()), isHeader, rowSpan, columnSpan));

    public void EndRow(long? line)
    {
        rows.Add(new SourceRow(cells.ToImmutable(), group, inHead, line));
        cells.Clear();
    }

    public void EndCaption(StringBuilder text) => Caption ??= CellText.Clean(text.ToString());

    /// <summary>The table; those before it are finished, its outer one among them.</summary>
    public PageTable Finish(IReadOnlyList<PageTable> before)
    {
        var heading = Outer is null ? null : OuterHeading.Of(before[Outer.Index], place.Row, place.Ordinal);
        return new PageTable(Caption, GridBuilder.Build(rows.ToImmutable()), heading, Outer?.Index);
    }

    private int Index { get; } = index;
}
