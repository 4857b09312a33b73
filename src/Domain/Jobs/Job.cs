using System.Collections.Immutable;
using System.Diagnostics;
using Etl.Domain.Map;

namespace Etl.Domain.Jobs;

/// <summary>The job protocol: pure decisions over durable state. The coordinator actor persists what they say and sends what is owed.</summary>
public static class Job
{
    /// <summary>Exit code of a job that was interrupted and never resumed.</summary>
    public const int GivenUp = 130;

    /// <summary>Before the first event.</summary>
    public static JobState Initial { get; } = new JobState.NotStarted();

    /// <summary>What <paramref name="command"/> comes to. A command that was carried out before is <c>AlreadyDone</c>.</summary>
    public static Decision<JobEvent, string> Decide(JobState state, JobCommand command) => (state, command) switch
    {
        (JobState.NotStarted, JobCommand.Begin begin) => Accept(
            new JobEvent.Started(begin.Job, begin.Spec, begin.At),
            new JobEvent.RunBegan(begin.Run, begin.Spec.ProductVersion, begin.At)),
        (JobState.NotStarted, _) => Reject($"{command.GetType().Name}: the job has not begun"),
        (JobState.Ended, _) => new Decision<JobEvent, string>.AlreadyDone(),
        (JobState.Running running, JobCommand.Begin begin) => BeginAgain(running, begin),
        (JobState.Running running, JobCommand.Plan plan) => DecidePlan(running, plan),
        (JobState.Running running, JobCommand.EndSplit end) => DecideEnd(running, end),
        (JobState.Running running, JobCommand.Complete complete) => DecideComplete(running, complete),
        (JobState.Running running, JobCommand.Crash crash) => DecideCrash(running, crash),
        (JobState.Running running, JobCommand.Clear clear) => Blame.OfSuccess(running, clear),
        (JobState.Running running, JobCommand.Try attempt) => Blame.OfAttempt(running, attempt.Batch),
        (JobState.Running running, JobCommand.Retry retry) => DecideRetry(running, retry),
        (JobState.Running running, JobCommand.NoteRestarts note) => DecideNote(running, note),
        (JobState.Running running, JobCommand.StopRun stop) => running.Stopped is null
            ? Accept(new JobEvent.RunStopped(stop.Run, stop.Reason, stop.At)) : new Decision<JobEvent, string>.AlreadyDone(),
        (JobState.Running running, JobCommand.SinkDone sink) =>
            running.Loaded.Contains(sink.Sink) && running.Places.GetValueOrDefault(sink.Sink) == sink.Place ? new Decision<JobEvent, string>.AlreadyDone()
            // Before that there is only half an answer, and a sink that says it holds one is out of step.
            : running.AllBatchesCompleted ? Accept(new JobEvent.SinkLoaded(sink.Sink) { Place = sink.Place })
            : Reject("not every batch is completed"),
        (JobState.Running running, JobCommand.Finish finish) => running.AllBatchesCompleted
            ? Accept(new JobEvent.Finished(finish.At))
            : Reject("not every batch is completed"),
        (JobState.Running, JobCommand.Fail fail) => Accept(new JobEvent.Failed(fail.ExitCode, fail.Reason, fail.At)),
        _ => throw new UnreachableException($"{state.GetType().Name} {command.GetType().Name}"),
    };

