using System.Diagnostics;
using Akka.Actor;
using Akka.Persistence;
using Etl.Actors.Supervision;
using Etl.Domain;

namespace Etl.Actors;

/// <summary>
/// What the persistent actors have in common: they recover their own events and nothing else, they evolve by an event in the same way
/// whether it is recovered or just written, and they go on only when what they decided is durable.
/// </summary>
/// <typeparam name="TEvent">The one kind of event in the journal of such an actor.</typeparam>
public abstract class JournaledActor<TEvent> : UntypedPersistentActor where TEvent : class
{
    /// <summary>An event is durable: change the state. <see cref="Eventsourced.IsRecovering"/> tells an old one from a new one.</summary>
    protected abstract void Evolve(TEvent persisted);

    /// <summary>Every event that was in the journal has been applied.</summary>
    protected abstract void Recovered();

    /// <inheritdoc />
    protected sealed override void OnRecover(object message)
    {
        switch (message)
        {
            case TEvent recovered:
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
    /// <remarks>Akka would go on as if nothing had been asked; then nobody would ever be told.</remarks>
    protected sealed override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        throw new InvalidOperationException($"the journal rejected a {@event.GetType().Name}: {cause.Message}", cause);

    /// <summary>Carries a decision out: writes its events and evolves by each, then goes on; at once when it was carried out before.</summary>
    protected void CarryOut(Decision<TEvent, string> decision, Action then, Action<string> refused)
    {
        switch (decision)
        {
            case Decision<TEvent, string>.Accepted accepted:
                var left = accepted.Events.Length;
                PersistAll(accepted.Events, persisted =>
                {
                    Evolve(persisted);
                    Context.Parent.Tell(SupervisionPolicy.JournalWorks);
                    if (--left == 0) then();
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
