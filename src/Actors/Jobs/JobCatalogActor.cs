using System.Diagnostics;
using Akka.Actor;
using Akka.Persistence;
using Etl.Actors.Protocol;
using Etl.Actors.Supervision;
using Etl.Domain;
using Etl.Domain.Jobs;

namespace Etl.Actors.Jobs;

/// <summary>The durable catalog of unfinished jobs by input key. What it decides is <see cref="Catalog"/>'s.</summary>
public sealed class JobCatalogActor(IActorRef jobs) : UntypedPersistentActor
{
    private Catalog state = Catalog.Initial;

    /// <inheritdoc />
    public override string PersistenceId => "catalog";

    /// <summary>Recipe; <paramref name="jobs"/> gets the answers, and asks again after a recovery.</summary>
    public static Props Props(IActorRef jobs) => Akka.Actor.Props.Create(() => new JobCatalogActor(jobs));

    /// <inheritdoc />
    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case CatalogEvent recovered:
                state = Catalog.Evolve(state, recovered);
                break;
            case RecoveryCompleted:
                jobs.Tell(Recovered.Instance);
                break;
            default:
                throw new UnreachableException($"{PersistenceId} holds a {message.GetType().Name}");
        }
    }

    /// <inheritdoc />
    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case Find find:
                Execute(Catalog.OpenJob(state, find.InputKey, find.FreshId, find.StartOver, find.At),
                    () => jobs.Tell(new Found(find.FreshId, state.Open[find.InputKey])));
                break;
            case Close close:
                Execute(Catalog.CloseJob(state, close.Job, close.ExitCode, close.At), () => jobs.Tell(new Closed(close.Job)));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <inheritdoc />
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        throw new InvalidOperationException($"the journal rejected a {@event.GetType().Name}: {cause.Message}", cause);

    private void Execute(Decision<CatalogEvent, string> decision, Action then)
    {
        switch (decision)
        {
            case Decision<CatalogEvent, string>.Accepted accepted:
                Persist(accepted.Events[0], persisted =>
                {
                    state = Catalog.Evolve(state, persisted);
                    Context.Parent.Tell(SupervisionPolicy.JournalWorks);
                    then();
                });
                break;
            case Decision<CatalogEvent, string>.AlreadyDone:
                then();
                break;
            case Decision<CatalogEvent, string>.Rejected rejected:
                throw new UnreachableException(rejected.Error);
        }
    }

    /// <summary>The job to work on for a key; <paramref name="FreshId"/> is the new job's id and the request's.</summary>
    public sealed record Find(string InputKey, JobId FreshId, bool StartOver, DateTimeOffset At) : ILocalMessage;

    /// <summary>Answers <see cref="Find"/>.</summary>
    public sealed record Found(JobId FreshId, JobId Job) : ILocalMessage;

    /// <summary>A job ended.</summary>
    public sealed record Close(JobId Job, int ExitCode, DateTimeOffset At) : ILocalMessage;

    /// <summary>Answers <see cref="Close"/>.</summary>
    public sealed record Closed(JobId Job) : ILocalMessage;

    /// <summary>The catalog can answer; what was asked before may be lost.</summary>
    public sealed class Recovered : ILocalMessage
    {
        /// <summary>The one instance.</summary>
        public static readonly Recovered Instance = new();

        private Recovered()
        {
        }
    }
}
