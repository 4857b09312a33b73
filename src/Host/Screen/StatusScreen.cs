using System.Globalization;
using Etl.Domain.Jobs;

namespace Etl.Host.Screen;

/// <summary>One job, to be shown.</summary>
/// <param name="Holder">The process that is at work in the state directory; null when there is none.</param>
/// <param name="Options">What a suggested command repeats to find the same journal.</param>
internal sealed record StatusView(JobRecord Job, string ShortId, string? Holder, string Options, DateTimeOffset Now);

/// <summary>What the journal knows of one job.</summary>
internal static class StatusScreen
{
    private const int MaxSplits = 12, MaxRestarts = 5, BarWidth = 20;
    private const string Indent = "         ";

    public static IEnumerable<Line> Lines(StatusView view, Glyphs glyphs, int width)
    {
        var job = view.Job;
        return
        [
            new Line(new Span($"job {job.Job}", Tone.Strong), "  ", new Span(JobWording.Of(job.Standing), JobWording.ToneOf(job.Standing))),
            .. Field("input", Inputs(job), ", ", width),
            .. job.Spec is { } spec ? Field("options", Options(spec), $" {glyphs.Dot} ", width) : [],
            .. Field("started", Times(view), ", ", width),
            .. Field("stages", Stages(job, glyphs), $" {glyphs.Arrow} ", width),
            .. Splits(job, glyphs, width),
            .. Field("rows", Rows(job), ", ", width),
            .. Field("faults", [$"{Wording.Count(job.RestartsTotal, "restart", "restarts")}", $"{Wording.Count(job.Retries, "batch", "batches")} issued again"], ", ", width),
            .. Restarts(job, glyphs, width),
            .. Field("sinks", job.Loaded.IsEmpty ? ["none loaded"] : job.Loaded.Select(s => (Line)$"{Wording.Name(s)} {glyphs.Check}"), ", ", width),
            .. Why(view, width),
        ];
    }

    private static IEnumerable<Line> Field(string name, IEnumerable<Line> items, string separator, int width) =>
        Flow.Lines(new(new Span(name.PadRight(Indent.Length), Tone.Dim)), items, separator, width);

    private static IEnumerable<Line> Inputs(JobRecord job) => job.Spec is not { } spec ? ["not known: nothing was read"]
        : [.. spec.Inputs.Take(3).Select(i => (Line)$"{Wording.Name(i.Label)} ({JobWording.Bytes(i.Bytes)})"), .. spec.Inputs.Count > 3 ? [(Line)$"and {Wording.Number(spec.Inputs.Count - 3)} more"] : Array.Empty<Line>()];

    private static IEnumerable<Line> Options(JobSpec spec) =>
    [
        Wording.Source(spec.Source), $"regions {Wording.Name(spec.Options.Regions)}", $"year {spec.Options.Year}", $"top {Wording.Number(spec.Options.Top)}",
        $"threshold {spec.Options.ThresholdBillions.ToString("0.#########", System.Globalization.CultureInfo.InvariantCulture)} bn",
        $"duplicates {spec.Options.Duplicates.ToString().ToLowerInvariant()}", $"version {Wording.Name(spec.ProductVersion)}",
    ];

    private static IEnumerable<Line> Times(StatusView view)
    {
        var job = view.Job;
        yield return JobWording.Time(job.StartedAt);
        yield return $"{JobWording.Age(view.Now - job.StartedAt)} ago";
        if (job.EndedAt is { } ended) yield return $"ended {JobWording.Time(ended)}";
        yield return Wording.Count(job.Runs.Count, "run", "runs");
        if (job.Runs.Count > 1) yield return $"the last of {JobWording.Time(job.Runs[^1].At)}";
    }

    private static IEnumerable<Line> Stages(JobRecord job, Glyphs glyphs)
    {
        foreach (var stage in new[] { Stage.Extract, Stage.MapAndReduce, Stage.Load })
        {
            var done = job.Standing == JobStanding.Finished || job.Stage > stage && job.Stage != Stage.Ended;
            yield return stage == job.Stage
                ? new(new Span(stage == Stage.MapAndReduce ? $"{JobWording.Of(stage)} {JobWording.Batches(job)}" : JobWording.Of(stage), Tone.Strong))
                : new(new Span(done ? $"{JobWording.Of(stage)} {glyphs.Check}" : JobWording.Of(stage), done ? Tone.Good : Tone.Dim));
        }
    }

