using System.CommandLine;
using Etl.Domain;
using Etl.Domain.Jobs;
using Etl.Host.Data;
using Etl.Host.Screen;

namespace Etl.Host.Commands;

/// <summary><c>etl status</c> and <c>etl events</c>: one job.</summary>
internal static class JobCommands
{
    public static Command BuildStatus(Terminal terminal, IEtlRunner runner) =>
        Build("status", "Shows one job: stages, splits, restarts, sinks, and why it is open.", terminal, runner, (asked, list, job) =>
        {
            if (asked.Json) JobsJson.WriteOne(list, job, terminal.Out);
            else
                Printer.Print(asked.View(terminal), StatusScreen.Lines(
                    new(job, JobSelection.Short(job.Job, list.Jobs), list.Holder, asked.Options, DateTimeOffset.UtcNow), Glyphs.For(terminal), terminal.Width));
        });

    public static Command BuildEvents(Terminal terminal, IEtlRunner runner) =>
        Build("events", "Lists what the journal holds of one job, in order; of a job that is over, its story.", terminal, runner, (asked, _, job) =>
        {
            var lines = runner.Events(asked.Request, job.Job);
            if (asked.Json) JobsJson.WriteEvents(lines, terminal.Out);
            else Printer.Print(asked.View(terminal), EventsTable.Lines(lines, Glyphs.For(terminal), terminal.Width));
        });

    private static Command Build(
        string name, string about, Terminal terminal, IEtlRunner runner, Action<Asked, Actors.Jobs.Reading.JobList, JobRecord> show)
    {
        var (options, id) = (new JobOptions(), JobOptions.Id(required: true));
        var command = new Command(name, about) { id };
        foreach (var option in options.All) command.Add(option);
        command.SetAction(parse => options.Carry(terminal, parse, (_, asked) =>
        {
            var list = runner.Jobs(asked.Request);
            switch (JobSelection.ByPrefix(list.Jobs, parse.GetValue(id) ?? ""))
            {
                case Result<JobRecord, string>.Ok { Value: var job }:
                    show(asked, list, job);
                    terminal.Out.Flush();
                    return new Result<int, string>.Ok(0);
                case Result<JobRecord, string>.Error { Reason: var reason }:
                    return new Result<int, string>.Error(reason);
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }));
        return command;
    }
}
