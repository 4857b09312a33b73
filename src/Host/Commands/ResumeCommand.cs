using System.Collections.Immutable;
using System.CommandLine;
using Etl.Actors.Extract.Sources;
using Etl.Actors.Hosting;
using Etl.Actors.Jobs.Reading;
using Etl.Domain;
using Etl.Domain.Jobs;

namespace Etl.Host.Commands;

/// <summary><c>etl resume</c>: goes on with a job from what the journal knows of it; how it is shown and where it is loaded is said anew.</summary>
internal static class ResumeCommand
{
    private const int BadUsage = 2;

    public static Command Build(Terminal terminal, IEtlRunner runner, Interruption interruption)
    {
        var (options, id) = (new RunOptions(), JobOptions.Id(required: false));
        var command = new Command("resume", "Goes on with an unfinished job: input and options as the journal has them.") { id };
        foreach (var option in options.OfResume) command.Add(option);
        command.SetAction((parse, _) => CarryAsync(terminal, runner, interruption, parse, options, parse.GetValue(id)));
        return command;
    }

    private static async Task<int> CarryAsync(
        Terminal terminal, IEtlRunner runner, Interruption interruption, ParseResult parse, RunOptions options, string? id)
    {
        switch (RunArguments.Read(parse, options))
        {
            case Result<RunArguments, string>.Error { Reason: var problem }:
                return CommandLine.Error(terminal, BadUsage, $"{problem} ({Usage.Hint(parse)})");
            case Result<RunArguments, string>.Ok { Value: var arguments }:
                try
                {
                    var request = arguments.Request;
                    var jobs = runner.Jobs(new JournalRequest(request.StateDirectory, request.ConfigFiles, request.Settings, request.Postgres)).Jobs;
                    return JobSelection.ToResume(jobs, id) switch
                    {
                        Result<JobRecord, string>.Ok { Value: var job } => await RunCommand.RunAsync(
                            arguments with { Request = Of(request, job.Spec!) }, terminal, runner, interruption).ConfigureAwait(false),
                        Result<JobRecord, string>.Error { Reason: var reason } => CommandLine.Error(terminal, BadUsage, $"{reason} ({Usage.Hint(parse)})"),
                        var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
                    };
                }
                catch (RunException refused)
                {
                    return CommandLine.Error(terminal, refused.ExitCode, refused.Message);
                }

            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>The inputs as a run would name them: the bundled edition by none.</summary>
    public static ImmutableArray<string> Named(JobSpec spec) =>
        spec.Inputs is [{ File: null, Label: var label }] && label == SourceCatalog.Bundled().Label ? [] : [.. spec.Inputs.Select(i => i.Label)];

    private static RunRequest Of(RunRequest request, JobSpec spec) => request with
    {
        Resume = spec,
        Options = spec.Options,
        Source = spec.Source,
        // A transform's job is gone on with as one: what it comes to is for etl load.
        Stage = spec.Inputs.Any(i => i.Origin is not null) ? request.OutDirectory : null,
        Sinks = spec.Inputs.Any(i => i.Origin is not null) ? [Actors.Stages.AnswerSink.Word] : request.Sinks,
        Inputs = Named(spec),
    };
}
