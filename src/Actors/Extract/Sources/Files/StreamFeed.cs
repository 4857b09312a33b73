using Etl.Domain.Extract.Files;
using Etl.Domain.Jobs;
using Etl.Domain.Map.Files;

namespace Etl.Actors.Extract.Sources.Files;

/// <summary>
/// Reads the batches of an input that only has a beginning: compressed, with fields over line ends, or standard input. Batches are ranges
/// of the decompressed bytes all the same; one that lies behind is reached from the beginning again. A batch beyond the end is the end.
/// </summary>
internal sealed class StreamFeed(StoredInput input, Split split, int batchBytes, FilePlan plan, BatchBuffers buffers) : IBatchFeed
{
    private const int Overrun = 4 << 10;

    // A slow source is asked for little at a time, so that a cancelled read ends soon.
    private const int OneRead = 256 << 10;

    private readonly SemaphoreSlim turn = new(1, 1);
    private Stream? stream;
    private FileStream? file;
    private volatile bool disposed;

    // What was read beyond the last batch: the bytes from tailOffset on.
    private byte[] tail = [];
    private long tailOffset;

    // The first batch that has not been read since the beginning.
    private int next;

    // With fields over line ends: where the first record starts that no batch before owns.
    private long recordStart;

    public int ReadsAtOnce => 1;

