using Etl.Domain.Map.Files;

namespace Etl.Actors.Extract.Sources.Files;

/// <summary>
/// The buffers of a process's batches: so many bytes and no more, whatever the inputs' size, and used again, the last returned first, while
/// a processor still has it in its cache. Thread-safe. Who asks when all is lent waits.
/// </summary>
/// <param name="budget">Bytes lent at once. One buffer is always lent, however large it is.</param>
public sealed class BatchBuffers(long budget)
{
    private readonly Lock gate = new();
    private readonly Stack<byte[]> free = new();
    private readonly LinkedList<(int Bytes, TaskCompletionSource<BufferLease> Turn)> waiting = new();
    private long lent;

    /// <summary>Lends a buffer of at least so many bytes and <see cref="BatchBytes.Padding"/>, as soon as the budget has room.</summary>
    public Task<BufferLease> RentAsync(int bytes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var size = bytes + BatchBytes.Padding;
        lock (gate)
        {
            if (waiting.Count == 0 && HasRoom(size)) return Task.FromResult(Lend(size));
            var turn = new TaskCompletionSource<BufferLease>(TaskCreationOptions.RunContinuationsAsynchronously);
            var node = waiting.AddLast((size, turn));
            if (cancellation.CanBeCanceled)
                cancellation.Register(() =>
                {
                    lock (gate)
                    {
                        if (node.List is not null) waiting.Remove(node);
                    }

                    turn.TrySetCanceled(cancellation);
                });
            return turn.Task;
        }
    }

    /// <summary>Takes a buffer back, or only its place when it must not be used again.</summary>
    internal void Return(byte[]? buffer, int size)
    {
        lock (gate)
        {
            lent -= size;
            if (buffer is not null) free.Push(buffer);
            while (waiting.First is { } first && HasRoom(first.Value.Bytes))
            {
                waiting.RemoveFirst();
                // A cancelled turn gives its place to the next.
                var lease = Lend(first.Value.Bytes);
                if (!first.Value.Turn.TrySetResult(lease))
                {
                    lent -= lease.Size;
                    free.Push(lease.Buffer);
                }
            }
        }
    }

    private bool HasRoom(int size) => lent == 0 || lent + size <= budget;

    private BufferLease Lend(int size)
    {
        lent += size;
        if (free.TryPeek(out var buffer) && buffer.Length == size) free.Pop();
        else
        {
            // Jobs of another batch size come and go: what does not fit is left to the collector.
            free.Clear();
            // Not zeroed: a batch says what of it means something.
            buffer = GC.AllocateUninitializedArray<byte>(size);
        }

        return new(this, buffer, size);
    }
}

/// <summary>A buffer on loan. Given back once, by whoever has it last.</summary>
public sealed class BufferLease
{
    private readonly BatchBuffers owner;
    private int over;

    internal BufferLease(BatchBuffers owner, byte[] buffer, int size)
    {
        this.owner = owner;
        Buffer = buffer;
        Size = size;
    }

    /// <summary>The bytes.</summary>
    public byte[] Buffer { get; private set; }

    internal int Size { get; }

    /// <summary>Goes on with a larger buffer outside the pool: a record that runs far over its batch's end is rare.</summary>
    public void Grow(int bytes, int keep)
    {
        var larger = GC.AllocateUninitializedArray<byte>(bytes + BatchBytes.Padding);
        Buffer.AsSpan(0, keep).CopyTo(larger);
        Buffer = larger;
    }

    /// <summary>Gives the buffer back; more than once is as good as once.</summary>
    public void Return()
    {
        if (Interlocked.Exchange(ref over, 1) == 0) owner.Return(Buffer.Length == Size ? Buffer : null, Size);
    }

    /// <summary>
    /// Gives the place back and not the buffer: its batch was issued again, and whoever got it first may still be reading.
    /// </summary>
    public void Abandon()
    {
        if (Interlocked.Exchange(ref over, 1) == 0) owner.Return(null, Size);
    }
}
