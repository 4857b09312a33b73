using Etl.Domain;
using Etl.Domain.Jobs;

namespace Etl.Actors.Protocol;

/// <summary>Who failed: told to the parent of coordinators, and by it to the job, which journals it. The event stream is local and lossy.</summary>
public static class SupervisionProtocol
{
    /// <summary>An actor that holds no batch, to the parent of coordinators: it fails. Told before it stops; it may be told twice.</summary>
    /// <param name="Job">Null: it serves every job.</param>
    public sealed record ActorFailed(JobId? Job, ActorRestart Restart) : IWireMessage;

    /// <summary>An extractor or a loader to its parent: it fails. What comes then, the parent says.</summary>
    public sealed record ChildFailed(ActorRestart Restart, Exception Cause) : ILocalMessage;

    /// <summary>An actor that says so in no other way, to the parent of coordinators: it has recovered.</summary>
    public sealed class ActorRecovered : ILocalMessage
    {
        /// <summary>The one instance.</summary>
        public static readonly ActorRecovered Instance = new();

        private ActorRecovered()
        {
        }
    }

    /// <summary>To a coordinator: these failures are not in the job's journal yet.</summary>
    public sealed record NoteRestarts(EquatableArray<ActorRestart> Restarts) : ILocalMessage;

    /// <summary>Coordinator, answering <see cref="NoteRestarts"/>: now they are.</summary>
    public sealed record RestartsNoted(JobId Job, EquatableArray<ActorRestart> Restarts) : ILocalMessage;

    /// <summary>Coordinator: it works on the job, be it for the first time or again.</summary>
    public sealed record CoordinatorBegan(JobId Job) : ILocalMessage;

    /// <summary>What is told of an actor that fails.</summary>
    public static ActorRestart RestartOf(Akka.Actor.IActorRef actor, Exception cause, string directive)
    {
        // A journal's failure comes wrapped; what is inside names the disk or the file.
        var root = cause is AggregateException { InnerException: { } inner } ? inner : cause;
        return new(actor.Path.ToStringWithoutAddress(), $"{root.GetType().Name}: {root.Message}", directive, 0, DateTimeOffset.UtcNow);
    }
}
