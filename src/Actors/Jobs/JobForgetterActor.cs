using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Etl.Actors.Hosting;
using Etl.Actors.Protocol;
using Etl.Domain.Jobs;

namespace Etl.Actors.Jobs;

/// <summary>
/// Takes a job that is over out of the journal, but for a summary: has its reducers drop what they hold, writes the summary, deletes what
/// was before it, and says so. It has the coordinator's persistence id and begins when that one has stopped. Whatever goes wrong ends it:
/// the catalog still owes the job, and each step can be repeated.
/// </summary>
public sealed class JobForgetterActor(JobId job, int regions, IActorRef reducers, FaultPoints faults) : JournaledActor<JobEvent>
{
    // Regions that are asked at once: SQLite has one writer, and a scheme may have a thousand regions.
    private const int Window = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ILoggingAdapter log = Context.GetLogger();
    private JobState state = Job.Initial;
    private ImmutableHashSet<int> asked = [];
    private int next;
    private bool summarised;

    /// <inheritdoc />
    public override string PersistenceId => $"job-{job}";

    /// <summary>Recipe.</summary>
    public static Props Props(JobId job, int regions, IActorRef reducers, FaultPoints faults) =>
        Akka.Actor.Props.Create(() => new JobForgetterActor(job, regions, reducers, faults));

    /// <inheritdoc />
    protected override void Evolve(JobEvent persisted) => state = Job.Evolve(state, persisted);

    /// <inheritdoc />
    protected override bool HoldsAll(JobEvent @event) => @event is JobEvent.Summarised;

    /// <inheritdoc />
    protected override void Recovered() => Self.Tell(CoordinatorTicks.Begin.Instance);

    /// <inheritdoc />
    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case CoordinatorTicks.Begin:
                SetReceiveTimeout(Patience);
                AskNext();
                faults.Pass("before-summary");
                CarryOut(Job.Summarise(state, DateTimeOffset.UtcNow), Trim, static error => throw new UnreachableException(error));
                break;
            case ReduceProtocol.RegionForgotten forgotten:
                asked = asked.Remove(forgotten.Region);
                AskNext();
                EndIfDone();
                break;
            case DeleteMessagesSuccess:
                summarised = true;
                EndIfDone();
                break;
            case DeleteMessagesFailure failure:
                Leave(failure.Cause.Message);
                break;
            case ReceiveTimeout:
                Leave("no answer in time");
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void AskNext()
    {
        for (; next < regions && asked.Count < Window; next++)
        {
            asked = asked.Add(next);
            reducers.Tell(new ReduceProtocol.ForgetRegion(job, next, Self));
        }
    }

    private void Trim()
    {
        faults.Pass("after-summary");
        summarised = LastSequenceNr <= 1;
        if (summarised) EndIfDone();
        else DeleteMessages(LastSequenceNr - 1);
    }

    private void EndIfDone()
    {
        if (!summarised || !asked.IsEmpty) return;
        Context.Parent.Tell(new Forgotten(job));
        Context.Stop(Self);
    }

    private void Leave(string reason)
    {
        log.Warning("the events of job {0}, which is over, are still in the journal ({1}); the next start deletes them", job, reason);
        Context.Stop(Self);
    }

    /// <summary>Nothing but a summary is left of the job.</summary>
    public sealed record Forgotten(JobId Job) : ILocalMessage;
}
