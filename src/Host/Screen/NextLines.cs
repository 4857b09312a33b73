using System.Globalization;
using Etl.Domain.Jobs;

namespace Etl.Host.Screen;

/// <summary>Where the results are, and what to try next.</summary>
internal static class NextLines
{
    private const string LogFile = "etl_project_log.txt";

    public static IEnumerable<Line> Of(RunView view, Glyphs glyphs, int width)
    {
        var separator = $" {glyphs.Dot} ";
        var files = view.Outcome.Files.Select(f => f.Name).Append(LogFile).Distinct().Select(f => (Line)Wording.Name(f)).ToList();
        files[0] = new Line(Wording.Name(Path.TrimEndingDirectorySeparator(view.Request.OutDirectory)) + "/").Append(files[0]);
        return
        [
            .. Flow.Lines(new(new Span("files  ", Tone.Dim)), files, separator, width),
            .. Flow.Lines(new(new Span("next   ", Tone.Dim)), Commands(view).Select(c => (Line)c), separator, width),
        ];
    }

    // Without these the same input would be refused, or be another question.
    private static string Needed(AnswerOptions options) =>
        (options.Year is YearRule.Auto ? "" : $" --year {options.Year}")
        + (options.AsOf is { } date ? $" --as-of {Wording.Date(date)}" : "")
        + (options.Duplicates == AnswerOptions.Default.Duplicates ? "" : $" --duplicates {options.Duplicates.ToString().ToLowerInvariant()}");

    // Something else than what was just done, on the same input.
    private static IEnumerable<string> Commands(RunView view)
    {
        if (view.Request is { Stage: not null } stage)
        {
            yield return stage.Sinks.Contains(Actors.Stages.AnswerSink.Word) ? $"etl load {Wording.Shell(stage.OutDirectory)}" : $"etl load {Wording.Shell(stage.Stage)} --sink html,csv";
            yield break;
        }

        var options = view.Report.Spec.Options;
        var run = InputNames.Command(view.Request.Inputs) + Needed(options);
        yield return run + " --regions " + (options.Regions == "un-region" ? "wb-income" : "un-region");
        yield return run + " --top " + (options.Top == 3 ? AnswerOptions.Default.Top : 3).ToString(CultureInfo.InvariantCulture);
        yield return "etl formats";
    }
}
