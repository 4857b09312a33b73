using Akka.Actor;
using Etl.Actors.Protocol;
using Etl.Actors.Supervision;
using Etl.Domain.Jobs;

namespace Etl.Actors.Load;

/// <summary>The parent of the loaders: one child per job that is being loaded.</summary>
public sealed class LoadersActor(Func<JobProtocol.LoadJob, Props> loaderOf, SupervisionPolicy policy) : UntypedActor
{
    private const int MaxAttempts = 3;

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
            case LoaderStopped stopped when stopped.Attempt < MaxAttempts:
                Start(stopped.Load, stopped.Attempt + 1);
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

    private void Start(JobProtocol.LoadJob load, int attempt) => Context.WatchWith(
        Context.ActorOf(loaderOf(load), $"{load.State.Job}-{Guid.NewGuid():N}"), new LoaderStopped(load, attempt));

    private sealed record LoaderStopped(JobProtocol.LoadJob Load, int Attempt) : ILocalMessage;
}
