using System.Globalization;
using Etl.Actors.Hosting;
using Etl.Domain.Supervision;

namespace Etl.Host.Screen;

/// <summary>What <c>etl explain</c> shows: tables that say what happens, not how it is written.</summary>
internal static class ExplainScreen
{
    public static IEnumerable<Line> Lines(Explanation told, string part, Glyphs glyphs, int width)
    {
        (string Name, Func<IEnumerable<Line>> Lines)[] parts =
        [
            ("tree", () => Tree(told, glyphs, width)), ("routing", () => Routing(told, glyphs, width)),
            ("supervision", () => Supervision(told, glyphs, width)), ("config", () => Settings(told, glyphs, width)),
        ];
        var first = true;
        foreach (var (name, lines) in parts.Where(p => part == "all" || p.Name == part))
        {
            if (!first) yield return Line.Empty;
            first = false;
            yield return new(new Span(name.ToUpperInvariant(), Tone.Strong));
            foreach (var line in lines()) yield return line;
        }
    }

    /// <summary>How often, as people say it.</summary>
    public static string Retries(ActorPolicy row) =>
        row.Limit.Retries is { } most ? Wording.Number(most) : row.Actor == SupervisedActor.Root ? "none" : "unlimited";

    /// <summary>In which time the retries count.</summary>
    public static string Window(ActorPolicy row) => row.Actor.Limits switch
    {
        LimitKind.UntilSuccess => "until a success",
        LimitKind.Windowed => row.Limit.Window is { } window ? Time(window) : "the job",
        _ => "-",
    };

    private static IEnumerable<Line> Tree(Explanation told, Glyphs glyphs, int width) => Columns.Lines(
    [
        new("PATH", [.. told.Tree.Select(p => new Span(p.Path, p.IsFixed ? Tone.Strong : Tone.Plain))]),
        new("SUPERVISION", [.. told.Tree.Select(p => new Span(p.Kind?.Name ?? "root"))]),
        new("WHAT IT IS", [.. told.Tree.Select(p => new Span(p.About + (p.Kind is { IsPersistent: true } ? "; persistent" : "")))]),
    ], glyphs, width);

    private static IEnumerable<Line> Routing(Explanation told, Glyphs glyphs, int width)
    {
        var pool = told.Mappers;
        foreach (var line in Columns.Lines(
        [
            new("POOL", [new(pool.Path, Tone.Strong)]), new("ROUTER", [new(Inert.Text(pool.Router))]), new("SIZE", [new(Wording.Number(pool.Instances))], Right: true),
            new("RESIZER", [new(pool.Resizer is { } bounds ? $"{Wording.Number(bounds.From)} to {Wording.Number(bounds.To)}" : "off")]),
        ], glyphs, width)) yield return line;
        yield return $"journal  {Inert.Text(told.Journal)}";
    }

    private static IEnumerable<Line> Supervision(Explanation told, Glyphs glyphs, int width)
    {
        var cells = told.Policy.Rows.SelectMany(row => row.On.Named.Select(n => (row, Cause: n.Key, Directive: n.Value)).Append((row, Cause: "default", Directive: row.On.Default))).ToArray();
        foreach (var line in Columns.Lines(
        [
            new("ACTOR", [.. cells.Select(c => new Span(c.row.Actor.Name, Tone.Strong))]),
            new("ON", [.. cells.Select(c => new Span(Inert.Text(c.Cause)))]),
            new("DIRECTIVE", [.. cells.Select(c => new Span(SupervisedActor.Word(c.Directive)))]),
            new("RETRIES", [.. cells.Select(c => new Span(Comes(c.Directive) ? Retries(c.row) : "-"))], Right: true),
            new("WINDOW", [.. cells.Select(c => new Span(Comes(c.Directive) ? Window(c.row) : "-"))]),
            new("BACK-OFF", [.. cells.Select(c => new Span(Comes(c.Directive) ? Backoff(c.row.Backoff) : "-"))]),
        ], glyphs, width)) yield return line;
        yield return Line.Empty;
        foreach (var (kind, directive) in cells.Select(c => (c.row.Actor, c.Directive)).Distinct())
            foreach (var line in Flow.Lines(
                new(new Span($"{kind.Name} {SupervisedActor.Word(directive)}: ", Tone.Dim)), kind.Outcomes[directive].Split(' ').Select(w => (Line)w), " ", width))
                yield return line;
        foreach (var line in Flow.Lines(
            new(new Span("a write that fails: ", Tone.Dim)),
            $"always stops its actor, which is created again; when nothing could be written for {Time(told.Policy.JournalPatience)}, the jobs end with exit code 74".Split(' ').Select(w => (Line)w), " ", width))
            yield return line;
    }

    private static IEnumerable<Line> Settings(Explanation told, Glyphs glyphs, int width) => Columns.Lines(
    [
        new("KEY", [.. told.Settings.Select(s => new Span(Inert.Text(s.Key), s.Origin == "reference.conf" ? Tone.Plain : Tone.Strong))]),
        new("ORIGIN", [.. told.Settings.Select(s => new Span(Inert.Text(s.Origin), Tone.Dim))]),
        new("VALUE", [.. told.Settings.Select(s => new Span(s.Value.Length == 0 ? "\"\"" : Inert.Text(s.Value)))]),
    ], glyphs, width);

    private static bool Comes(FailureDirective directive) => directive == FailureDirective.Restart;

    private static string Backoff(BackoffTimes times) => times.Max <= TimeSpan.Zero ? "at once"
        : $"{Time(times.Min)} to {Time(times.Max)}" + (times.Jitter > 0 ? string.Create(CultureInfo.InvariantCulture, $", +{times.Jitter * 100:0} %") : "");

    private static string Time(TimeSpan time) => time.TotalSeconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.###} ms") : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
