using System.Collections.Immutable;
using Etl.Actors.Extract;
using Etl.Actors.Extract.Sources;
using Etl.Domain.Extract;
using Etl.Domain.Jobs;
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
            var content = JobPreparation.ReadInput(request.Input);
            var source = SourceCatalog.NameFor(request.Source, content);
            if (source is null) return Failed(1, SourceCatalog.Unrecognised(content));
            var (_, scheme) = JobPreparation.ReadRegions(request.RegionsFile, request.Options.Regions);
            return SourceCatalog.Read(source, content, request.Options, cancellation) switch
            {
                SplitReading.Rows rows => Of(rows, SplitReader.PlanOf(rows.Choice, request.Options.Duplicates, scheme)),
                SplitReading.Refused refused => Failed(refused.ExitCode, refused.Reason),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        catch (RunException refused)
        {
            return Failed(refused.ExitCode, refused.Message);
        }
    }

    private static DryRunOutcome Of(SplitReading.Rows rows, MapPlan plan)
    {
        var tally = BatchMapper.Map(rows.Items, plan, new()).Tally;
        var unknown = tally.Rejections.Where(r => r.Reason == RowMapper.UnknownCountry).Select(r => r.Text).Distinct();
        return new(0, null, rows.Choice, rows.Items.Length, [.. rows.Items.Take(Sample)], [.. unknown], tally);
    }

    private static DryRunOutcome Failed(int exitCode, string error) => new(exitCode, error, null, 0, [], [], null);
}
