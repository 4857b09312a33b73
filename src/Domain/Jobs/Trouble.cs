using System.Collections.Immutable;
using Etl.Domain.Map;

namespace Etl.Domain.Jobs;

/// <summary>What is durably known of a batch that has crashed mappers.</summary>
/// <param name="Named">Rows that one crash has named.</param>
/// <param name="Unnamed">Crashes of the whole batch that named no row.</param>
/// <param name="Fruitless">Crashes of mappers since a row was condemned, a search was narrowed down, or ever.</param>
/// <param name="Suspects">The rows that a search is among; null: there is none.</param>
/// <param name="IsOfRows">The search has shown that the mapper does not crash without rows.</param>
/// <param name="Shown">So many crashes have shown that it is these suspects and no others; 0: it follows from the others' success.</param>
/// <param name="Condemned">Rows that are not mapped any more, in order.</param>
public sealed record BatchTrouble(
    ImmutableSortedSet<long> Named, int Unnamed, int Fruitless, RowRange? Suspects, bool IsOfRows, int Shown,
    EquatableArray<CondemnedRow> Condemned)
{
    // A search asks about so small a part of what is left. Each crash is dear (a process, at worst) and each success cheap, so a crash
    // divides by more than two.
    private const int Parts = 16;

    /// <summary>Nothing is known.</summary>
    public static BatchTrouble None { get; } = new([], 0, 0, null, false, 0, []);

    /// <summary>The next rows to try alone; first none at all, for what crashes without rows is no row's fault. Null: the whole batch.</summary>
    public RowRange? Probe => Suspects is not { } among ? null
        : !IsOfRows ? new(among.From, among.From)
        : new(among.From, among.From + Math.Max(1, among.Length / Parts));

    /// <summary>How the batch is mapped next.</summary>
    public Caution Caution => new(Condemned, Unnamed > 0, Probe);

    /// <summary>A mapper crashed, or the process ended, at a row or at none.</summary>
    public BatchTrouble Crashed(Restart crash) => this with
    {
        Named = crash.Row is { } named ? Named.Add(named) : Named,
        Unnamed = crash.Row is null && Suspects is null ? Unnamed + 1 : Unnamed,
        // Anything may have ended a process, and who ends it time and again is not to be told that the job has failed.
        Fruitless = crash.IsOfProcess ? Fruitless : Fruitless + 1,
    };

    /// <summary>The fault is among these rows.</summary>
    public BatchTrouble Suspect(RowRange rows) => this with
    {
        Suspects = rows,
        // Crashes that narrow a search down are of use; the one that began it is not yet.
        Fruitless = Suspects is null ? Fruitless : 0,
        IsOfRows = Suspects is not null,
        Shown = Suspects is null ? 0 : Suspects == rows ? Shown + 1 : 1,
    };

    /// <summary>These rows, tried alone, crashed nothing. When none is left, no row does it alone: the whole batch is tried again.</summary>
    public BatchTrouble Clear(RowRange rows) =>
        rows.Length == 0 ? this with { IsOfRows = true }
        : rows.To >= Suspects!.To ? this with { Suspects = null, IsOfRows = false, Shown = 0 }
        : this with { Suspects = new(rows.To, Suspects.To), Shown = 0 };

    /// <summary>These rows are not mapped any more.</summary>
    public BatchTrouble Condemn(IEnumerable<CondemnedRow> rows) => this with
    {
        Named = [],
        Fruitless = 0,
        Suspects = null,
        IsOfRows = false,
        Shown = 0,
        Condemned = Condemned.Concat(rows).DistinctBy(r => r.Position).Order().ToEquatableArray(),
    };
}

/// <summary>A batch, or a part of one, that is being mapped while nothing else is; journaled before it is issued.</summary>
public sealed record Attempt(BatchId Batch, RowRange? Probe);

