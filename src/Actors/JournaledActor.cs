using System.Diagnostics;
using Akka.Actor;
using Akka.Persistence;
using Etl.Actors.Hosting;
using Etl.Actors.Protocol;
using Etl.Actors.Supervision;
using Etl.Actors.Telemetry;
using Etl.Domain;
using Etl.Domain.Jobs;

namespace Etl.Actors;

/// <summary>
/// What the persistent actors have in common: they recover their own events and nothing else, they evolve by an event in the same way
/// whether it is recovered or just written, and they go on only when what they decided is durable.
/// </summary>
/// <typeparam name="TEvent">The one kind of event in the journal of such an actor.</typeparam>
public abstract class JournaledActor<TEvent> : UntypedPersistentActor where TEvent : class
{
    private long last;

    /// <summary>Where what is done is counted.</summary>
    protected EtlTelemetry Telemetry { get; } = EtlTelemetry.Of(Context.System);

    /// <summary>An event is durable: change the state. <see cref="Eventsourced.IsRecovering"/> tells an old one from a new one.</summary>
    protected abstract void Evolve(TEvent persisted);

    /// <summary>Every event that was in the journal has been applied.</summary>
    protected abstract void Recovered();

    /// <summary>True for an event that takes the place of all before it, which may be gone from the journal.</summary>
    protected virtual bool HoldsAll(TEvent @event) => false;

    /// <summary>False for an event that only tells of trouble: to have written it is no reason to believe that the trouble is over.</summary>
    protected virtual bool IsProgress(TEvent @event) => true;

    /// <summary>This incarnation fails, for this cause, and stops; what comes then is the directive. The place to tell it to whoever outlives it.</summary>
    protected virtual void Failing(Exception cause, string directive)
    {
    }

    /// <inheritdoc />
    protected sealed override bool AroundReceive(Receive receive, object message)
    {
        try
        {
            return base.AroundReceive(receive, message);
        }
        catch (Exception cause)
        {
            var directive = SupervisionPolicy.Told(Context.System, Self.Path.Name, cause);
            Failing(cause, directive);
            if (directive == ActorRestart.Escalated) SupervisionProtocol.MarkTold(cause);
            throw;
        }
    }

    /// <inheritdoc />
    protected sealed override void OnRecover(object message)
    {
        switch (message)
        {
            case TEvent recovered:
                // Neither the journal nor Akka would notice, and the state would be one that never was.
                if (LastSequenceNr != last + 1 && !HoldsAll(recovered))
                    throw new InvalidDataException($"event {last + 1} of {PersistenceId} is missing from the journal, which goes on with {LastSequenceNr}");
                last = LastSequenceNr;
                Evolve(recovered);
                break;
            case RecoveryCompleted:
                Recovered();
                break;
            default:
                throw new UnreachableException($"{PersistenceId} holds a {message.GetType().Name}");
        }
    }

    /// <inheritdoc />
    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        JournalFaults.Of(Context.System).Note(reason);
        Failing(reason, ActorRestart.AfterBackoff);
        base.OnRecoveryFailure(reason, message);
    }

    /// <inheritdoc />
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        JournalFaults.Of(Context.System).Note(cause);
        Failing(cause, ActorRestart.AfterBackoff);
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    /// <inheritdoc />
    /// <remarks>Akka would go on as if nothing had been asked; then nobody would ever be told.</remarks>
    protected sealed override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        throw new InvalidOperationException($"the journal rejected a {@event.GetType().Name}: {cause.Message}", cause);

    /// <summary>Carries a decision out: writes its events and evolves by each, then goes on; at once when it was carried out before.</summary>
    protected void CarryOut(Decision<TEvent, string> decision, Action then, Action<string> refused)
    {
        switch (decision)
        {
            case Decision<TEvent, string>.Accepted accepted:
                var (left, began) = (accepted.Events.Length, Telemetry.BeginWrite());
                PersistAll(accepted.Events, persisted =>
                {
                    Evolve(persisted);
                    if (IsProgress(persisted)) Context.Parent.Tell(SupervisionPolicy.JournalWorks);
                    JournalFaults.Of(Context.System).Worked();
                    if (--left > 0) return;
                    Telemetry.Wrote(began, Self.Path);
                    then();
                });
                break;
            case Decision<TEvent, string>.AlreadyDone:
                then();
                break;
            case Decision<TEvent, string>.Rejected rejected:
                refused(rejected.Error);
                break;
        }
    }
}
