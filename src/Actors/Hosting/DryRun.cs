using System.Collections.Immutable;
using Akka.Configuration;
using Etl.Actors.Extract;
using Etl.Actors.Extract.Sources;
using Etl.Domain;
using Etl.Domain.Extract;
using Etl.Domain.Jobs;
using Etl.Domain.Load;
using Etl.Domain.Map;

namespace Etl.Actors.Hosting;

/// <summary>What a run would do.</summary>
/// <param name="ExitCode">0 when a run would get as far as reading rows; otherwise what it would exit with.</param>
/// <param name="Error">One paragraph for people, null when there is none.</param>
/// <param name="Choice">What the source chose, null when it found no table.</param>
/// <param name="Rows">Rows of the table.</param>
/// <param name="UnknownNames">Names that are not in the directory, in the order of the source.</param>
/// <param name="Tally">Where the rows would go.</param>
public sealed record DryRunOutcome(
    int ExitCode, string? Error, SourceChoice? Choice, long Rows, ImmutableArray<RawRow> FirstRows, ImmutableArray<string> UnknownNames,
    BatchTally? Tally);

/// <summary>Reads and maps an input without actors, journal or files: the same source, the same mapper, nothing written.</summary>
public static class DryRun
{
    private const int Sample = 5;

    /// <summary>Runs; every expected failure is an outcome.</summary>
    public static Task<DryRunOutcome> RunAsync(RunRequest request, CancellationToken cancellation) =>
        Task.Run(() => Run(request, cancellation), cancellation);

    private static DryRunOutcome Run(RunRequest request, CancellationToken cancellation)
    {
        try
        {
            var settings = EtlSettings.From(EtlConfig.Compose(request.ConfigFiles, request.Settings, ""));
            FaultPoints.Parse(settings.Fault);
            var content = JobPreparation.ReadInput(request.Input);
            var source = SourceCatalog.NameFor(request.Source, content);
            if (source is null) return Failed(1, SourceCatalog.Unrecognised(content));
            var (_, scheme) = JobPreparation.ReadRegions(request.RegionsFile, request.Options.Regions);
            return SourceCatalog.Read(source, content, request.Options, cancellation) switch
            {
                SplitReading.Rows rows => Of(rows, SplitReader.PlanOf(rows.Choice, request.Options.Duplicates, scheme), request, source),
                SplitReading.Refused refused => Failed(refused.ExitCode, refused.Reason),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        catch (RunException refused)
        {
            return Failed(refused.ExitCode, refused.Message);
        }
        catch (Exception wrong) when (wrong is ConfigurationException or FormatException)
        {
            return Failed(2, wrong.Message);
        }
    }

    private static DryRunOutcome Of(SplitReading.Rows rows, MapPlan plan, RunRequest request, string source)
    {
        var mapped = BatchMapper.Map(rows.Items, plan, new());
        var tally = mapped.Tally;
        var spec = new JobSpec(source, [new("", "", 0)], request.Options, plan.Directory.ContentHash, Math.Max(1, rows.Items.Length), "");
        // The report itself is not shown: what matters is whether there would be one.
        var report = ReportBuilder.Build(
            spec, series: false, plan.Directory, plan.Scheme, [rows.Choice], tally, mapped.Partials.Select(p => new RegionTotal(p.Region, p.Partial)));
        var error = (report as Result<Report, ReportError>.Error)?.Reason;
        var unknown = tally.Rejections.Where(r => r.Reason == RowMapper.UnknownCountry).Select(r => r.Text).Distinct();
        return new(error?.ExitCode ?? 0, error?.Message, rows.Choice, rows.Items.Length, [.. rows.Items.Take(Sample)], [.. unknown], tally);
    }

    private static DryRunOutcome Failed(int exitCode, string error) => new(exitCode, error, null, 0, [], [], null);
}
