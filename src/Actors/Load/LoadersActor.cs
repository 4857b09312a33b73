using System.Collections.Immutable;
using Akka.Actor;
using Etl.Actors.Protocol;
using Etl.Actors.Supervision;
using Etl.Domain;
using Etl.Domain.Jobs;
using Etl.Domain.Supervision;

namespace Etl.Actors.Load;

/// <summary>The parent of the loaders: one child per job that is being loaded. Of one that fails, another takes the place, as the policy says.</summary>
public sealed class LoadersActor(Func<JobProtocol.LoadJob, Props> loaderOf, SupervisionPolicy policy) : UntypedActor, IWithTimers
{
    private readonly ActorPolicy loading = policy.Of(SupervisedActor.Loader);
    private ImmutableDictionary<IActorRef, SupervisionProtocol.ChildFailed> failures = ImmutableDictionary<IActorRef, SupervisionProtocol.ChildFailed>.Empty;

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Recipe.</summary>
    public static Props Props(Func<JobProtocol.LoadJob, Props> loaderOf, SupervisionPolicy policy) =>
        Akka.Actor.Props.Create(() => new LoadersActor(loaderOf, policy));

    /// <inheritdoc />
    protected override SupervisorStrategy SupervisorStrategy() => policy.ParentOf(SupervisedActor.Loader);

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case JobProtocol.LoadJob load:
                // A coordinator that lost its journal asks again: the new loader replaces the old, and loading twice is loading once.
                Forget(load.State.Job);
                Start(new(load, [], null));
                break;
            case JobProtocol.ForgetJob forget:
                Forget(forget.Job);
                break;
            case SupervisionProtocol.ChildFailed failed:
                failures = failures.SetItem(Sender, failed);
                break;
            case LoaderStopped stopped:
                Replace(stopped);
                break;
            case Next next:
                Start(next);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Forget(JobId job)
    {
        Timers.Cancel(job);
        foreach (var old in Context.GetChildren().Where(c => c.Path.Name.StartsWith(job.ToString(), StringComparison.Ordinal)))
        {
            Context.Unwatch(old);
            Context.Stop(old);
        }
    }

    private void Replace(LoaderStopped stopped)
    {
        var failure = failures.GetValueOrDefault(stopped.Loader);
        failures = failures.Remove(stopped.Loader);
        var (load, now) = (stopped.Of.Load, DateTimeOffset.UtcNow);
        var failed = stopped.Of.Failed.Add(now);
        var isFinal = failure is not null && loading.On.Decide(failure.Cause) == FailureDirective.Stop;
        if (isFinal || !loading.Limit.Allows(failed, now))
        {
            if (failure is not null)
                load.Coordinator.Tell(new SupervisionProtocol.NoteRestarts([failure.Restart with { Directive = ActorRestart.ForGood }]));
            load.Coordinator.Tell(new JobProtocol.LoadDone(
                load.State.Job, 74,
                (isFinal ? "the loader failed, and etl.supervision.loader says stop; " : $"the loader stopped unexpectedly, {failed.Count} times; ")
                + $"{failure?.Restart.Cause ?? "the log names the cause"}; {Outlook.Of(load.State.Spec)}",
                null, null, [], null));
            return;
        }

        var next = new Next(load, failed, failure?.Restart);
        var wait = loading.Backoff.After(failed.Count, Random.Shared.NextDouble());
        if (wait > TimeSpan.Zero) Timers.StartSingleTimer(load.State.Job, next, wait);
        else Start(next);
    }

    private void Start(Next next)
    {
        var told = next with { Load = Told(next) };
        var loader = Context.ActorOf(loaderOf(told.Load), $"{told.Load.State.Job}-{Guid.NewGuid():N}");
        Context.WatchWith(loader, new LoaderStopped(loader, told));
    }

    // The job journals that a loader failed, and the next one, which writes run.json, knows it from here.
    private static JobProtocol.LoadJob Told(Next next)
    {
        if (next.After is not { } failure) return next.Load;
        var (load, known) = (next.Load, next.Load.State.ActorRestarts);
        EquatableArray<ActorRestart> told = [failure, failure with { RecoveredAfter = Recovery.Between(failure.At, DateTimeOffset.UtcNow) }];
        load.Coordinator.Tell(new SupervisionProtocol.NoteRestarts(told));
        return load with { State = load.State with { ActorRestarts = known.Add(known.Fresh(told)) } };
    }

    /// <param name="Failed">When loaders of the job failed before it.</param>
    /// <param name="After">The failure of the last one; null when there is none, or it left no word.</param>
    private sealed record Next(JobProtocol.LoadJob Load, ImmutableList<DateTimeOffset> Failed, ActorRestart? After) : ILocalMessage;

    private sealed record LoaderStopped(IActorRef Loader, Next Of) : ILocalMessage;
}
