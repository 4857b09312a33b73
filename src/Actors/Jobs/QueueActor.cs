using System.Collections.Immutable;
using Akka.Actor;
using Etl.Actors.Hosting;
using Etl.Actors.Protocol;
using Etl.Domain;
using Etl.Domain.Jobs;
using Etl.Domain.Jobs.Queueing;

namespace Etl.Actors.Jobs;

/// <summary>What a host's queue needs to know.</summary>
/// <param name="Places">So many jobs run side by side.</param>
/// <param name="Limit">So many wait at most.</param>
/// <param name="Effective">The configuration in force, for <c>run.json</c>.</param>
public sealed record QueueSettings(int Places, int Limit, ImmutableArray<KeyValuePair<string, string>> Effective);

/// <summary>
/// The durable queue of a host. What it decides is <see cref="JobQueue"/>'s; being created is the same as being recovered: both end in
/// <see cref="Advance"/>, which starts what is owed.
/// </summary>
public sealed class QueueActor(QueueSettings settings, IActorRef jobs, IActorRef status) : JournaledActor<QueueEvent>
{
    private JobQueue queue = JobQueue.Empty;
    private ImmutableHashSet<JobId> active = [];
    // A job that its last process had done, but not closed, is opened again under another id.
    private ImmutableDictionary<JobId, JobId> ticketOf = ImmutableDictionary<JobId, JobId>.Empty;

    /// <inheritdoc />
    public override string PersistenceId => "queue";

    /// <summary>Recipe; <paramref name="jobs"/> opens and cancels, <paramref name="status"/> tells of ends.</summary>
    public static Props Props(QueueSettings settings, IActorRef jobs, IActorRef status) =>
        Akka.Actor.Props.Create(() => new QueueActor(settings, jobs, status));

    private static DateTimeOffset Now => DateTimeOffset.UtcNow;

    /// <inheritdoc />
    protected override void Evolve(QueueEvent persisted) => LiveBoard.Of(Context.System).Queue = queue = JobQueue.Evolve(queue, persisted);

    /// <inheritdoc />
    protected override bool HoldsAll(QueueEvent @event) => @event is QueueEvent.Compacted;

    /// <inheritdoc />
    protected override void Recovered()
    {
        // Ends that were told while this actor was away are told again.
        status.Tell(new StatusProtocol.Subscribe(Self));
        jobs.Tell(SupervisionProtocol.ActorRecovered.Instance);
        Advance();
    }

    /// <inheritdoc />
    protected override void Failing(Exception cause, string directive) =>
        jobs.Tell(new SupervisionProtocol.ActorFailed(null, SupervisionProtocol.RestartOf(Self, cause, directive)));

    /// <inheritdoc />
    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case QueueProtocol.Submit submit:
                Answer(JobQueue.Submit(queue, submit.Job, submit.Spec, submit.Wishes, settings.Limit, Now), queue.Same(submit.Spec)?.Job ?? submit.Job);
                break;
            case QueueProtocol.Resume resume:
                Answer(JobQueue.Resume(queue, resume.Job, settings.Limit, Now), resume.Job);
                break;
            case QueueProtocol.Cancel { Job: var job } when active.Contains(job):
                foreach (var opened in ticketOf.Where(t => t.Value == job).Select(t => t.Key).DefaultIfEmpty(job))
                    jobs.Tell(new JobProtocol.CancelJob(opened));
                Sender.Tell(new QueueProtocol.Done(job, IsNew: true));
                break;
            case QueueProtocol.Cancel { Job: var job }:
                Answer(JobQueue.Leave(queue, job, JobQueue.CancelledCode, "cancelled before it began", Now), job);
                break;
            case QueueProtocol.Probe:
                Answer(new Decision<QueueEvent, string>.Accepted([new QueueEvent.Probed(Now)]), null);
                break;
            case JobProtocol.JobOpened { Ticket: { } ticket } opened:
                ticketOf = ticketOf.SetItem(opened.Job, ticket);
                break;
            case JobProtocol.JobEnded ended:
                Leave(ticketOf.GetValueOrDefault(ended.Job, ended.Job), ended.Result);
                ticketOf = ticketOf.Remove(ended.Job);
                break;
            case Akka.Persistence.DeleteMessagesSuccess or Akka.Persistence.DeleteMessagesFailure:
                // What could not be deleted is with the next compaction.
                break;
            default:
                // News of jobs that the status model tells everybody who listens.
                if (message is not (StatusProtocol.JobMoved or StatusProtocol.JobResumed or StatusProtocol.SourceChosen or StatusProtocol.ActorRestarted
                    or StatusProtocol.OthersRestarted or StatusProtocol.Recovered or StatusProtocol.Logged or StatusProtocol.JournalTrimmed)) Unhandled(message);
                break;
        }
    }

    private void Leave(JobId job, JobProtocol.LoadDone result)
    {
        if (!active.Contains(job)) return;
        CarryOut(
            JobQueue.Leave(queue, job, result.ExitCode, result.Error, Now),
            () =>
            {
                active = active.Remove(job);
                Advance();
            },
            static _ => { });
    }

    private void Answer(Decision<QueueEvent, string> decision, JobId? job)
    {
        var asker = Sender;
        CarryOut(
            decision,
            () =>
            {
                asker.Tell(new QueueProtocol.Done(job, decision is Decision<QueueEvent, string>.Accepted));
                Advance();
            },
            reason => asker.Tell(new QueueProtocol.Refused(reason)));
    }

    private void Advance()
    {
        if (JobQueue.Compaction(queue) is { } all)
        {
            CarryOut(new Decision<QueueEvent, string>.Accepted([all]), () =>
            {
                DeleteMessages(LastSequenceNr - 1);
                Advance();
            }, static _ => { });
            return;
        }

        if (JobQueue.Owed(queue, active, settings.Places) is not [var next, ..]) return;
        active = active.Add(next.Job);
        CarryOut(JobQueue.Begin(queue, next.Job, Now), () =>
        {
            Open(next);
            Advance();
        }, static _ => { });
    }

    // To start over is asked for each time: the catalog gives up another job for this one once, and not this one for itself.
    private void Open(QueueEntry entry) => jobs.Tell(new JobProtocol.OpenJob(
        entry.Spec, entry.Job, new(Guid.NewGuid()),
        new(entry.Wishes.OutDirectory, [.. entry.Wishes.Sinks], entry.Wishes.Strict, entry.Wishes.MaxQuarantined, entry.Wishes.MaxQuarantinedPercent, settings.Effective),
        entry.Wishes.Fresh)
    {
        Ticket = entry.Job,
    });
}
