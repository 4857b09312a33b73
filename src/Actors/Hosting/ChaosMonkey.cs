using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Etl.Domain.Jobs;
using Etl.Domain.Jobs.Chaos;

namespace Etl.Actors.Hosting;

/// <summary>What an actor throws, or a read fails with, because it was asked for.</summary>
public sealed class ChaosException(string what) : IOException($"chaos: {what}");

/// <summary>
/// Makes things fail as <c>--chaos</c> asks for, and counts it. Each place is struck once at most by each kind, so that what is tried again
/// succeeds, and no row is blamed for what it did not do. Off unless asked for: then a call costs one comparison. Thread-safe.
/// </summary>
public sealed class ChaosMonkey : IExtension
{
    private readonly ConcurrentDictionary<(ChaosKind, string), byte> struck = new();
    private readonly ConcurrentDictionary<ChaosKind, long> counts = new();
    private volatile ChaosSpec spec = ChaosSpec.None;
    private int wanted;

    /// <summary>True when anything may fail.</summary>
    public bool IsOn { get; private set; }

    /// <summary>What is asked for.</summary>
    public ChaosSpec Spec => spec;

    /// <summary>How often what has been made to fail in this process.</summary>
    public ImmutableSortedDictionary<string, long> Counts => counts.ToImmutableSortedDictionary(c => ChaosSpec.WordOf(c.Key), c => c.Value, StringComparer.Ordinal);

    /// <summary>Of this system.</summary>
    public static ChaosMonkey Of(ActorSystem system) => system.WithExtension<ChaosMonkey, Provider>();

    /// <summary>From now on things fail so.</summary>
    public void Use(ChaosSpec asked)
    {
        spec = asked;
        IsOn = IsOn || !asked.Chances.IsEmpty;
    }

    /// <summary>The mappers of the next so many batches crash.</summary>
    public void CrashMappers(int batches)
    {
        IsOn = true;
        Interlocked.Add(ref wanted, batches);
    }

    /// <summary>Whether this place is to fail now; counted when it is.</summary>
    public bool Strikes(ChaosKind kind, string identity)
    {
        if (!IsOn || (!spec.Strikes(kind, identity) && !(kind == ChaosKind.MapperCrash && Volatile.Read(ref wanted) > 0))) return false;
        if (!struck.TryAdd((kind, identity), 0)) return false;
        // A place that the seed does not strike takes one of those that were asked for, if there is one left.
        if (!spec.Strikes(kind, identity) && Interlocked.Decrement(ref wanted) < 0)
        {
            Interlocked.Increment(ref wanted);
            struck.TryRemove((kind, identity), out _);
            return false;
        }

        counts.AddOrUpdate(kind, 1, static (_, count) => count + 1);
        return true;
    }

    /// <summary>Throws when this place is to fail.</summary>
    /// <exception cref="ChaosException">It is.</exception>
    /// <param name="job">Whose place it is: what it is told of is the job's own.</param>
    /// <param name="place">Which of the job's.</param>
    public void Pass(ChaosKind kind, JobId job, string place)
    {
        if (IsOn && Strikes(kind, $"{job} {place}")) throw new ChaosException($"{ChaosSpec.WordOf(kind)} at {place}");
    }

    private sealed class Provider : ExtensionIdProvider<ChaosMonkey>
    {
        public override ChaosMonkey CreateExtension(ExtendedActorSystem system) => new();
    }
}
