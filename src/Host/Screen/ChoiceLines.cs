using Etl.Domain.Jobs;

namespace Etl.Host.Screen;

/// <summary>What the source chose: table, column, unit, years.</summary>
internal static class ChoiceLines
{
    private const int MaxTable = 44;
    private const int MaxColumn = 36;

    public static IEnumerable<Line> Of(SourceChoice choice, Glyphs glyphs, int width)
    {
        var items = new List<Line>();
        // A file of records is a table itself, without a name.
        if (choice.Table.Length > 0) items.Add($"table \"{Cells.Cut(Wording.Name(choice.Table), MaxTable, glyphs.Ellipsis)}\"");
        items.Add($"column \"{Cells.Cut(Wording.Name(choice.Column), MaxColumn, glyphs.Ellipsis)}\"");
        items.Add($"unit {Wording.Of(choice.Unit)}");
        if (choice.Years.Length > 0) items.Add($"years {Cells.Cut(Wording.Name(choice.Years), MaxTable, glyphs.Ellipsis)}");
        return Flow.Lines(new(new Span("chose  ", Tone.Dim)), items, $" {glyphs.Dot} ", width);
    }
}
