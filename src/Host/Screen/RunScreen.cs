using System.Globalization;
using Etl.Actors.Load.Sinks;

namespace Etl.Host.Screen;

/// <summary>The screen of a finished run.</summary>
internal static class RunScreen
{
    /// <summary>Everything: about twenty lines that tell the story, then the countries at or above the threshold.</summary>
    public static IEnumerable<Line> Lines(RunView view, Glyphs glyphs, int width) =>
    [
        .. Story(view, glyphs, width), .. Selection(view, glyphs, width), Line.Empty,
        .. RegionTable.Lines(view.Regions, view.Report.Spec.Options.Top, glyphs, width), .. OtherYears(view),
        .. Checks.Lines(view, glyphs, width), .. NextLines.Of(view, glyphs, width), .. List(view, glyphs, width),
    ];

    /// <summary>The story without the data: what goes to stderr when the data goes to stdout.</summary>
    public static IEnumerable<Line> WithoutData(RunView view, Glyphs glyphs, int width) =>
        [.. Story(view, glyphs, width), .. Checks.Lines(view, glyphs, width)];

    private static IEnumerable<Line> Story(RunView view, Glyphs glyphs, int width)
    {
        var report = view.Report;
        var title = new List<Line> { new(new Span(Wording.Title(report), Tone.Strong)) };
        var (edition, isPage) = (report.Choices.Items.Select(c => c.Edition).Max(), Wording.IsPage(report.Spec.OriginalSource));
        if (edition is { } date) title.Add($"{(report.Spec.OriginalSource == "wikipedia" ? "page of" : "as of")} {Wording.Date(date)}");
        else if (isPage) title.Add("page without a date");
        if (view.Request.Inputs.IsDefaultOrEmpty) title[^1].Add(new Span(" (bundled; yours: etl run PAGE.html)", Tone.Dim));
        else title.AddRange(InputNames.Of(view.Request.Inputs).Select(name => (Line)name));
        foreach (var line in Flow.Lines(new(), title, ", ", width)) yield return line;

        if (report.Choices.Count > 0)
            foreach (var line in ChoiceLines.Of(report.Choices[0], glyphs, width)) yield return line;
        foreach (var line in Flow.Lines(new(), Stages(view, glyphs), $" {glyphs.Arrow} ", width)) yield return line;
    }

    private static IEnumerable<Line> Stages(RunView view, Glyphs glyphs)
    {
        var counts = view.Report.Counts;
        var outcome = view.Outcome;
        yield return $"extract{(view.Request.Stage is null ? "" : "ed")} {Wording.Count(counts.Read, "row", "rows")}";
        // A load has mapped and reduced nothing.
        if (view.Request.Stage is not null && outcome.Mappers == 0) yield return $"transformed into {Wording.Count(view.Countries.Count, "country", "countries")} in {Wording.Count(outcome.Reducers, "region", "regions")}";
        else
        {
            yield return $"map {glyphs.Times}{Wording.Number(outcome.Mappers)}";
            yield return $"shuffle {Wording.Number(counts.Counted + counts.Superseded)} in {Wording.Count(outcome.Reducers, "region", "regions")}";
            yield return $"reduce top {Wording.Number(view.Report.Spec.Options.Top)}";
        }

        var inFiles = outcome.Files.Count(f => f.Name.EndsWith(".db", StringComparison.Ordinal));
        // One on a server leaves no file; that SQL was asked tells that there is one.
        var databases = inFiles == 0 && outcome.CrossCheck is not null ? 1 : inFiles;
        // run.json tells of the load; it is not what was loaded.
        var files = outcome.Files.Count(f => f.Name != RunJsonWriter.FileName) - inFiles;
        yield return (files, databases) switch
        {
            (0, 0) => "load nothing",
            (_, 0) => $"load {Wording.Count(files, "file", "files")}",
            (0, _) => $"load {Wording.Count(databases, "database", "databases")}",
            _ => $"load {Wording.Count(files, "file", "files")}, {Wording.Count(databases, "database", "databases")}",
        };
    }

    private static string Threshold(RunView view, Glyphs glyphs) =>
        $"{glyphs.AtLeast} {view.Report.Spec.Options.ThresholdBillions.ToString("0.#########", CultureInfo.InvariantCulture)} bn";

    private static IEnumerable<Line> Selection(RunView view, Glyphs glyphs, int width)
    {
        var year = view.Year is { } shown ? $" in {Wording.Number(shown)}" : "";
        var count = view.Selected.Count;
        var line = new Line(new Span($"{Wording.Count(count, "economy", "economies")} {Threshold(view, glyphs)}{year}", Tone.Strong));
        if (count == 0) return [line];

        var hint = $" {glyphs.Ellipsis} all below";
        line.Add(": ");
        foreach (var (index, country) in view.Selected.Take(5).Index())
        {
            Line item = $"{(index > 0 ? ", " : "")}{Wording.Name(country.Country)} {Wording.Billions(country.Gdp)}";
            if (line.Width + item.Width + Cells.Width(hint) > width) break;
            line.Append(item);
        }

        return [line.Add(new Span(hint, Tone.Dim))];
    }

    private static IEnumerable<Line> OtherYears(RunView view) => view.OtherYears == 0
        ? []
        : [new(new Span($"shown: {Wording.Number(view.Year ?? 0)}; {Wording.Count(view.OtherYears, "more year is", "more years are")} in the files", Tone.Dim))];

    private static IEnumerable<Line> List(RunView view, Glyphs glyphs, int width)
    {
        if (view.Selected.Count == 0) return [];
        return
        [
            Line.Empty,
            new(new Span($"RANK, ECONOMY, GDP {Threshold(view, glyphs)} USD", Tone.Dim)),
            .. CountryColumns.Lines(view.Selected, width),
        ];
    }
}