/// <summary>What is durably known of the crashes of an unfinished job.</summary>
/// <param name="Batches">The batches that crashed and are not completed.</param>
/// <param name="Condemned">The first rows that were condemned, at most <see cref="JobState.MaxRestarts"/>.</param>
/// <param name="CondemnedTotal">How many were.</param>
/// <param name="IdleRuns">Processes in a row, before the one at work, that ended without completing a batch; -1 when this one has completed one.</param>
/// <param name="AloneFor">So many more batches are mapped one at a time.</param>
/// <param name="UnderWay">What was issued alone last and has not come to anything yet.</param>
public sealed record JobTroubles(
    ImmutableSortedDictionary<BatchId, BatchTrouble> Batches, ImmutableList<JobEvent.RowsCondemned> Condemned, long CondemnedTotal, int IdleRuns,
    int AloneFor, Attempt? UnderWay)
{
    /// <summary>So many processes die without progress before batches are mapped one at a time.</summary>
    public const int IdleRunsBorne = 3;

    // Twice the window of batches under way by default: what ended the processes is among the lowest of that many.
    private const int Alone = 128;

    /// <summary>No crash.</summary>
    public static JobTroubles None { get; } = new(ImmutableSortedDictionary<BatchId, BatchTrouble>.Empty, [], 0, -1, 0, null);

    /// <summary>One batch at a time, each attempt journaled: so the next process knows what ended this one.</summary>
    public bool OneAtATime => AloneFor > 0;

    /// <summary>What is known of a batch.</summary>
    public BatchTrouble Of(BatchId batch) => Batches.GetValueOrDefault(batch, BatchTrouble.None);

    /// <summary>After an event of the job.</summary>
    public JobTroubles Evolve(JobEvent @event) => @event switch
    {
        JobEvent.RunBegan => this with { IdleRuns = IdleRuns + 1, AloneFor = IdleRuns + 1 >= IdleRunsBorne ? Alone : AloneFor },
        JobEvent.BatchesCompleted e => this with
        {
            Batches = Batches.IsEmpty ? Batches : Batches.RemoveRange(e.Batches.Ids()),
            IdleRuns = -1,
            AloneFor = Math.Max(0, AloneFor - (int)e.Batches.Count),
            UnderWay = UnderWay is { } attempt && e.Batches.Contains(attempt.Batch) ? null : UnderWay,
        },
        JobEvent.BatchCrashed { Restart: var r } => Change(r.Batch, t => t.Crashed(r)) with
        {
            AloneFor = r.IsOfProcess ? Alone : AloneFor,
        },
        JobEvent.BatchSuspected e => Change(e.Batch, t => t.Suspect(e.Rows)),
        JobEvent.RowsCleared e => Change(e.Batch, t => t.Clear(e.Rows)),
        JobEvent.RowsCondemned e => Change(e.Batch, t => t.Condemn(e.Positions.Select(p => new CondemnedRow(p, e.Reason)))) with
        {
            Condemned = Condemned.Count < JobState.MaxRestarts ? Condemned.Add(e) : Condemned,
            CondemnedTotal = CondemnedTotal + e.Positions.Count,
            // What ended the processes is found: back to full speed. Should there be more, it begins anew.
            IdleRuns = e.IsOfProcess ? -1 : IdleRuns,
            AloneFor = e.IsOfProcess ? 0 : AloneFor,
        },
        JobEvent.AttemptBegan e => this with { UnderWay = new(e.Batch, e.Probe) },
        _ => this,
    };

    /// <summary>The run stopped in order: nothing that was under way has ended it, and it is no death without progress.</summary>
    public JobTroubles Stopped() => this with { UnderWay = null, IdleRuns = Math.Max(-1, IdleRuns - 1) };

    private JobTroubles Change(BatchId batch, Func<BatchTrouble, BatchTrouble> change) => this with
    {
        Batches = Batches.SetItem(batch, change(Of(batch))),
        UnderWay = UnderWay?.Batch == batch ? null : UnderWay,
    };
}
