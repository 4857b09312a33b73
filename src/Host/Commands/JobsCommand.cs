using System.CommandLine;
using System.Globalization;
using Etl.Domain;
using Etl.Host.Data;
using Etl.Host.Screen;

namespace Etl.Host.Commands;

/// <summary><c>etl jobs</c> and <c>etl jobs prune</c>.</summary>
internal static class JobsCommand
{
    private const int KeptJobs = 50, MostKept = 1_000_000;

    public static Command Build(Terminal terminal, IEtlRunner runner)
    {
        var options = new JobOptions();
        var command = new Command("jobs", "Lists the jobs that the journal knows, newest first.") { BuildPrune(terminal, runner) };
        foreach (var option in options.All) command.Add(option);
        command.SetAction(parse => options.Carry(terminal, parse, (_, asked) =>
        {
            var list = runner.Jobs(asked.Request);
            if (asked.Json) JobsJson.WriteList(list, terminal.Out);
            else Printer.Print(asked.View(terminal), JobsTable.Lines(list, asked.Options, DateTimeOffset.UtcNow, Glyphs.For(terminal), terminal.Width));
            return new Result<int, string>.Ok(0);
        }));
        return command;
    }

    private static Command BuildPrune(Terminal terminal, IEtlRunner runner)
    {
        var options = new JobOptions();
        var keep = new Option<string?>("--keep")
        {
            HelpName = "N",
            Description = "So many of the newest jobs that are over stay. Default: 50. Unfinished jobs stay, whatever their number",
        };
        var command = new Command("prune", "Removes old jobs that are over from the journal, and stored inputs that no unfinished job needs.") { keep };
        foreach (var option in options.All) command.Add(option);
        command.SetAction(parse => options.Carry(terminal, parse, (read, asked) =>
        {
            var kept = read.Value(keep, KeptJobs, Kept);
            if (read.Problem is { } problem) return new Result<int, string>.Error(problem);
            var outcome = runner.Prune(asked.Request, kept);
            if (asked.Json) JobsJson.WritePruned(outcome, terminal.Out);
            else Printer.Print(asked.View(terminal), JobsTable.Pruned(outcome, Glyphs.For(terminal)));
            return new Result<int, string>.Ok(0);
        }));
        return command;
    }

    private static Reading<int> Kept(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var jobs) && jobs <= MostKept
            ? Reading<int>.Ok(jobs) : Reading<int>.Bad($"takes a whole number from 0 to {MostKept}, not '{text}'");
}
