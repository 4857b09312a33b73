using System.Globalization;
using Etl.Actors.Hosting;
using Etl.Actors.Stages;

namespace Etl.Host.Screen;

/// <summary>What <c>etl extract</c> tells at its end.</summary>
internal static class StageScreen
{
    public static IEnumerable<Line> Of(ExtractOutcome outcome, RunRequest request, Glyphs glyphs, int width)
    {
        var folder = Wording.Name(request.OutDirectory);
        var amount = outcome.Rows is { } rows ? Wording.Count(rows, "row", "rows") : string.Create(CultureInfo.InvariantCulture, $"{outcome.Bytes} bytes of records");
        yield return new Line($"extracted {amount}, from {Wording.Source(outcome.Source)}{(outcome.IsUnchanged ? ": the folder held all of it already" : "")}");
        if (outcome.Choice is { } choice)
            foreach (var line in ChoiceLines.Of(choice, glyphs, width)) yield return line;
        foreach (var line in Flow.Lines(new(new Span("files  ", Tone.Dim)), [.. outcome.Files.Select((f, i) => (Line)(i == 0 ? $"{folder}/{f}" : f))], $" {glyphs.Dot} ", width)) yield return line;
        yield return new Line(new Span("next   ", Tone.Dim)).Append(new Line($"etl transform {Wording.Shell(request.OutDirectory)}"));
    }
}
