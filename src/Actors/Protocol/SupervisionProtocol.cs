using Etl.Domain;
using Etl.Domain.Jobs;

namespace Etl.Actors.Protocol;

/// <summary>Who failed: told to the parent of coordinators, and by it to the job, which journals it. The event stream is local and lossy.</summary>
public static class SupervisionProtocol
{
    /// <summary>An actor that is no mapper, to the parent of coordinators: it fails. Told before it stops; it may be told twice, and with its recovery.</summary>
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

    /// <summary>Root to the parent of coordinators: the system is about to end. Every job is to journal what it was told of, and this.</summary>
    /// <param name="Why">Null when the actor that failed has told its job itself.</param>
    public sealed record SystemEnds(ActorRestart? Why) : ILocalMessage;

    /// <summary>Parent of coordinators to root, answering <see cref="SystemEnds"/>: it stands in all journals.</summary>
    public sealed class SystemMayEnd : ILocalMessage
    {
        /// <summary>The one instance.</summary>
        public static readonly SystemMayEnd Instance = new();

        private SystemMayEnd()
        {
        }
    }

    /// <summary>To a coordinator: these failures are not in the job's journal yet.</summary>
    public sealed record NoteRestarts(EquatableArray<ActorRestart> Restarts) : ILocalMessage;

    /// <summary>Coordinator, answering <see cref="NoteRestarts"/>: now they are.</summary>
    public sealed record RestartsNoted(JobId Job, EquatableArray<ActorRestart> Restarts) : ILocalMessage;

    /// <summary>To a coordinator: it is to answer when all that it was told before is in the job's journal.</summary>
    public sealed class AnswerWhenNoted : ILocalMessage
    {
        /// <summary>The one instance.</summary>
        public static readonly AnswerWhenNoted Instance = new();

        private AnswerWhenNoted()
        {
        }
    }

    /// <summary>Coordinator, answering <see cref="AnswerWhenNoted"/>.</summary>
    public sealed record AllNoted(JobId Job) : ILocalMessage;

    /// <summary>Coordinator: it works on the job, be it for the first time or again.</summary>
    public sealed record CoordinatorBegan(JobId Job) : ILocalMessage;

    /// <summary>The actor has told its job that this ends the system: whoever is above it need not.</summary>
    public static void MarkTold(Exception cause) => cause.Data[Told] = Told;

    /// <summary>Whether <see cref="MarkTold"/> was called.</summary>
    public static bool IsTold(Exception cause) => cause.Data.Contains(Told);

    private const string Told = "etl.told";

    /// <summary>What is told of an actor that fails.</summary>
    public static ActorRestart RestartOf(Akka.Actor.IActorRef actor, Exception cause, string directive)
    {
        // A journal's failure comes wrapped; what is inside names the disk or the file.
        var root = cause is AggregateException { InnerException: { } inner } ? inner : cause;
        return new(actor.Path.ToStringWithoutAddress(), $"{root.GetType().Name}: {root.Message}", directive, 0, DateTimeOffset.UtcNow);
    }
}
