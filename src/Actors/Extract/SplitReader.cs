using System.Collections.Concurrent;
using System.Collections.Immutable;
using Etl.Actors.Extract.Sources.Files;
using Etl.Domain.Countries;
using Etl.Domain.Extract;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Actors.Extract;

/// <summary>A split, read. Closed.</summary>
public abstract record SplitReading
{
    private SplitReading() { }

    /// <summary>Its rows, and what the source chose.</summary>
    public sealed record Rows(SourceChoice Choice, ImmutableArray<RawRow> Items) : SplitReading;

    /// <summary>Its layout, and who reads its batches of bytes.</summary>
    /// <param name="Batches"><see cref="SplitPlan.Unknown"/> when the end of the stream will tell.</param>
    /// <param name="Open">Makes a feed; each is its owner's alone.</param>
    public sealed record Records(SourceChoice Choice, int Batches, Func<IBatchFeed> Open) : SplitReading;

    /// <summary>It cannot be read, now or later; one paragraph for people.</summary>
    /// <param name="ExitCode">2 when the options leave it open what is meant, 1 otherwise.</param>
    public sealed record Refused(int ExitCode, string Reason) : SplitReading;
}

/// <summary>
/// Reads a job's splits, each once per process: the command line reads a page before the journal is open, and the extractor takes what
/// was read. Thread-safe; nothing it returns is changed.
/// </summary>
public sealed class SplitReader(Func<JobSpec, int, CancellationToken, Task<SplitReading>> read, Func<JobSpec, RegionScheme> schemeOf)
{
    private const int MostKept = 16;
    private readonly ConcurrentDictionary<(string Key, int Split), Lazy<Task<SplitReading>>> splits = new();

    /// <summary>Reads a split, or returns what was read before. A failed read is forgotten, so that it can be tried again.</summary>
    public async Task<SplitReading> ReadAsync(JobSpec spec, int split, CancellationToken cancellation)
    {
        // Files of records are not kept: only their layout is read, and there may be thousands of them.
        if (RecordSource.Reads(spec.Source)) return await Task.Run(() => read(spec, split, cancellation), cancellation).ConfigureAwait(false);
        var key = (spec.InputKey(), split);
        // A process that lives on reads many; what is read again is read from its stored copy.
        if (splits.Count > MostKept) splits.Clear();
        var reading = splits.GetOrAdd(key, _ => new(() => Task.Run(() => read(spec, split, cancellation), cancellation)));
        try
        {
            return await reading.Value.ConfigureAwait(false);
        }
        catch
        {
            splits.TryRemove(KeyValuePair.Create(key, reading));
            throw;
        }
    }

    /// <summary>Who reads the batches of a split that was read; null when it was refused.</summary>
    public IBatchFeed? FeedOf(JobSpec spec, SplitReading reading) => reading switch
    {
        SplitReading.Rows rows => new RowsFeed(rows.Items, spec.BatchRows, PlanOf(spec, rows.Choice)),
        SplitReading.Records records => records.Open(),
        _ => null,
    };

    /// <summary>What a mapper needs to know to read the rows of a split.</summary>
    public MapPlan PlanOf(JobSpec spec, SourceChoice choice) => PlanOf(choice, spec.Options.Duplicates, schemeOf(spec));

    /// <inheritdoc cref="PlanOf(JobSpec, SourceChoice)" />
    public static MapPlan PlanOf(SourceChoice choice, DuplicateRule duplicates, RegionScheme scheme) =>
        new(choice.Unit, choice.HeaderYear, choice.Column, duplicates, CountryDirectory.Default, scheme);

    /// <summary>The region scheme of a job.</summary>
    public RegionScheme SchemeOf(JobSpec spec) => schemeOf(spec);
}

/// <summary>Cuts a page's rows into batches by row number: arithmetic alone, so the same after any crash.</summary>
public static class RowBatches
{
    /// <summary>How many batches <paramref name="rows"/> rows make.</summary>
    public static int Count(int rows, int batchRows) => (int)(((long)rows + batchRows - 1) / batchRows);

    /// <summary>The rows of a batch.</summary>
    public static ImmutableArray<RawRow> Slice(ImmutableArray<RawRow> rows, int ordinal, int batchRows)
    {
        var from = Math.Min((long)ordinal * batchRows, rows.Length);
        return rows.Slice((int)from, (int)Math.Min(batchRows, rows.Length - from));
    }
}