    /// <summary>The state after an event; an event that cannot follow stops the caller loudly.</summary>
    public static JobState Evolve(JobState state, JobEvent @event) => (state, @event) switch
    {
        (JobState.NotStarted, JobEvent.Started e) => new JobState.Running(
            e.Job, e.Spec, e.At, [], ImmutableSortedDictionary<int, SplitPlan>.Empty, BatchSet.Empty, [], 0, BatchTally.Empty, [], 0, 0,
            ImmutableDictionary<BatchId, int>.Empty, []),
        (JobState.Running s, JobEvent.RunBegan e) => s with
        {
            Runs = s.Runs.Add(e),
            ResumedBatches = s.Completed.Count,
            Stopped = null,
            Troubles = s.Troubles.Evolve(e),
            ActorRestarts = s.ActorRestarts.Resumed(e.At),
        },
        (JobState.Running s, JobEvent.SplitPlanned e) => s with { Plans = s.Plans.SetItem(e.Split, new(e.Batches, e.Choice)) },
        (JobState.Running s, JobEvent.SplitEnded e) when s.Plans.ContainsKey(e.Split) => s with { Plans = s.Plans.SetItem(e.Split, s.Plans[e.Split] with { Batches = e.Batches }) },
        (JobState.Running s, JobEvent.BatchesCompleted e) => s with
        {
            Completed = BatchSet.Combine(s.Completed, e.Batches),
            Regions = s.Regions.Union(e.Regions),
            // Each batch keeps as many details as the job may: together they have more.
            Tally = BatchTally.Combine(s.Tally, e.Tally, s.Spec.Options.QuarantineLimit),
            Attempts = s.Attempts.IsEmpty ? s.Attempts : s.Attempts.RemoveRange(e.Batches.Ids()),
            Lines = e.Lines.IsEmpty ? s.Lines : (s.Lines ?? BatchLines.Empty).Add(e.Batches, e.Lines),
            Troubles = s.Troubles.Evolve(e),
        },
        (JobState.Running s, JobEvent.BatchCrashed e) => s with
        {
            Restarts = s.RestartsTotal < JobState.MaxRestarts ? s.Restarts.Add(e.Restart) : s.Restarts,
            RestartsTotal = s.RestartsTotal + 1,
            Attempts = s.Attempts.SetItem(e.Restart.Batch, e.Restart.Attempt),
            Troubles = s.Troubles.Evolve(e),
        },
        (JobState.Running s, JobEvent.BatchSuspected or JobEvent.RowsCleared or JobEvent.RowsCondemned or JobEvent.AttemptBegan) =>
            s with { Troubles = s.Troubles.Evolve(@event) },
        (JobState.Running s, JobEvent.BatchesRetried e) => s with { Retries = s.Retries + e.Batches.Count },
        (JobState.Running s, JobEvent.ActorsRestarted e) => s with { ActorRestarts = s.ActorRestarts.Add(e.Restarts) },
        (JobState.Running s, JobEvent.Recovered e) => s with
        {
            Restarts = s.Restarts.ConvertAll(crash => e.Recoveries.FirstOrDefault(r => r.IsOf(crash)) is { } found ? crash with { RecoveredAfter = found.After } : crash),
            ActorRestarts = s.ActorRestarts.With(e.Recoveries),
        },
        (JobState.Running s, JobEvent.RunStopped e) => s with { Stopped = e, Troubles = s.Troubles.Stopped() },
        (JobState.Running s, JobEvent.SinkLoaded e) => s with
        {
            Loaded = s.Loaded.Add(e.Sink),
            Places = e.Place is null ? s.Places.Remove(e.Sink) : s.Places.SetItem(e.Sink, e.Place),
        },
        (JobState.Running s, JobEvent.Finished e) => new JobState.Ended(s.Job, s.Spec, 0, null, e.At, JobStory.Of(s), false),
        (JobState.Running s, JobEvent.Failed e) => new JobState.Ended(s.Job, s.Spec, e.ExitCode, e.Reason, e.At, JobStory.Of(s), false),
        (_, JobEvent.Summarised e) => new JobState.Ended(e.Job, e.Spec, e.ExitCode, e.Reason, e.At, e.Story, true),
        _ => throw new UnreachableException($"{state.GetType().Name} {@event.GetType().Name}"),
    };

    /// <summary>
    /// One event in the place of a job's whole journal, once the job is over. One that is not is asked for only when it was given up, by
    /// starting over.
    /// </summary>
    public static Decision<JobEvent, string> Summarise(JobState state, DateTimeOffset at) => state switch
    {
        JobState.NotStarted or JobState.Ended { IsSummary: true } => new Decision<JobEvent, string>.AlreadyDone(),
        JobState.Ended e => Accept(new JobEvent.Summarised(e.Job, e.Spec, e.ExitCode, e.Reason, e.At, e.Story)),
        JobState.Running r => Accept(new JobEvent.Summarised(
            r.Job, r.Spec, GivenUp, "given up: the job was started over", at, JobStory.Of(r))),
        _ => throw new UnreachableException(state.GetType().Name),
    };

