using Etl.Domain.Jobs;

namespace Etl.Host.Screen;

/// <summary>A job's events, a line each; long details are cut, JSON has them whole.</summary>
internal static class EventsTable
{
    public static IEnumerable<Line> Lines(IReadOnlyList<ChronicleLine> lines, Glyphs glyphs, int width)
    {
        if (lines.Count == 0) return ["the journal holds no event of this job"];
        return Columns.Lines(
        [
            new("TIME, UTC", [.. lines.Select(l => new Span(JobWording.Time(l.At)[..19], Tone.Dim))]),
            new("KIND", [.. lines.Select(l => new Span(l.Kind, ToneOf(l.Kind)))]),
            new("DETAILS", [.. lines.Select(l => new Span(Inert.Text(l.Details)))]),
        ], glyphs, width);
    }

    private static Tone ToneOf(string kind) => kind switch
    {
        "failed" => Tone.Bad,
        "finished" => Tone.Good,
        "mapper_restarted" or "actors_restarted" or "batches_retried" or "run_stopped" => Tone.Warning,
        _ => Tone.Plain,
    };
}
