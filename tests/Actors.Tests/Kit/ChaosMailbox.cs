using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using Etl.Actors.Protocol;

namespace Etl.Actors.Tests.Kit;

/// <summary>What was done to messages on their way.</summary>
public enum Mishap
{
    None,
    Dropped,
    Duplicated,
    Delayed,
    Reordered,
}

/// <summary>
/// The way between extractors, mappers, coordinators and reducers, on which messages are lost, repeated, late and out of order, one in ten
/// each. Which, depends on the seed, the receiver and how many it has received, not on the time.
/// </summary>
public sealed class Chaos : IExtension
{
    private const string Key = "chaos.seed";
    private readonly int seed;
    private readonly ConcurrentDictionary<Mishap, int> happened = new();

    private Chaos(int seed) => this.seed = seed;

    /// <summary>Set while a message that was held back goes on: it has had its mishap.</summary>
    [field: ThreadStatic]
    public static bool Spared { get; private set; }

    /// <summary>How often something happened.</summary>
    public int Count(Mishap mishap) => happened.GetValueOrDefault(mishap);

    public static Chaos Of(ActorSystem system) => system.WithExtension<Chaos, Provider>();

    public static string Config(int seed) => $$"""
        {{Key}} = {{seed}}
        akka.actor.default-mailbox.mailbox-type = "Etl.Actors.Tests.Kit.ChaosMailbox, Etl.Actors.Tests"
        akka.actor.mailbox.unbounded-deque-based.mailbox-type = "Etl.Actors.Tests.Kit.ChaosDequeMailbox, Etl.Actors.Tests"
        """;

    /// <summary>True for the actors whose messages are at risk.</summary>
    public static bool IsAtRisk(IActorRef? owner) => owner is not null
        && owner.Path.ToStringWithoutAddress() is var path && path.StartsWith("/user/etl/", StringComparison.Ordinal)
        && (path.Contains("/mappers/", StringComparison.Ordinal) || path.Contains("/extractors/", StringComparison.Ordinal)
            || path.EndsWith("/reducer", StringComparison.Ordinal) || path.EndsWith("/coordinator", StringComparison.Ordinal));

    /// <summary>What befalls the <paramref name="number"/>-th message of a receiver.</summary>
    public Mishap Next(IActorRef receiver, int number, object message)
    {
        // Exempt is what is said once and not asked for again: a split's plan, and what goes between coordinator and loader. Between the
        // actors of one process nothing is lost; these have not been given a deadline of their own.
        if (Spared || message is not (MapProtocol.MapBatch or MapProtocol.BatchMapped or MapProtocol.BatchDone or ExtractProtocol.IssueBatches
                or ReduceProtocol.MergePartial or ReduceProtocol.PartialsAcked or ReduceProtocol.FlushRegion or ReduceProtocol.RegionRecovered))
            return Mishap.None;
        var chance = new Random(Scatter(receiver.Path.Name, number)).Next(10);
        var mishap = chance < 4 ? (Mishap)(chance + 1) : Mishap.None;
        happened.AddOrUpdate(mishap, 1, static (_, count) => count + 1);
        return mishap;
    }

    /// <summary>Sends on what was held back.</summary>
    public static void SendLater(IActorRef receiver, Envelope envelope, TimeSpan wait) => Task.Delay(wait).ContinueWith(
        _ =>
        {
            Spared = true;
            receiver.Tell(envelope.Message, envelope.Sender);
            Spared = false;
        },
        TaskScheduler.Default);

    // Names of routees and of entities are the same in every run; that of a job's extractor ends in its number.
    private int Scatter(string name, int number)
    {
        var hash = (uint)seed;
        foreach (var letter in $"{name}/{number}") hash = (hash ^ letter) * 16777619;
        return (int)(hash >> 1);
    }

    private sealed class Provider : ExtensionIdProvider<Chaos>
    {
        public override Chaos CreateExtension(ExtendedActorSystem system) => new(system.Settings.Config.GetInt(Key));
    }
}

/// <summary>The mailbox of mappers and extractors.</summary>
public sealed class ChaosMailbox(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<UnboundedMessageQueue>
{
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) =>
        Chaos.IsAtRisk(owner) ? new ChaosQueue(new UnboundedMessageQueue(), Chaos.Of(system)) : new UnboundedMessageQueue();
}

/// <summary>The mailbox of persistent actors, which put messages back to its front.</summary>
public sealed class ChaosDequeMailbox(Settings settings, Config config)
    : MailboxType(settings, config), IProducesMessageQueue<UnboundedDequeMessageQueue>
{
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) =>
        Chaos.IsAtRisk(owner) ? new ChaosDeque(new UnboundedDequeMessageQueue(), Chaos.Of(system)) : new UnboundedDequeMessageQueue();
}

/// <summary>A queue behind the mishaps.</summary>
internal class ChaosQueue(IMessageQueue queue, Chaos chaos) : IMessageQueue, IUnboundedMessageQueueSemantics
{
    private int received;

    public bool HasMessages => queue.HasMessages;

    public int Count => queue.Count;

    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        switch (chaos.Next(receiver, Interlocked.Increment(ref received), envelope.Message))
        {
            case Mishap.Dropped:
                return;
            case Mishap.Delayed:
                Chaos.SendLater(receiver, envelope, TimeSpan.FromMilliseconds(40));
                return;
            case Mishap.Reordered:
                Chaos.SendLater(receiver, envelope, TimeSpan.FromMilliseconds(1));
                return;
            case Mishap.Duplicated:
                queue.Enqueue(receiver, envelope);
                break;
        }

        queue.Enqueue(receiver, envelope);
    }

    public bool TryDequeue(out Envelope envelope) => queue.TryDequeue(out envelope);

    public void CleanUp(IActorRef owner, IMessageQueue deadletters) => queue.CleanUp(owner, deadletters);
}

/// <summary>The same for a queue with a front.</summary>
internal sealed class ChaosDeque(UnboundedDequeMessageQueue queue, Chaos chaos) : ChaosQueue(queue, chaos), IUnboundedDequeBasedMessageQueueSemantics
{
    public void EnqueueFirst(Envelope envelope) => queue.EnqueueFirst(envelope);
}
