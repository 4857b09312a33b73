using System.CommandLine;
using Etl.Actors.Hosting;
using Etl.Dashboard;
using Etl.Dashboard.Security;
using Etl.Domain;
using Etl.Domain.Extract.Fetching;
using Etl.Domain.Jobs;
using Etl.Host.Commands;

namespace Etl.Host.Service;

/// <summary>Reads submissions as the command line reads its options, and shows ends as the command line shows them.</summary>
internal sealed class JobDesk(JobHost host, HostArguments arguments, IRunObserver report) : IJobDesk
{
    private const int Usage = 2;

    /// <inheritdoc />
    public async Task<Submitted> SubmitAsync(JobSubmission submission, CancellationToken cancellation)
    {
        var request = Request(submission);
        var done = await host.SubmitAsync(request, report, cancellation).ConfigureAwait(false);
        return new(done.Job!, done.IsNew);
    }

    /// <inheritdoc />
    public JobScreen? Screen(JobId job, int width, bool color, bool unicode, string format, bool quiet)
    {
        if (host.Board?.Find(job)?.End is not { Result: var end } || host.Board.Queue.Find(job) is not { } entry) return null;
        if (!RunArguments.Formats.TryGetValue(format, out var shown)) throw new RunException(Usage, $"format is one of {string.Join(", ", RunArguments.Formats.Keys)}");
        var (data, told) = (new StringWriter(), new StringWriter());
        var terminal = new Terminal(data, told, false, Math.Clamp(width, Terminal.MinWidth, Terminal.MaxWidth), color, unicode);
        var outcome = new RunOutcome(
            end.ExitCode, end.Error, end.Report, end.Facts, end.Files, end.CrossCheck,
            end.Report?.Regions.Select(r => r.Region).Distinct(StringComparer.Ordinal).Count() ?? 0, host.Mappers,
            TimeSpan.FromSeconds(end.Facts?.Seconds ?? 0));
        using var none = new Interruption();
        var code = RunCommand.Shown(new(RequestOf(entry), false, shown, quiet, !color), terminal, outcome, none);
        return new(code, data.ToString(), told.ToString());
    }

    /// <inheritdoc />
    public bool CrashMappers(int batches)
    {
        if (!arguments.AllowChaos || !host.System.IsCompletedSuccessfully) return false;
        ChaosMonkey.Of(host.System.Result).CrashMappers(batches);
        return true;
    }

    /// <summary>The request that a submission comes to.</summary>
    /// <exception cref="RunException">2: a word is none, or a path leads out of its root.</exception>
    internal RunRequest Request(JobSubmission submission)
    {
        var options = new RunOptions();
        var command = new Command("run") { options.Input };
        foreach (var option in options.Groups.SelectMany(g => g.Options)) command.Add(option);
        var parse = command.Parse([.. SubmissionWords.Of(submission, Input, RegionsFile), .. arguments.AllowPrivateHosts ? ["--allow-private-hosts"] : Array.Empty<string>()],
            new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (parse.Errors.Count > 0) throw new RunException(Usage, parse.Errors[0].Message);
        var request = RunArguments.Read(parse, options) switch
        {
            Result<RunArguments, string>.Ok { Value.Request: var ok } => ok,
            Result<RunArguments, string>.Error { Reason: var reason } => throw new RunException(Usage, reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        // A pattern may have matched a link that leads elsewhere.
        foreach (var input in request.Inputs.Where(i => !FetchUrl.IsUrl(i))) RootedPath.Resolve(arguments.InputRoot, input, "the input");
        var journal = arguments.Request.Journal;
        return request with
        {
            OutDirectory = OutDirectory(submission.Out),
            StateDirectory = journal.StateDirectory,
            ConfigFiles = journal.ConfigFiles,
            Settings = journal.Settings,
            Postgres = journal.Postgres,
        };
    }

    private string Input(string named)
    {
        if (FetchUrl.IsUrl(named)) return named;
        if (named == InputFiles.Standard) throw new RunException(Usage, "a host has no standard input: save it to a file below the input root");
        // Named from the root, which is where this process stands, whatever it was called by: so the answer says the same wherever the host runs.
        var relative = Path.GetRelativePath(arguments.InputRoot, RootedPath.Resolve(arguments.InputRoot, named, "the input"));
        return relative.StartsWith('-') ? Path.Combine(".", relative) : relative;
    }

    private string RegionsFile(string named) => named.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)
        ? Path.GetRelativePath(arguments.InputRoot, RootedPath.Resolve(arguments.InputRoot, named, "the file of regions")) : named;

    private string OutDirectory(string? named)
    {
        var place = RootedPath.Resolve(
            arguments.OutputRoot, named ?? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Guid.NewGuid().ToString("N")[..6]}"),
            "the output directory");
        if (RootedPath.IsBelow(arguments.Request.Journal.StateDirectory, place) || place.Split(Path.DirectorySeparatorChar)[^1].StartsWith('.'))
            throw new RunException(Usage, $"the output directory '{named}' is where the host keeps its own; choose another");
        return place;
    }

    // For the screen, which tells of what was asked for.
    private RunRequest RequestOf(Domain.Jobs.Queueing.QueueEntry entry) => new(
        ResumeCommand.Named(entry.Spec), entry.Spec.Source, entry.Spec.Options, entry.Spec.Options.RegionsFile?.Label, entry.Wishes.OutDirectory,
        arguments.Request.Journal.StateDirectory, [.. entry.Wishes.Sinks], [], [], entry.Wishes.Fresh, entry.Wishes.Strict, entry.Wishes.MaxQuarantined,
        entry.Wishes.MaxQuarantinedPercent);
}
