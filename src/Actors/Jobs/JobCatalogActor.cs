using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using Etl.Actors.Hosting;
using Etl.Actors.Protocol;
using Etl.Domain;
using Etl.Domain.Jobs;

namespace Etl.Actors.Jobs;

/// <summary>The durable catalog of jobs that are unfinished, by input key, or not forgotten yet. What it decides is <see cref="Catalog"/>'s.</summary>
public sealed class JobCatalogActor(IActorRef jobs, FaultPoints faults) : JournaledActor<CatalogEvent>
{
    private Catalog state = Catalog.Initial;

    /// <inheritdoc />
    public override string PersistenceId => "catalog";

    /// <summary>Recipe; <paramref name="jobs"/> gets the answers, and asks again after a recovery.</summary>
    public static Props Props(IActorRef jobs, FaultPoints faults) => Akka.Actor.Props.Create(() => new JobCatalogActor(jobs, faults));

    /// <inheritdoc />
    protected override void Evolve(CatalogEvent persisted) => state = Catalog.Evolve(state, persisted);

    /// <inheritdoc />
    protected override void Recovered()
    {
        jobs.Tell(CatalogRecovered.Instance);
        TellOwed();
    }

    /// <inheritdoc />
    protected override void Failing(Exception cause, string directive) =>
        jobs.Tell(new SupervisionProtocol.ActorFailed(null, SupervisionProtocol.RestartOf(Self, cause, directive)));

    /// <inheritdoc />
    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case Find find:
                Execute(Catalog.OpenJob(state, find.InputKey, find.FreshId, find.StartOver, find.Regions, find.At),
                    () =>
                    {
                        if (find.StartOver) TellOwed();
                        jobs.Tell(new Found(find.FreshId, state.Open[find.InputKey]));
                    });
                break;
            case Close close:
                Execute(Catalog.CloseJob(state, close.Job, close.ExitCode, close.At), () =>
                {
                    TellOwed();
                    jobs.Tell(new Closed(close.Job));
                });
                break;
            case Forget forget:
                Execute(Catalog.ForgetJob(state, forget.Job, forget.At), TellOwed);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void TellOwed() => jobs.Tell(new Owed(Catalog.Owed(state)));

    private void Execute(Decision<CatalogEvent, string> decision, Action then)
    {
        faults.Pass("before-catalog-write");
        CarryOut(decision, faults.Before("after-catalog-write", then), static error => throw new UnreachableException(error));
    }

    /// <summary>The job to work on for a key; <paramref name="FreshId"/> is the new job's id and the request's.</summary>
    /// <param name="Regions">How many regions the job would have.</param>
    public sealed record Find(string InputKey, JobId FreshId, bool StartOver, int Regions, DateTimeOffset At) : ILocalMessage;

    /// <summary>Answers <see cref="Find"/>.</summary>
    public sealed record Found(JobId FreshId, JobId Job) : ILocalMessage;

    /// <summary>A job ended.</summary>
    public sealed record Close(JobId Job, int ExitCode, DateTimeOffset At) : ILocalMessage;

    /// <summary>Answers <see cref="Close"/>.</summary>
    public sealed record Closed(JobId Job) : ILocalMessage;

    /// <summary>Nothing but a summary is left of a job.</summary>
    public sealed record Forget(JobId Job, DateTimeOffset At) : ILocalMessage;

    /// <summary>These jobs are to be forgotten, each with its number of regions.</summary>
    public sealed record Owed(ImmutableArray<KeyValuePair<JobId, int>> Jobs) : ILocalMessage;

    /// <summary>The catalog can answer; what was asked before may be lost.</summary>
    public sealed class CatalogRecovered : ILocalMessage
    {
        /// <summary>The one instance.</summary>
        public static readonly CatalogRecovered Instance = new();

        private CatalogRecovered()
        {
        }
    }
}
