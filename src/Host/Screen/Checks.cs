using System.Globalization;
using Etl.Domain.Load;

namespace Etl.Host.Screen;

/// <summary>What the run can vouch for, and what somebody should look at.</summary>
internal static class Checks
{
    private const int MaxWarnings = 5;
    private const int MaxNames = 12;
    private const int Quality = 3;

    public static IEnumerable<Line> Lines(RunView view, Glyphs glyphs, int width)
    {
        var report = view.Report;
        var vouched = view.Outcome.ExitCode is 0 or Quality;
        var checks = new List<Line> { Equation(report.Counts, glyphs) };
        if (view.Outcome.CrossCheck is not null && vouched) checks.Add(Good("SQL agrees", glyphs));
        foreach (var line in Flow.Lines(new(), checks, "     ", width)) yield return line;

        foreach (var warning in report.Warnings.Items.Take(MaxWarnings))
            foreach (var line in Flow.Lines(new(new Span("! ", Tone.Warning)), Words(warning), " ", width)) yield return line;
        if (report.Warnings.Count > MaxWarnings)
            yield return new(new Span("! ", Tone.Warning), $"and {Wording.Number(report.Warnings.Count - MaxWarnings)} more in run.json");
        foreach (var line in Unassigned(view, width)) yield return line;
        if (report.Counts.Quarantined > 0)
            yield return new(new Span("! ", Tone.Warning), Quarantined(report.Counts.Quarantined, report.Spec.Options.QuarantineLimit));
        if (report.MissingCountries.Count > 0)
            yield return new(
                new Span(Wording.IsPage(report.Spec.OriginalSource) ? "no estimate for " : "no value for ", Tone.Dim), Wording.Count(report.MissingCountries.Count, "country", "countries"),
                new Span(" (run.json names them)", Tone.Dim));
        foreach (var line in Journal(view, glyphs, width)) yield return line;
    }

    private static string Quarantined(long rows, int limit)
    {
        var first = rows <= limit ? "" : $" of the first {Wording.Number(limit)}";
        var aside = $"{Wording.Count(rows, "row", "rows")} set aside";
        return limit == 0 ? $"{aside}; --quarantine-limit 0 keeps no details" : $"{aside}: quarantine.jsonl names line, text and reason{first}";
    }

    private static Line Equation(CountEquation counts, Glyphs glyphs)
    {
        var superseded = counts.Superseded > 0 ? $" + {Wording.Number(counts.Superseded)} superseded" : "";
        var text = $"{Wording.Number(counts.Read)} read = {Wording.Number(counts.Counted)} counted{superseded} + {Wording.Number(counts.Missing)} missing"
            + $" + {Wording.Count(counts.Aggregates, "aggregate", "aggregates")} + {Wording.Number(counts.Quarantined)} quarantined";
        return counts.Holds ? Good(text, glyphs) : new(new Span(glyphs.Cross + " ", Tone.Bad), text);
    }

    private static IEnumerable<Line> Unassigned(RunView view, int width)
    {
        var codes = view.Report.UnassignedCountries;
        if (codes.IsEmpty) return [];
        var names = view.Report.Countries.Items.Where(c => c.Region is null).Select(c => c.Country).Distinct().ToArray();
        List<Line> items = [.. names.Take(MaxNames).Select(n => (Line)Wording.Name(n))];
        if (names.Length > MaxNames) items.Add($"and {Wording.Number(names.Length - MaxNames)} more");
        return Flow.Lines(
            new(new Span("! ", Tone.Warning), $"without a region in this scheme, so in no average: "), items, ", ", width);
    }

    private static IEnumerable<Line> Journal(RunView view, Glyphs glyphs, int width)
    {
        if (view.Outcome.Facts is not { } facts) return [];
        var lines = new List<Line>();
        if (facts.BatchesResumed > 0)
            lines.Add(Good($"resumed: {Wording.Number(facts.BatchesResumed)} of {Wording.Count(facts.Batches, "batch", "batches")} were already done", glyphs));
        List<Line> items =
        [
            view.Request.Stage is not null ? view.Outcome.Mappers == 0 ? "repeat it any time: what is loaded is not loaded twice" : "journalled: kill it any time, the same `etl transform` resumes"
            : view.Request.IsResumable ? "journalled: kill it any time, `etl run` resumes" : "standard input was not kept: such a run cannot be resumed",
            Wording.Count(facts.RestartsTotal, "restart", "restarts") + Recoveries(facts),
            view.Outcome.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s",
        ];
        lines.AddRange(Flow.Lines(new(new Span(glyphs.Check + " ", Tone.Good)), items, $" {glyphs.Dot} ", width));
        return lines;
    }

    private static string Recoveries(RunFacts facts) => facts.RestartsTotal == 0 ? ""
        : facts.Restarts.Select(r => r.RecoveredAfter).Concat(facts.ActorRestarts.Select(r => r.RecoveredAfter)).Max() is { } longest
            ? string.Create(CultureInfo.InvariantCulture, $" (made good in {longest.TotalSeconds:0.0##} s or less; causes in run.json)") : " (causes in run.json)";

    private static Line Good(string text, Glyphs glyphs) => new(new Span(glyphs.Check + " ", Tone.Good), text);

    private static IEnumerable<Line> Words(string text) =>
        Wording.Name(text).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => (Line)word);
}