    /// <summary>The state after all of <paramref name="events"/>.</summary>
    public static JobState Fold(JobState origin, IEnumerable<JobEvent> events) => events.Aggregate(origin, Evolve);

    /// <summary>
    /// What is still to be done, at most <paramref name="credit"/> batches, lowest first: planned, not durable, not under way. While
    /// running it is asked after each event; after a crash nothing is under way, and the same call issues exactly the unfinished batches
    /// again. There is no other recovery code.
    /// </summary>
    public static ImmutableArray<BatchId> Owed(JobState durable, BatchSet inFlight, int credit)
    {
        if (durable is not JobState.Running running || credit <= 0) return [];
        var owed = ImmutableArray.CreateBuilder<BatchId>();
        // Both sets are ranges: skipping what is done costs per range, not per batch.
        var busy = BatchSet.Combine(running.Completed, inFlight);
        foreach (var (split, plan) in running.Plans)
            for (var next = busy.NextAbsent(split, 0); next < plan.Limit && owed.Count < credit; next = busy.NextAbsent(split, next + 1))
                owed.Add(new(split, next));

        return owed.ToImmutable();
    }

    /// <summary>True when some split has all its batches with these, and had not without: its ids collapse into one range.</summary>
    public static bool Collapses(JobState durable, IEnumerable<BatchId> more)
    {
        if (durable is not JobState.Running running) return false;
        var with = BatchSet.Combine(running.Completed, BatchSet.Of(more));
        return running.Plans.Any(p => p.Value is { IsClosed: true, Batches: var all and > 0 }
            && running.Completed.NextAbsent(p.Key, 0) < all && with.NextAbsent(p.Key, 0) >= all);
    }

    private static Decision<JobEvent, string> BeginAgain(JobState.Running running, JobCommand.Begin begin) =>
        begin.Job != running.Job ? Reject($"the journal holds job {running.Job}, not {begin.Job}")
        : running.Runs.Any(r => r.Run == begin.Run) ? new Decision<JobEvent, string>.AlreadyDone()
        : begin.Spec.ProductVersion != running.Spec.ProductVersion ? Reject(
            $"the unfinished job was begun by version {running.Spec.ProductVersion} and this is {begin.Spec.ProductVersion}: "
            + "finish it with that version, or start over with --fresh")
        : Accept([new JobEvent.RunBegan(begin.Run, begin.Spec.ProductVersion, begin.At), .. Blame.OfDeath(running, begin.At)]);

    private static Decision<JobEvent, string> DecidePlan(JobState.Running running, JobCommand.Plan plan) =>
        plan.Split < 0 || plan.Split >= running.Splits ? Reject($"split {plan.Split} is not one of {running.Splits}")
        : plan.Batches < SplitPlan.Unknown ? Reject($"split {plan.Split} cannot have {plan.Batches} batches")
        : !running.Plans.TryGetValue(plan.Split, out var known) ? Accept(new JobEvent.SplitPlanned(plan.Split, plan.Batches, plan.Choice))
        // A stream that is read again does not know its end again; the journal does.
        : (known.Batches == plan.Batches || plan.Batches == SplitPlan.Unknown) && known.Choice == plan.Choice ? new Decision<JobEvent, string>.AlreadyDone()
        : Reject($"split {plan.Split} was read differently before: the stored input or the parser has changed; start over with --fresh");

