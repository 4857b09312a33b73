using Etl.Actors.Protocol;
using Etl.Domain.Jobs;

namespace Etl.Actors.Jobs;

/// <summary>What people are told of a job's transitions, as messages to the status read model. Pure.</summary>
public static class JobNews
{
    /// <summary>A run goes on with what others began; null when it is the first, or known already.</summary>
    public static StatusProtocol.JobResumed? OfResume(JobState state, RunId run) =>
        state is JobState.Running running && running.Runs.All(r => r.Run != run)
            ? new(running.Job, running.Completed.Count, Planned(running))
            : null;

    /// <summary>What <paramref name="persisted"/>, which led from one state to the other, is worth telling.</summary>
    public static IEnumerable<ILocalMessage> Of(JobState before, JobEvent persisted, JobState after, InputProgress inputs)
    {
        if (JobOf(after) is not { } job) yield break;
        foreach (var line in StageLog.Lines(before, persisted, after)) yield return new StatusProtocol.Logged(job, line);
        if (persisted is JobEvent.BatchCrashed crash) yield return new StatusProtocol.ActorRestarted(job, crash.Restart);
        if (persisted is JobEvent.ActorsRestarted others) yield return new StatusProtocol.OthersRestarted(job, others.Restarts);
        if (persisted is JobEvent.Recovered again) yield return new StatusProtocol.Recovered(job, again.Recoveries);
        if (after is not JobState.Running running) yield break;
        var (done, planned) = inputs.Of(running);
        yield return new StatusProtocol.JobMoved(
            job, StageLog.StageOf(running), running.Tally.Read, running.Completed.Count, Planned(running), running.Regions.Count,
            running.RestartsTotal + running.ActorRestarts.Total, running.ResumedBatches, done, planned);
    }

    // 0: not known yet.
    private static long Planned(JobState.Running running) => running.ExpectedBatches ?? 0;

    private static JobId? JobOf(JobState state) => state switch
    {
        JobState.Running running => running.Job,
        JobState.Ended ended => ended.Job,
        _ => null,
    };
}
