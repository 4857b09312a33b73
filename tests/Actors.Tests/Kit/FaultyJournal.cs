using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace Etl.Actors.Tests.Kit;

/// <summary>What a test tells its journal, and reads from it.</summary>
public sealed class JournalControl : IExtension
{
    private readonly ConcurrentQueue<(string Id, object Event)> written = new();
    private readonly ConcurrentDictionary<string, long> deleted = new(StringComparer.Ordinal);

    /// <summary>Asked before each write, with the persistence id: a failed task is a failed write, an open one a slow disk.</summary>
    public Func<string, Task> OnWrite { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Asked before each replay.</summary>
    public Func<string, Task> OnReplay { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Asked before each deletion.</summary>
    public Func<string, Task> OnDelete { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Attempts to write, failed ones included.</summary>
    public int Attempts;

    public static JournalControl Of(ActorSystem system) => system.WithExtension<JournalControl, Provider>();

    /// <summary>What was written for a persistence id, as it came back from the serializer.</summary>
    public ImmutableArray<object> Written(string id) => [.. written.Where(w => w.Id == id).Select(w => w.Event)];

    /// <summary>Up to which number the events of a persistence id were deleted; 0 when none was.</summary>
    public long Deleted(string id) => deleted.GetValueOrDefault(id);

    public void NoteDeleted(string id, long to) => deleted[id] = to;

    public void Note(string id, object @event) => written.Enqueue((id, @event));

    /// <summary>Every write of ids with this beginning fails.</summary>
    public void FailWrites(string prefix) => OnWrite = id =>
        id.StartsWith(prefix, StringComparison.Ordinal) ? Task.FromException(new IOException("the disk is gone")) : Task.CompletedTask;

    /// <summary>The <paramref name="nth"/> write from now on of ids with this beginning fails, once.</summary>
    public void FailWrite(string prefix, int nth)
    {
        var seen = 0;
        OnWrite = id => id.StartsWith(prefix, StringComparison.Ordinal) && Interlocked.Increment(ref seen) == nth
            ? Task.FromException(new IOException("the disk hiccups"))
            : Task.CompletedTask;
    }

    public void Mend() => OnWrite = static _ => Task.CompletedTask;

    private sealed class Provider : ExtensionIdProvider<JournalControl>
    {
        public override JournalControl CreateExtension(ExtendedActorSystem system) => new();
    }
}

/// <summary>Akka's journal in memory behind a disk that tests can break; events pass through the product's serializer.</summary>
public sealed class FaultyJournal : MemoryJournal
{
    private readonly ExtendedActorSystem system = (ExtendedActorSystem)Context.System;
    private readonly JournalControl control = JournalControl.Of(Context.System);

    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var writes = messages.ToArray();
        Interlocked.Increment(ref control.Attempts);
        foreach (var id in writes.Select(w => w.PersistenceId).Distinct()) await control.OnWrite(id).ConfigureAwait(false);
        var stored = writes.Select(w => new AtomicWrite(
            ((IEnumerable<IPersistentRepresentation>)w.Payload).Select(p => p.WithPayload(ThereAndBack(p.Payload))).ToImmutableList())).ToArray();
        var result = await base.WriteMessagesAsync(stored, cancellationToken).ConfigureAwait(false);
        foreach (var p in stored.SelectMany(w => (IEnumerable<IPersistentRepresentation>)w.Payload)) control.Note(p.PersistenceId, p.Payload);
        return result;
    }

    protected override async Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken)
    {
        await control.OnDelete(persistenceId).ConfigureAwait(false);
        await base.DeleteMessagesToAsync(persistenceId, toSequenceNr, cancellationToken).ConfigureAwait(false);
        control.NoteDeleted(persistenceId, toSequenceNr);
    }

    public override async Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr, CancellationToken cancellationToken)
    {
        await control.OnReplay(persistenceId).ConfigureAwait(false);
        return await base.ReadHighestSequenceNrAsync(persistenceId, fromSequenceNr, cancellationToken).ConfigureAwait(false);
    }

    private object ThereAndBack(object payload)
    {
        var serializer = system.Serialization.FindSerializerFor(payload);
        return system.Serialization.Deserialize(
            serializer.ToBinary(payload), serializer.Identifier, Akka.Serialization.Serialization.ManifestFor(serializer, payload));
    }
}
