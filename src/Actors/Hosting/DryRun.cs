using System.Collections.Immutable;
using Akka.Configuration;
using Etl.Actors.Extract;
using Etl.Actors.Extract.Sources;
using Etl.Actors.Extract.Sources.Files;
using Etl.Domain;
using Etl.Domain.Countries;
using Etl.Domain.Extract;
using Etl.Domain.Jobs;
using Etl.Domain.Load;
using Etl.Domain.Map;
using Etl.Domain.Map.Files;

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
        var fetched = new Lazy<string>(() => Directory.CreateTempSubdirectory("etl-dry-run-").FullName);
        try
        {
            var settings = EtlSettings.From(EtlConfig.Compose(request.ConfigFiles, request.Settings, ""));
            FaultPoints.Parse(settings.Fault);
            // Standard input cannot be read twice, and a dry run writes nothing: its first part is all there is to see.
            var prepared = InputPreparation
                .PrepareAsync(request with { NoSpool = true }, static () => throw new System.Diagnostics.UnreachableException(),
                    url => FetchPreparation.FetchAsync(request, url, fetched.Value, cancellation), cancellation)
                .GetAwaiter().GetResult();
            var (_, scheme) = JobPreparation.ReadRegions(request.RegionsFile, request.Options.Regions);
            return prepared switch
            {
                PreparedInput.Page page => OfPage(page, scheme, request, cancellation),
                PreparedInput.Records records => OfRecords(records, scheme, request, settings, cancellation),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        catch (RunException refused)
        {
            return Failed(refused.ExitCode, refused.Message);
        }
        catch (Exception unreadable) when (unreadable is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return Failed(1, $"{request.Inputs.FirstOrDefault()} cannot be read: {unreadable.Message}");
        }
        catch (Exception wrong) when (wrong is ConfigurationException or FormatException)
        {
            return Failed(2, wrong.Message);
        }
        finally
        {
            if (fetched.IsValueCreated) Directory.Delete(fetched.Value, recursive: true);
        }
    }

    private static DryRunOutcome OfPage(PreparedInput.Page page, RegionScheme scheme, RunRequest request, CancellationToken cancellation) =>
        SourceCatalog.Read(page.Source, page.Content, request.Options, cancellation) switch
        {
            SplitReading.Rows rows => Of(rows, SplitReader.PlanOf(rows.Choice, request.Options.Duplicates, scheme), request, page.Source),
            SplitReading.Refused refused => Failed(refused.ExitCode, refused.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    // The first batch of the first input: enough to see whether the file is understood, and nobody waits for gigabytes.
    private static DryRunOutcome OfRecords(
        PreparedInput.Records records, RegionScheme scheme, RunRequest request, EtlSettings settings, CancellationToken cancellation)
    {
        var spec = JobPreparation.SpecOf(request, records.Source, records.Inputs, null, settings);
        var buffers = new BatchBuffers(settings.Records.BufferBytes);
        var read = InputPreparation.Check(spec, scheme, buffers);
        if (read is SplitReading.Refused refusal) return Failed(refusal.ExitCode, refusal.Reason);
        var layout = (SplitReading.Records)read;
        using var feed = layout.Open();
        switch (feed.ReadAsync(0, cancellation).GetAwaiter().GetResult())
        {
            case FeedItem.Bytes first:
                if (!first.Lent.Pieces(new(JobSpec.DefaultBatchBytes)).Next(out var bytes)) goto default;
                return new FileBatchMapper().Map(in bytes, first.Plan, new()) switch
                {
                    FileBatch.Mapped { Batch.Tally: var tally } => new(
                        0, null, layout.Choice, tally.Read, FileSample.Of(in bytes, first.Plan, Sample), UnknownNames(tally), tally),
                    FileBatch.Refused refused => Failed(1, Where(spec, refused)),
                    _ => throw new System.Diagnostics.UnreachableException(),
                };
            default:
                return new(0, null, layout.Choice, 0, [], [], BatchTally.Empty);
        }
    }

    private static string Where(JobSpec spec, FileBatch.Refused refused) => FormattableString.Invariant(
        $"{spec.Inputs[0].Label}, line {refused.Line + 1}, byte {refused.Offset}: {refused.Reason}; {refused.Remedy}");

    private static ImmutableArray<string> UnknownNames(BatchTally tally) =>
        [.. tally.Rejections.Where(r => r.Reason == RowMapper.UnknownCountry).Select(r => r.Text).Distinct()];

    private static DryRunOutcome Of(SplitReading.Rows rows, MapPlan plan, RunRequest request, string source)
    {
        var mapped = BatchMapper.Map(rows.Items, plan, new());
        var tally = mapped.Tally;
        var spec = new JobSpec(source, [new("", "", 0)], request.Options, plan.Directory.ContentHash, Math.Max(1, rows.Items.Length), "");
        // The report itself is not shown: what matters is whether there would be one.
        var report = ReportBuilder.Build(
            spec, series: false, plan.Directory, plan.Scheme, [rows.Choice], tally, mapped.Partials.Select(p => new RegionTotal(p.Region, p.Partial)));
        var error = (report as Result<Report, ReportError>.Error)?.Reason;
        return new(error?.ExitCode ?? 0, error?.Message, rows.Choice, rows.Items.Length, [.. rows.Items.Take(Sample)], UnknownNames(tally), tally);
    }

    private static DryRunOutcome Failed(int exitCode, string error) => new(exitCode, error, null, 0, [], [], null);
}
