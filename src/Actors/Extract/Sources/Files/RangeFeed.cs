using Etl.Domain.Extract.Files;
using Etl.Domain.Jobs;
using Etl.Domain.Map.Files;
using Microsoft.Win32.SafeHandles;

namespace Etl.Actors.Extract.Sources.Files;

/// <summary>Reads the batches of a split of an uncompressed file, in any order, each by its own byte range.</summary>
internal sealed class RangeFeed(StoredInput input, Split split, int batchBytes, FilePlan plan, BatchBuffers buffers) : IBatchFeed
{
    // Nearly every line that runs over a batch's end ends within this, so nearly every batch is one read.
    private const int Overrun = 4 << 10;

    private readonly Lock gate = new();
    private SafeFileHandle? file;

    public int ReadsAtOnce => 2;

    public async Task<FeedItem> ReadAsync(int ordinal, CancellationToken cancellation)
    {
        var lease = await buffers.RentAsync(batchBytes + Overrun + 1, cancellation).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Read(ordinal, lease), cancellation).ConfigureAwait(false);
        }
        catch
        {
            lease.Return();
            throw;
        }
    }

    public Task<long> LineOfAsync(long offset, CancellationToken cancellation) => Task.Run(
        () =>
        {
            using var records = RecordFile.OpenStream(input);
            return LineCount.Before(records, offset, cancellation) + 1;
        },
        cancellation);

    // A job of many files does not keep them all open: the handle lasts as long as batches of its split are asked for.
    public void Dispose()
    {
        lock (gate)
        {
            file?.Dispose();
            file = null;
        }
    }

    private FeedItem Read(int ordinal, BufferLease lease)
    {
        var handle = Handle();
        var (from, to) = SplitPlanner.Range(split, ordinal, batchBytes);
        // The byte before tells whether a line starts at the range's first byte.
        var windowOffset = BatchCut.WindowOffset(from);
        var filled = Fill(handle, lease.Buffer.AsSpan(0, (int)Math.Min(to - windowOffset + Overrun, input.Bytes - windowOffset)), windowOffset);
        while (true)
        {
            var cut = BatchCut.Of(
                lease.Buffer.AsSpan(0, filled), from, to, windowOffset + filled >= input.Bytes, plan.MaxLineBytes, plan.Layout);
            if (!cut.NeedsMore)
            {
                RecordFile.CheckUnchanged(input, handle);
                return new FeedItem.Bytes(new(lease, new(lease.Buffer, cut.Start, cut.End, windowOffset, cut.HeaderLines)), plan);
            }

            var more = (int)Math.Min(Math.Max((filled - (to - windowOffset)) * 2, Overrun), input.Bytes - windowOffset - filled);
            if (lease.Buffer.Length < filled + more + BatchBytes.Padding) lease.Grow(filled + more, filled);
            filled += Fill(handle, lease.Buffer.AsSpan(filled, more), windowOffset + filled);
        }
    }

    private SafeFileHandle Handle()
    {
        lock (gate) return file ??= RecordFile.Open(input);
    }

    private static int Fill(SafeFileHandle handle, Span<byte> into, long offset)
    {
        var filled = 0;
        while (filled < into.Length && RandomAccess.Read(handle, into[filled..], offset + filled) is > 0 and var read) filled += read;
        if (filled < into.Length) throw new InvalidDataException("it became shorter while it was read; run again on a file that nobody writes to");
        return filled;
    }
}