    private static Decision<JobEvent, string> DecideEnd(JobState.Running running, JobCommand.EndSplit end) =>
        !running.Plans.TryGetValue(end.Split, out var known) ? Reject($"split {end.Split} is not read")
        : known.Batches == end.Batches ? new Decision<JobEvent, string>.AlreadyDone()
        : known.IsClosed || end.Batches < 0 || running.Completed.Ranges.Any(r => r.Split == end.Split && r.To >= end.Batches)
            ? Reject($"split {end.Split} was read differently before: the input has changed; start over with --fresh")
        : Accept(new JobEvent.SplitEnded(end.Split, end.Batches));

    private static Decision<JobEvent, string> DecideComplete(JobState.Running running, JobCommand.Complete complete)
    {
        var fresh = new List<BatchId>();
        var tally = BatchTally.Empty;
        var regions = new SortedSet<int>();
        var lines = ImmutableArray.CreateBuilder<long>();
        foreach (var (batch, settled) in complete.Batches)
        {
            if (running.Completed.Contains(batch)) continue;
            if (!IsPlanned(running, batch)) return Reject($"batch {batch} is not planned");
            fresh.Add(batch);
            regions.UnionWith(settled.Regions);
            tally = BatchTally.Combine(tally, settled.Tally, running.Spec.Options.QuarantineLimit);
            if (settled.Lines is { } counted) lines.Add(counted);
        }

        if (fresh.Count == 0) return new Decision<JobEvent, string>.AlreadyDone();
        // Rows that are rejected by the million are not journaled by the million.
        var completed = new JobEvent.BatchesCompleted(
            BatchSet.Of(fresh), [.. regions], tally.Beside(running.Tally, running.Spec.Options.QuarantineLimit))
        {
            Lines = lines.ToImmutable(),
        };
        return complete.At is { } at && Recovery.Of(running, fresh, at) is { IsEmpty: false } recovered
            ? Accept(completed, new JobEvent.Recovered(recovered)) : Accept(completed);
    }

    // A crash is known by where, on what and when: the same report twice is one crash.
    private static Decision<JobEvent, string> DecideCrash(JobState.Running running, JobCommand.Crash crash) =>
        !IsPlanned(running, crash.Batch) ? Reject($"batch {crash.Batch} is not planned")
        : running.Completed.Contains(crash.Batch)
            || running.Restarts.Exists(r => r.At == crash.At && r.Batch == crash.Batch && r.Actor == crash.Actor)
            ? new Decision<JobEvent, string>.AlreadyDone()
        : new Decision<JobEvent, string>.Accepted(Blame.OfCrash(running, crash));

    // The same failure may be reported twice: when it happens, and with its recovery.
    private static Decision<JobEvent, string> DecideNote(JobState.Running running, JobCommand.NoteRestarts note)
    {
        var (fresh, recovered) = (running.ActorRestarts.Fresh(note.Restarts), running.ActorRestarts.Recovered(note.Restarts));
        return (fresh.IsEmpty, recovered.IsEmpty) switch
        {
            (true, true) => new Decision<JobEvent, string>.AlreadyDone(),
            (false, true) => Accept(new JobEvent.ActorsRestarted(fresh)),
            (true, false) => Accept(new JobEvent.Recovered(recovered)),
            (false, false) => Accept(new JobEvent.ActorsRestarted(fresh), new JobEvent.Recovered(recovered)),
        };
    }

    private static Decision<JobEvent, string> DecideRetry(JobState.Running running, JobCommand.Retry retry)
    {
        var open = BatchSet.Of(retry.Batches.Ids().Where(id => !running.Completed.Contains(id)));
        return open.Count == 0
            ? new Decision<JobEvent, string>.AlreadyDone()
            : Accept(new JobEvent.BatchesRetried(open, retry.Reason, retry.At));
    }

    private static bool IsPlanned(JobState.Running running, BatchId batch) =>
        batch.Ordinal >= 0 && running.Plans.TryGetValue(batch.Split, out var plan) && batch.Ordinal < plan.Limit;

    private static Decision<JobEvent, string> Accept(params ReadOnlySpan<JobEvent> events) =>
        new Decision<JobEvent, string>.Accepted([.. events]);

    private static Decision<JobEvent, string> Reject(string reason) => new Decision<JobEvent, string>.Rejected(reason);
}
