using System.Diagnostics;
using Akka.Actor;
using Akka.Pattern;

namespace Etl.Actors.Hosting;

/// <summary>Whether the journal of an actor system works, since when it does not, and why: what a run says when it gives up. Thread-safe.</summary>
public sealed class JournalFaults : IExtension
{
    private readonly Lock gate = new();
    private string? last;
    private long since;

    /// <summary>The last cause; null when there was none.</summary>
    public string? Last
    {
        get
        {
            lock (gate) return last;
        }
    }

    /// <summary>How long nothing could be written, as far as anybody tried; zero when the last write succeeded.</summary>
    public TimeSpan FailingFor
    {
        get
        {
            lock (gate) return since == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(since);
        }
    }

    /// <summary>Of this system.</summary>
    public static JournalFaults Of(ActorSystem system) => system.WithExtension<JournalFaults, Provider>();

    /// <summary>Remembers a cause, unless it only says that the journal is left alone for a while because it has failed before.</summary>
    public void Note(Exception cause)
    {
        lock (gate)
        {
            if (since == 0) since = Stopwatch.GetTimestamp();
            if (cause is not OpenCircuitException || last is null) last = cause.Message;
        }
    }

    /// <summary>A write has succeeded.</summary>
    public void Worked()
    {
        lock (gate) since = 0;
    }

    private sealed class Provider : ExtensionIdProvider<JournalFaults>
    {
        public override JournalFaults CreateExtension(ExtendedActorSystem system) => new();
    }
}
