using System.Collections.Immutable;
using Etl.Actors.Hosting;
using Etl.Domain.Extract;
using Etl.Domain.Map;

namespace Etl.Host.Screen;

/// <summary>What a run would do.</summary>
internal static class DryRunScreen
{
    private const int MaxCell = 40;
    private const int MaxNames = 20;

    public static IEnumerable<Line> Lines(ImmutableArray<string> inputs, DryRunOutcome outcome, Glyphs glyphs, int width)
    {
        yield return new(new Span($"Dry run of {string.Join(", ", InputNames.Of(inputs))}: nothing is written", Tone.Strong));
        if (outcome.Choice is { } choice)
        {
            foreach (var line in ChoiceLines.Of(choice, glyphs, width)) yield return line;
            if (choice.Edition is { } edition) yield return new(new Span(choice.Table.Length > 0 ? "page   " : "as     ", Tone.Dim), $"of {Wording.Date(edition)}");
        }

        yield return new(new Span("rows   ", Tone.Dim), Wording.Number(outcome.Rows));
        if (outcome.FirstRows is { IsDefaultOrEmpty: false } rows) foreach (var line in FirstRows(rows, glyphs)) yield return line;
        foreach (var line in Unknown(outcome, width)) yield return line;
        if (outcome.Tally is { } tally)
            yield return new(new Span("would  ", Tone.Dim), Would(tally));
        if (outcome.ExitCode == 0)
            yield return new(new Span("next   ", Tone.Dim), InputNames.Command(inputs));
    }

    private static IEnumerable<Line> FirstRows(IReadOnlyList<RawRow> rows, Glyphs glyphs)
    {
        var cells = rows.Select(r => (string[])
            [Wording.Number(r.Row), Cell(r.Name, glyphs), Cell(r.Value, glyphs), Cell(r.Year, glyphs)]).ToList();
        cells.Insert(0, ["ROW", "NAME", "VALUE", "YEAR"]);
        var widths = Enumerable.Range(0, 4).Select(column => cells.Max(c => Cells.Width(c[column]))).ToArray();
        return cells.Select((c, index) => new Line(new Span(
            $"  {Cells.PadLeft(c[0], widths[0])}  {Cells.PadRight(c[1], widths[1])}  {Cells.PadLeft(c[2], widths[2])}  {c[3]}",
            index == 0 ? Tone.Dim : Tone.Plain)));
    }

    private static string Cell(string text, Glyphs glyphs) => Cells.Cut(Wording.Name(text), MaxCell, glyphs.Ellipsis);

    private static IEnumerable<Line> Unknown(DryRunOutcome outcome, int width)
    {
        var names = outcome.UnknownNames.IsDefault ? [] : outcome.UnknownNames;
        if (names.Length == 0) return [new(new Span("names  ", Tone.Dim), "all of them are known")];
        List<Line> items = [.. names.Take(MaxNames).Select(n => (Line)Wording.Name(n))];
        if (names.Length > MaxNames) items.Add($"and {Wording.Number(names.Length - MaxNames)} more");
        return Flow.Lines(
            new(new Span("! ", Tone.Warning), $"{Wording.Count(names.Length, "unknown name", "unknown names")}: "), items, ", ", width);
    }

    private static string Would(BatchTally tally) =>
        $"read {Wording.Number(tally.Read)} = {Wording.Number(tally.Records)} to reduce + {Wording.Number(tally.Missing)} missing"
        + $" + {Wording.Count(tally.Aggregates, "aggregate", "aggregates")} + {Wording.Number(tally.Quarantined)} quarantined";
}