    public async Task<FeedItem> ReadAsync(int ordinal, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var lease = await buffers.RentAsync(batchBytes + Overrun + 1, cancellation).ConfigureAwait(false);
            try
            {
                var item = await Task.Run(() => Read(ordinal, lease, cancellation), cancellation).ConfigureAwait(false);
                if (item is not FeedItem.Bytes) lease.Return();
                return item;
            }
            catch (Exception cause)
            {
                lease.Return();
                Rewind();
                // Neither library has one type for damaged content, and one has the type that our own refusals have.
                if (cause is ZstdSharp.ZstdException or EndOfStreamException or InvalidDataException { Source: "System.IO.Compression" })
                    throw new InvalidDataException($"its compressed content is damaged or cut short ({cause.Message}); fetch it again", cause);
                throw;
            }
        }
        finally
        {
            turn.Release();
            if (disposed) CloseUnused();
        }
    }

    public Task<long> LineOfAsync(long offset, CancellationToken cancellation) => Task.Run(
        () =>
        {
            if (input.File?.Path == StandardInput.Name) return 0;
            using var records = RecordFile.OpenStream(input);
            return LineCount.Before(records, offset, cancellation) + 1;
        },
        cancellation);

    // A read may be under way on another thread, in native code that a closed stream would crash: then that closes it when it has ended.
    public void Dispose()
    {
        disposed = true;
        CloseUnused();
    }

    private void CloseUnused()
    {
        if (!turn.Wait(0)) return;
        try
        {
            Rewind();
        }
        finally
        {
            turn.Release();
        }
    }

    private FeedItem Read(int ordinal, BufferLease lease, CancellationToken cancellation)
    {
        if (stream is null || ordinal < next)
        {
            Rewind();
            stream = RecordFile.OpenStream(input, out file);
            recordStart = plan.Layout.DataOffset;
        }

        // Where records end follows from where they begin: the batches before are scanned even if nobody wants them.
        if (plan.Multiline)
            while (next < ordinal)
            {
                var over = ReadOn(next, lease, cancellation);
                if (over is not FeedItem.Bytes) return over;
            }

        return ReadOn(ordinal, lease, cancellation);
    }

    private FeedItem ReadOn(int ordinal, BufferLease lease, CancellationToken cancellation)
    {
        next = ordinal + 1;
        var (from, to) = SplitPlanner.Range(split, ordinal, batchBytes);
        var windowOffset = BatchCut.WindowOffset(from);
        if (!Skip(windowOffset, cancellation)) return EndAt(tailOffset);
        if (lease.Buffer.Length < tail.Length + BatchBytes.Padding) lease.Grow(tail.Length, 0);
        tail.CopyTo(lease.Buffer, 0);
        var filled = tail.Length;
        filled += Fill(lease, filled, (int)(to - windowOffset) + Overrun, out var ended, cancellation);
        // What was read of a file that was written to meanwhile is nobody's content.
        if (file is not null) RecordFile.CheckUnchanged(input, file.SafeFileHandle);
        if (ended && windowOffset + filled <= from)
        {
            Keep(lease, filled, windowOffset + filled);
            return EndAt(tailOffset);
        }

        while (true)
        {
            var cut = Cut(lease.Buffer.AsSpan(0, filled), from, to, ended);
            if (!cut.NeedsMore)
            {
                if (plan.Multiline) recordStart = Math.Max(recordStart, windowOffset + cut.End);
                Keep(lease, filled, to - 1);
                return new FeedItem.Bytes(new LentBytes(lease, new(lease.Buffer, cut.Start, cut.End, windowOffset, cut.HeaderLines)), plan) { Position = file?.Position };
            }

            filled += Fill(lease, filled, filled + Math.Max(2 * (filled - (int)(to - windowOffset)), Overrun), out ended, cancellation);
        }
    }

    private BatchCut Cut(ReadOnlySpan<byte> window, long from, long to, bool ended)
    {
        if (!plan.Multiline) return BatchCut.Of(window, from, to, ended, plan.MaxLineBytes, plan.Layout);
        var header = from == 0 && plan.Layout.DataOffset > 0 ? 1 : 0;
        var offset = BatchCut.WindowOffset(from);
        if (recordStart >= to) return new(0, 0, header, false);
        var start = (int)(recordStart - offset);
        if (start > window.Length) return new(0, 0, header, true);
        var length = RecordCut.End(window[start..], (int)(to - recordStart), ended, plan);
        return new(start, start + Math.Max(0, length), header, length < 0);
    }

    private FeedItem.End EndAt(long length) => new((int)((length + batchBytes - 1) / batchBytes));

    /// <summary>Brings the buffer to so many bytes; fewer when the stream ends.</summary>
    private int Fill(BufferLease lease, int filled, int wanted, out bool ended, CancellationToken cancellation)
    {
        if (lease.Buffer.Length < wanted + BatchBytes.Padding) lease.Grow(wanted, filled);
        var more = 0;
        ended = false;
        while (filled + more < wanted && !ended)
        {
            cancellation.ThrowIfCancellationRequested();
            var read = stream!.Read(lease.Buffer, filled + more, Math.Min(wanted - filled - more, OneRead));
            ended = read == 0;
            more += read;
        }

        if (ended && file is not null && input.File!.Compression == Compression.Gzip) RecordFile.CheckNothingFollows(file);

        return more;
    }

    /// <summary>Drops what is before a place; false when the stream ends before it.</summary>
    private bool Skip(long offset, CancellationToken cancellation)
    {
        if (tailOffset + tail.Length >= offset)
        {
            tail = tail[(int)(offset - tailOffset)..];
            tailOffset = offset;
            return true;
        }

        var left = offset - tailOffset - tail.Length;
        tailOffset += tail.Length;
        tail = [];
        var buffer = new byte[64 << 10];
        while (left > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var read = stream!.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (read == 0) return false;
            left -= read;
            tailOffset += read;
        }

        return true;
    }

    // The buffer goes to a mapper, so what the next batch needs of it is copied.
    private void Keep(BufferLease lease, int filled, long from)
    {
        var at = (int)Math.Min(from - tailOffset, filled);
        tail = lease.Buffer.AsSpan(at, filled - at).ToArray();
        tailOffset += at;
    }

    private void Rewind()
    {
        stream?.Dispose();
        (stream, file) = (null, null);
        (tail, tailOffset, next) = ([], 0, 0);
    }
}
