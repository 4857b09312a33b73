using System.Collections.Immutable;
using System.Globalization;
using Etl.Domain.Extract.Files;
using Etl.Domain.Map;

namespace Etl.Domain.Jobs;

/// <summary>How a batch is to be mapped.</summary>
public sealed record BatchCaution(BatchId Batch, Caution Caution);

/// <summary>
/// Which row is to blame for a crash: a row that two crashes named; else one that crashed time and again when it was tried alone, after a
/// search that tries ever smaller parts of the batch. Pure; the coordinator journals what it says before the batch is issued again.
/// </summary>
public static class Blame
{
    // A first crash that names no row has the batch read so that each row has a name; a second one begins the search.
    private const int UnnamedBorne = 1;

    // A row is tried alone so often before it is condemned. A process may be ended by anybody, and twice in the same few milliseconds is not
    // rare enough.
    private const int TriesOfMapper = 2, TriesOfProcess = 3;

    private const int Told = 3;

    /// <summary>What a mapper's crash comes to.</summary>
    public static ImmutableArray<JobEvent> OfCrash(JobState.Running running, JobCommand.Crash crash)
    {
        var trouble = running.Troubles.Of(crash.Batch);
        var crashed = new JobEvent.BatchCrashed(new(
            crash.Actor, crash.Cause, crash.Directive, crash.Batch, crash.Row, running.Attempts.GetValueOrDefault(crash.Batch) + 1, crash.At));
        return Found(running, crash, trouble) is { } found ? [crashed, found] : [crashed];
    }

    /// <summary>What the end of a process comes to that had a batch under way alone; nothing otherwise: it could have been any batch.</summary>
    public static ImmutableArray<JobEvent> OfDeath(JobState.Running running, DateTimeOffset at) => running.Troubles.UnderWay is not { } attempt ? []
        : OfCrash(running, new(Restart.Process, "the process ended while the batch was under way alone", "Resume", attempt.Batch, null, at)
        {
            Probe = attempt.Probe,
        });

    /// <summary>A part of a batch was mapped alone and crashed nothing.</summary>
    public static Decision<JobEvent, string> OfSuccess(JobState.Running running, JobCommand.Clear clear) => Awaits(running, clear.Batch, clear.Rows)
        ? new Decision<JobEvent, string>.Accepted([new JobEvent.RowsCleared(clear.Batch, clear.Rows)])
        : new Decision<JobEvent, string>.AlreadyDone();

    /// <summary>The batch is issued alone; said again, it is the same attempt.</summary>
    public static Decision<JobEvent, string> OfAttempt(JobState.Running running, BatchId batch) =>
        new Attempt(batch, running.Troubles.Of(batch).Probe) is var attempt && running.Troubles.UnderWay == attempt
            ? new Decision<JobEvent, string>.AlreadyDone()
            : new Decision<JobEvent, string>.Accepted([new JobEvent.AttemptBegan(batch, attempt.Probe)]);

    /// <summary>True when this part of the batch is what is being tried: news of any other is late.</summary>
    public static bool Awaits(JobState state, BatchId batch, RowRange rows) =>
        state is JobState.Running running && running.Troubles.Of(batch).Probe == rows;

    /// <summary>How these batches are to be mapped, those of them that crashed before.</summary>
    public static EquatableArray<BatchCaution> Cautions(JobState state, IEnumerable<BatchId> batches) =>
        state is JobState.Running { Troubles.Batches: { IsEmpty: false } troubles }
            ? batches.Where(troubles.ContainsKey).Select(b => new BatchCaution(b, troubles[b].Caution)).ToEquatableArray()
            : [];

    /// <summary>Why the job cannot succeed: a batch crashed so often and no row was found that does it; null as long as there is hope.</summary>
    public static string? Hopeless(JobState state, int maxAttempts)
    {
        if (state is not JobState.Running running || running.Troubles.Batches.Values.All(t => t.Fruitless < maxAttempts)) return null;
        var batch = running.Troubles.Batches.First(t => t.Value.Fruitless >= maxAttempts).Key;
        var last = running.Restarts.FindLast(r => r.Batch == batch);
        return Text($"batch {batch} crashed {running.Attempts.GetValueOrDefault(batch)} mappers, ")
            + (last is null ? "no row is known" : Text($"last {(last.Row is { } row ? $"at row {row}" : "at no row that is known")}: {last.Cause}"));
    }

    /// <summary>Why the run does not go on: more rows were condemned than are allowed; null as long as they are fewer.</summary>
    public static string? TooMany(JobState state, long most) =>
        state is not JobState.Running { Troubles: var troubles } || troubles.CondemnedTotal <= most ? null
        : Text($"{troubles.CondemnedTotal} rows crashed their mappers, and etl.map.max-condemned = {most}: ")
            + string.Join("; ", troubles.Condemned.Take(Told).Select(c => Text($"batch {c.Batch}, row {c.Positions[0]}, {c.Cause}")))
            + "; mend them, or raise the limit: what is done stays";

    private static JobEvent? Found(JobState.Running running, JobCommand.Crash crash, BatchTrouble trouble)
    {
        if (crash.Row is { } row) return trouble.Named.Contains(row) ? Condemn(crash, row) : null;
        if (crash.Probe is not { } probe)
            return trouble.Suspects is null && trouble.Unnamed >= UnnamedBorne ? new JobEvent.BatchSuspected(crash.Batch, RowsOf(running.Spec, crash.Batch)) : null;
        // Without any row it is no row's fault; and a crash of what is not being tried any more says nothing.
        if (probe.Length == 0 || probe != trouble.Probe) return null;
        return probe.Length == 1 && trouble.Suspects == probe && trouble.Shown + 1 >= (crash.Actor == Restart.Process ? TriesOfProcess : TriesOfMapper)
            ? Condemn(crash, probe.From)
            : new JobEvent.BatchSuspected(crash.Batch, probe);
    }

    // A cause is the exception's type and message.
    private static JobEvent.RowsCondemned Condemn(JobCommand.Crash crash, long row)
    {
        var type = crash.Actor == Restart.Process ? "" : crash.Cause.Split(": ", 2)[0];
        return new(crash.Batch, [row], type, type.Length == 0 ? crash.Cause : crash.Cause[Math.Min(crash.Cause.Length, type.Length + 2)..], crash.At);
    }

    /// <summary>Positions that a batch's rows can have: bytes of a file that is read where it is, row numbers of a page.</summary>
    private static RowRange RowsOf(JobSpec spec, BatchId batch)
    {
        var split = SplitPlanner.Splits(spec)[batch.Split];
        if (spec.Inputs[split.Input].File is null) return new(((long)batch.Ordinal * spec.BatchRows) + 1, ((batch.Ordinal + 1L) * spec.BatchRows) + 1);
        var (from, to) = SplitPlanner.Range(split, batch.Ordinal, spec.BatchBytes);
        return new(from, to);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
