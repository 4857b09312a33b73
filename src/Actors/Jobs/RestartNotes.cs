using System.Collections.Immutable;
using Etl.Domain;
using Etl.Domain.Jobs;

namespace Etl.Actors.Jobs;

/// <summary>
/// Failures of actors that are on their way to their jobs' journals. What comes while a job writes goes with its next write: so reducers that
/// fail together cost one event or two. Immutable.
/// </summary>
internal sealed record RestartNotes(ImmutableDictionary<JobId, ImmutableList<ActorRestart>> Pending, ImmutableHashSet<JobId> Sent)
{
    /// <summary>None.</summary>
    public static RestartNotes None { get; } = new(ImmutableDictionary<JobId, ImmutableList<ActorRestart>>.Empty, []);

    /// <summary>One more for each of these jobs.</summary>
    public RestartNotes Add(IEnumerable<JobId> jobs, ActorRestart restart) => this with
    {
        Pending = Pending.SetItems(jobs.Select(job => KeyValuePair.Create(job, Pending.GetValueOrDefault(job, []).Add(restart)))),
    };

    /// <summary>A job's coordinator begins, or begins again: whatever it was sent before may be lost.</summary>
    public RestartNotes Resend(JobId job) => this with { Sent = Sent.Remove(job) };

    /// <summary>These are in the job's journal.</summary>
    public RestartNotes Noted(JobId job, EquatableArray<ActorRestart> restarts) => new(
        Pending.SetItem(job, Pending.GetValueOrDefault(job, []).RemoveRange(restarts)), Sent.Remove(job));

    /// <summary>A job has ended.</summary>
    public RestartNotes Forget(JobId job) => new(Pending.Remove(job), Sent.Remove(job));

    /// <summary>What a job's coordinator is to be sent now; nothing while it still writes.</summary>
    public (RestartNotes Next, EquatableArray<ActorRestart> Due) Due(JobId job) =>
        Sent.Contains(job) || !Pending.TryGetValue(job, out var pending) || pending.IsEmpty
            ? (this, []) : (this with { Sent = Sent.Add(job) }, pending.ToEquatableArray());
}
