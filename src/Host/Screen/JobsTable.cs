using Etl.Actors.Jobs.Reading;
using Etl.Domain.Jobs;

namespace Etl.Host.Screen;

/// <summary>The jobs that a journal knows, a line each, and what a pruning took away.</summary>
internal static class JobsTable
{
    // From here on there is room for the year.
    private const int Wide = 100;

    public static IEnumerable<Line> Lines(JobList list, string options, DateTimeOffset now, Glyphs glyphs, int width)
    {
        var jobs = list.Jobs;
        if (jobs.IsEmpty) return ["no jobs yet"];
        Column[] columns =
        [
            new("ID", [.. jobs.Select(job => new Span(JobSelection.Short(job.Job, jobs), Tone.Strong))]),
            new("STATE", [.. jobs.Select(job => new Span(JobWording.Of(job.Standing), JobWording.ToneOf(job.Standing)))]),
            new("STARTED, UTC", Plain(job => width >= Wide ? JobWording.Time(job.StartedAt)[..16] : JobWording.ShortTime(job.StartedAt))),
            new("AGE", Plain(job => JobWording.Age(now - job.StartedAt)), Right: true),
            new("BATCHES", Plain(JobWording.Batches), Right: true),
            new("ROWS", Plain(job => Wording.Number(job.Counts.Read)), Right: true),
            new("RUNS", Plain(job => Wording.Number(job.Runs.Count)), Right: true),
            new("RESTARTS", Plain(job => Wording.Number(job.RestartsTotal)), Right: true),
            new("INPUT", Plain(job => FileName(JobWording.Input(job), width))),
        ];
        return
        [
            .. Columns.Lines(width >= Wide ? columns : [.. columns.Where(c => c.Heading is not "RESTARTS")], glyphs, width),
            .. Next(list, options),
        ];

        IReadOnlyList<Span> Plain(Func<JobRecord, string> text) => [.. jobs.Select(job => new Span(text(job)))];
    }

    public static IEnumerable<Line> Pruned(PruneOutcome outcome, Glyphs glyphs)
    {
        if (outcome.Removed.IsEmpty && outcome.Inputs == 0) yield return "nothing to remove";
        if (!outcome.Removed.IsEmpty)
            yield return $"removed {Wording.Count(outcome.Removed.Length, "job that is over", "jobs that are over")}: "
                + string.Join(", ", outcome.Removed.Take(3).Select(job => job.ToString()[..8])) + (outcome.Removed.Length > 3 ? $", {glyphs.Ellipsis}" : "");
        if (outcome.Inputs > 0)
            yield return $"removed {Wording.Count(outcome.Inputs, "stored input", "stored inputs")} that no unfinished job needs, {JobWording.Bytes(outcome.InputBytes)}";
        yield return $"kept    {Wording.Count(outcome.Kept, "job that is over", "jobs that are over")}, {Wording.Count(outcome.Open, "unfinished job", "unfinished jobs")}";
        if (outcome.JournalBytesBefore > 0)
            yield return $"journal {JobWording.Bytes(outcome.JournalBytes)}, {JobWording.Bytes(outcome.JournalBytesBefore)} before";
    }

    private static IEnumerable<Line> Next(JobList list, string options)
    {
        if (list.Holder is { } holder) yield return new(new Span($"at work: {Inert.Text(holder)}", Tone.Dim));
        if (list.Jobs.FirstOrDefault(job => job.Standing == JobStanding.Open) is not { } open) yield break;
        var id = JobSelection.Short(open.Job, list.Jobs);
        yield return new(new Span(list.Holder is null ? $"next   etl status {id}{options}    etl resume {id}{options}" : $"next   etl status {id}{options}", Tone.Dim));
    }

    // In a narrow place the name of the file says more than the beginning of its path.
    private static string FileName(string input, int width) => width >= Wide ? input : input[(input.LastIndexOf('/') + 1)..];
}
