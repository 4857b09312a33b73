using System.Collections.Immutable;
using Etl.Domain;
using Etl.Domain.Jobs;

namespace Etl.Actors.Jobs;

/// <summary>
/// Failures of actors, and their recoveries, that are on their way to their jobs' journals. What comes while a job writes goes with its next
/// write: so reducers that fail together cost one event or two. Immutable.
/// </summary>
/// <param name="Pending">Reports that are not in the job's journal yet.</param>
/// <param name="Open">Failures whose actors have not recovered, in the journal or not.</param>
internal sealed record RestartNotes(
    ImmutableDictionary<JobId, ImmutableList<ActorRestart>> Pending, ImmutableDictionary<JobId, ImmutableList<ActorRestart>> Open,
    ImmutableHashSet<JobId> Sent)
{
    /// <summary>None.</summary>
    public static RestartNotes None { get; } = new(
        ImmutableDictionary<JobId, ImmutableList<ActorRestart>>.Empty, ImmutableDictionary<JobId, ImmutableList<ActorRestart>>.Empty, []);

    /// <summary>One more for each of these jobs.</summary>
    public RestartNotes Add(IEnumerable<JobId> jobs, ActorRestart restart)
    {
        var all = jobs.ToArray();
        return this with
        {
            Pending = With(Pending, all, restart),
            // Of an actor that fails without end, what is not kept one by one needs no recovery.
            Open = restart.RecoveredAfter is not null
                ? Open.SetItems(all.Where(Open.ContainsKey).Select(job => KeyValuePair.Create(job, Open[job].RemoveAll(restart.IsSame))))
                : With(Open, all.Where(job => Open.GetValueOrDefault(job, []).Count < JobState.MaxRestarts), restart),
        };
    }

    /// <summary>The next incarnation of an actor is at work: of each failure before it, the same report with the time it took.</summary>
    public RestartNotes Recovered(string actor, DateTimeOffset at)
    {
        var next = this;
        foreach (var (job, open) in Open.Where(o => o.Value.Exists(failure => failure.Actor == actor)))
        {
            next = next with { Open = next.Open.SetItem(job, open.RemoveAll(failure => failure.Actor == actor)) };
            foreach (var failure in open.Where(failure => failure.Actor == actor))
                next = next.Add([job], failure with { RecoveredAfter = Recovery.Between(failure.At, at) });
        }

        return next;
    }

    /// <summary>A job's coordinator begins, or begins again: whatever it was sent before may be lost.</summary>
    public RestartNotes Resend(JobId job) => this with { Sent = Sent.Remove(job) };

    /// <summary>These are in the job's journal.</summary>
    public RestartNotes Noted(JobId job, EquatableArray<ActorRestart> restarts) => this with
    {
        Pending = Pending.SetItem(job, Pending.GetValueOrDefault(job, []).RemoveRange(restarts)),
        Sent = Sent.Remove(job),
    };

    /// <summary>All that is known of a job is in its journal.</summary>
    public bool IsSettled(JobId job) => !Sent.Contains(job) && Pending.GetValueOrDefault(job, []).IsEmpty;

    /// <summary>A job has ended.</summary>
    public RestartNotes Forget(JobId job) => new(Pending.Remove(job), Open.Remove(job), Sent.Remove(job));

    /// <summary>What a job's coordinator is to be sent now; nothing while it still writes.</summary>
    public (RestartNotes Next, EquatableArray<ActorRestart> Due) Due(JobId job) =>
        Sent.Contains(job) || !Pending.TryGetValue(job, out var pending) || pending.IsEmpty
            ? (this, []) : (this with { Sent = Sent.Add(job) }, pending.ToEquatableArray());

    private static ImmutableDictionary<JobId, ImmutableList<ActorRestart>> With(
        ImmutableDictionary<JobId, ImmutableList<ActorRestart>> known, IEnumerable<JobId> jobs, ActorRestart restart) =>
        known.SetItems(jobs.Select(job => KeyValuePair.Create(job, known.GetValueOrDefault(job, []).Add(restart))));
}
