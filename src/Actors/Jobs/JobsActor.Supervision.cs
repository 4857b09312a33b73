using System.Collections.Immutable;
using Akka.Actor;
using Etl.Actors.Protocol;
using Etl.Domain.Jobs;
using Etl.Domain.Jobs.Queueing;

namespace Etl.Actors.Jobs;

/// <summary>What the parent of coordinators does for all of them: it brings failures to their journals, and asks them to stop in order.</summary>
public sealed partial class JobsActor
{
    private static readonly TimeSpan CancelLimit = TimeSpan.FromSeconds(3);
    private RestartNotes notes = RestartNotes.None;
    private ImmutableList<ActorRestart> catalogRestarts = [];
    private (IActorRef Asker, ImmutableHashSet<JobId> Left)? checkpoint;
    private (IActorRef Root, ImmutableHashSet<JobId> Left, ImmutableHashSet<JobId> Unheard)? lastWords;
    private ImmutableHashSet<JobId> cancelling = [];
    private ImmutableDictionary<JobId, string> stopped = ImmutableDictionary<JobId, string>.Empty;

    private bool IsSupervision(object message)
    {
        switch (message)
        {
            case SupervisionProtocol.ActorFailed { Job: { } job } failed:
                if (running.ContainsKey(job)) notes = notes.Add([job], failed.Restart);
                if (failed.Restart.Directive == ActorRestart.ForGood)
                    stopped = stopped.SetItem(job, $"{failed.Restart.Actor} failed and does not come back, as etl.supervision says: {failed.Restart.Cause}");
                Note(job);
                return true;
            case SupervisionProtocol.ActorFailed failed:
                // It serves every job: those that it keeps waiting get to know it when they begin.
                catalogRestarts = catalogRestarts.Add(failed.Restart);
                notes = notes.Add(running.Keys, failed.Restart);
                foreach (var job in running.Keys) Note(job);
                return true;
            case SupervisionProtocol.ActorRecovered:
                NoteRecovery();
                return true;
            case SupervisionProtocol.CoordinatorBegan began:
                notes = notes.Resend(began.Job);
                NoteRecovery();
                Note(began.Job);
                return true;
            case SupervisionProtocol.RestartsNoted noted:
                notes = notes.Noted(noted.Job, noted.Restarts);
                Note(noted.Job);
                LastWord(noted.Job);
                return true;
            case SupervisionProtocol.SystemEnds ends:
                lastWords = (Sender, [.. running.Keys], [.. running.Keys]);
                foreach (var job in running.Keys)
                {
                    if (ends.Why is { } why) notes = notes.Add([job], why);
                    Note(job);
                    Context.Child(job.ToString()).Tell(SupervisionProtocol.AnswerWhenNoted.Instance);
                }

                Answer();
                return true;
            case SupervisionProtocol.AllNoted heard:
                if (lastWords is { } still) lastWords = still with { Unheard = still.Unheard.Remove(heard.Job) };
                LastWord(heard.Job);
                return true;
            case JobProtocol.Checkpoint:
                checkpoint = (Sender, [.. running.Keys]);
                foreach (var job in running.Keys) Context.Child(job.ToString()).Tell(message);
                AnswerCheckpoint();
                return true;
            case JobProtocol.Checkpointed done:
                if (cancelling.Contains(done.Job)) Cancelled(done.Job);
                Settle(done.Job);
                return true;
            case JobProtocol.CancelJob cancel when running.ContainsKey(cancel.Job):
                cancelling = cancelling.Add(cancel.Job);
                Context.Child(cancel.Job.ToString()).Tell(cancel);
                // A journal that does not answer keeps no job from being cancelled: what is not written then is done again.
                Timers.StartSingleTimer(cancel, new CancelNow(cancel.Job), CancelLimit);
                return true;
            case JobProtocol.CancelJob:
                return true;
            case CancelNow now:
                if (cancelling.Contains(now.Job)) Cancelled(now.Job);
                return true;
            default:
                return false;
        }
    }

    // A job begins: what the catalog went through until then kept it waiting.
    private void NoteCatalog(JobId job)
    {
        foreach (var restart in catalogRestarts) notes = notes.Add([job], restart);
        catalogRestarts = [];
    }

    // Whoever tells that it has recovered, tells it itself: its path is that of the one that failed.
    private void NoteRecovery()
    {
        var (actor, now) = (Sender.Path.ToStringWithoutAddress(), DateTimeOffset.UtcNow);
        notes = notes.Recovered(actor, now);
        catalogRestarts = catalogRestarts.AddRange(catalogRestarts
            .FindAll(failure => failure.Actor == actor && !catalogRestarts.Exists(told => told.RecoveredAfter is not null && told.IsSame(failure)))
            .Select(failure => failure with { RecoveredAfter = Recovery.Between(failure.At, now) }));
        foreach (var job in running.Keys) Note(job);
    }

    private void Note(JobId job)
    {
        (notes, var due) = notes.Due(job);
        if (!due.IsEmpty) Context.Child(job.ToString()).Tell(new SupervisionProtocol.NoteRestarts(due));
    }

    private void Cancelled(JobId job)
    {
        tree!.Extractors.Tell(new JobProtocol.ForgetJob(job));
        tree.Loaders.Tell(new JobProtocol.ForgetJob(job));
        End(new(job, false, new(job, JobQueue.CancelledCode, "cancelled; what was done is journalled, resume goes on with it", null, null, [], null)));
    }

    // A job has ended: neither notes nor a stop in order are worth waiting for.
    private void Leave(JobId job)
    {
        notes = notes.Forget(job);
        stopped = stopped.Remove(job);
        cancelling = cancelling.Remove(job);
        Settle(job);
    }

    // What its actors have told a job themselves is in its journal when it answers; what it was told from here, when that is.
    private void LastWord(JobId job)
    {
        if (lastWords?.Unheard.Contains(job) == false && notes.IsSettled(job)) Spoken(job);
    }

    private void Spoken(JobId job)
    {
        if (lastWords is { } waiting) lastWords = waiting with { Left = waiting.Left.Remove(job) };
        Answer();
    }

    private void Answer()
    {
        if (lastWords is not { Left.IsEmpty: true } all) return;
        lastWords = null;
        all.Root.Tell(SupervisionProtocol.SystemMayEnd.Instance);
    }

    private void Settle(JobId job)
    {
        Spoken(job);
        if (checkpoint is { } asked) checkpoint = (asked.Asker, asked.Left.Remove(job));
        AnswerCheckpoint();
    }

    private void AnswerCheckpoint()
    {
        if (checkpoint is not { Left.IsEmpty: true } answered) return;
        checkpoint = null;
        answered.Asker.Tell(JobProtocol.AllCheckpointed.Instance);
    }

    private sealed record CancelNow(JobId Job) : ILocalMessage;
}
