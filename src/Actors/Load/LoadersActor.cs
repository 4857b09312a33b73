using System.Collections.Immutable;
using Akka.Actor;
using Etl.Actors.Protocol;
using Etl.Actors.Supervision;
using Etl.Domain;
using Etl.Domain.Jobs;

namespace Etl.Actors.Load;

/// <summary>The parent of the loaders: one child per job that is being loaded.</summary>
public sealed class LoadersActor(Func<JobProtocol.LoadJob, Props> loaderOf, SupervisionPolicy policy) : UntypedActor
{
    private const int MaxAttempts = 3;
    private ImmutableDictionary<string, ActorRestart> failures = ImmutableDictionary<string, ActorRestart>.Empty;

    /// <summary>Recipe.</summary>
    public static Props Props(Func<JobProtocol.LoadJob, Props> loaderOf, SupervisionPolicy policy) =>
        Akka.Actor.Props.Create(() => new LoadersActor(loaderOf, policy));

    /// <inheritdoc />
    protected override SupervisorStrategy SupervisorStrategy() => policy.Workers;

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case JobProtocol.LoadJob load:
                // A coordinator that lost its journal asks again: the new loader replaces the old, and loading twice is loading once.
                Forget(load.State.Job);
                Start(load, 1);
                break;
            case JobProtocol.ForgetJob forget:
                Forget(forget.Job);
                break;
            case SupervisionProtocol.LoaderFailed failed:
                failures = failures.SetItem(failed.Restart.Actor, failed.Restart);
                break;
            case LoaderStopped stopped when stopped.Attempt < MaxAttempts:
                Start(Told(stopped), stopped.Attempt + 1);
                break;
            case LoaderStopped { Load: var load }:
                load.Coordinator.Tell(new JobProtocol.LoadDone(
                    load.State.Job, 74, $"the loader stopped unexpectedly, three times; the log names the cause; {Outlook.Of(load.State.Spec)}",
                    null, null, [], null));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Forget(JobId job)
    {
        foreach (var old in Context.GetChildren().Where(c => c.Path.Name.StartsWith(job.ToString(), StringComparison.Ordinal)))
        {
            Context.Unwatch(old);
            Context.Stop(old);
        }
    }

    private void Start(JobProtocol.LoadJob load, int attempt)
    {
        var loader = Context.ActorOf(loaderOf(load), $"{load.State.Job}-{Guid.NewGuid():N}");
        Context.WatchWith(loader, new LoaderStopped(loader, load, attempt));
    }

    // The job journals that a loader failed, and the next one, which writes run.json, knows it from here.
    private JobProtocol.LoadJob Told(LoaderStopped stopped)
    {
        if (!failures.TryGetValue(stopped.Loader.Path.ToStringWithoutAddress(), out var failure)) return stopped.Load;
        var (load, known) = (stopped.Load, stopped.Load.State.ActorRestarts);
        EquatableArray<ActorRestart> told = [failure, failure with { RecoveredAfter = Recovery.Between(failure.At, DateTimeOffset.UtcNow) }];
        load.Coordinator.Tell(new SupervisionProtocol.NoteRestarts(told));
        return load with { State = load.State with { ActorRestarts = known.Add(known.Fresh(told)) } };
    }

    private sealed record LoaderStopped(IActorRef Loader, JobProtocol.LoadJob Load, int Attempt) : ILocalMessage;
}