    private static IEnumerable<Line> Splits(JobRecord job, Glyphs glyphs, int width)
    {
        // Those that are not done say more than those that are.
        SplitProgress[] shown = [.. job.Splits.OrderBy(s => s.Done == s.Planned).ThenBy(s => s.Split).Take(MaxSplits).OrderBy(s => s.Split)];
        foreach (var split in shown)
        {
            var share = split.Planned is > 0 and var planned ? (double)split.Done / planned : 0;
            var text = $"{Wording.Number(split.Done)} of {(split.Planned is { } all ? Wording.Number(all) : "?")} batches  {Wording.Name(split.Input)}"
                + (split.From > 0 ? $" from byte {Wording.Number(split.From)}" : "");
            var head = new Line(new Span($"split {Wording.Number(split.Split)}".PadRight(Indent.Length), Tone.Dim), new Span(glyphs.Bar(share, BarWidth), Tone.Bar));
            yield return head.PadTo(Indent.Length + BarWidth).Add(" " + Cells.Cut(text, width - Indent.Length - BarWidth - 1, glyphs.Ellipsis));
        }

        if (job.Splits.Count > shown.Length) yield return Indent + $"and {Wording.Number(job.Splits.Count - shown.Length)} more splits (--format json has all)";
    }

    private static IEnumerable<Line> Rows(JobRecord job) =>
    [
        $"{Wording.Number(job.Counts.Read)} read", $"{Wording.Number(job.Counts.Quarantined)} quarantined", $"{Wording.Number(job.Counts.Missing)} missing",
        $"in {Wording.Count(job.Regions, "region", "regions")}",
    ];

    private static string Of(ActorRestart r)
    {
        var where = (r.Batch is { } batch ? $"batch {batch}" : "") + After(r.RecoveredAfter);
        return where.Length == 0 ? r.Cause : $"{where.TrimStart(',', ' ')}: {r.Cause}";
    }

    private static IEnumerable<Line> Restarts(JobRecord job, Glyphs glyphs, int width)
    {
        var all = job.Restarts.Select(r => (r.At, r.Actor, Text: $"batch {r.Batch}{(r.Row is { } row ? $", row {Wording.Number(row)}" : "")}{After(r.RecoveredAfter)}: {r.Cause}"))
            .Concat(job.ActorRestarts.Select(r => (r.At, r.Actor, Text: Of(r)))).OrderBy(r => r.At).ToArray();
        foreach (var (at, actor, text) in all.TakeLast(MaxRestarts))
            yield return Cells.Cut($"{Indent}{JobWording.Time(at)} {Wording.Name(actor)} {Wording.Name(text)}", width, glyphs.Ellipsis);
        if (all.Length > MaxRestarts) yield return Indent + "(the last ones; all: etl events)";
    }

    // Before the cause, which may be long and is cut.
    private static string After(TimeSpan? recovered) =>
        recovered is { } after ? string.Create(CultureInfo.InvariantCulture, $", made good in {after.TotalSeconds:0.0##} s") : "";

    private static IEnumerable<Line> Why(StatusView view, int width)
    {
        var (job, command) = (view.Job, $"etl resume {view.ShortId}{view.Options}");
        if (job.Standing == JobStanding.Failed)
            return Field("failed", [$"exit code {Wording.Number(job.ExitCode ?? 0)}: {Wording.Name(job.Reason ?? "no reason is known")}"], ", ", width);
        if (job.Standing == JobStanding.Finished) return [];
        var why = view.Holder is { } holder ? $"{Wording.Name(holder)} is at work"
            : job.Reason is { } reason ? $"the last run was {Wording.Name(reason)}"
            : job.Spec is null ? "its process ended before it read anything: run the input again"
            : "the last run ended without a word: killed, or a journal or a sink failed it (etl_project_log.txt tells more)";
        return
        [
            .. Field("open", why.Split(' ').Select(w => (Line)w), " ", width),
            .. view.Holder is null && job.Spec is not null ? [new Line(new Span("next".PadRight(Indent.Length), Tone.Dim), new Span(command, Tone.Strong))] : Array.Empty<Line>(),
        ];
    }
}
