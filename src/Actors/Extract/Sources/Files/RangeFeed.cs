using Etl.Domain.Extract.Files;
using Etl.Domain.Jobs;
using Etl.Domain.Map.Files;
using Microsoft.Win32.SafeHandles;

namespace Etl.Actors.Extract.Sources.Files;

/// <summary>
/// The batches of a split of an uncompressed file, in any order. Each is a byte range: nothing is read here, the mapper reads, so a
/// batch's size costs no memory and its bytes do not cross from one core to another.
/// </summary>
internal sealed class RangeFeed(StoredInput input, Split split, int batchBytes, FilePlan plan) : IBatchFeed
{
    private readonly Lock gate = new();
    private SafeFileHandle? file;
    private int lent;
    private bool disposed;

    public int ReadsAtOnce => int.MaxValue;

    public Task<FeedItem> ReadAsync(int ordinal, CancellationToken cancellation)
    {
        var (from, to) = SplitPlanner.Range(split, ordinal, batchBytes);
        lock (gate) lent++;
        return Task.FromResult<FeedItem>(new FeedItem.Bytes(new LentRange(this, from, to), plan));
    }

    public Task<long> LineOfAsync(long offset, CancellationToken cancellation) => Task.Run(
        () =>
        {
            using var records = RecordFile.OpenStream(input);
            return LineCount.Before(records, offset, cancellation) + 1;
        },
        cancellation);

    // A job of many files does not keep them all open: the handle lasts as long as batches of its split are asked for or read.
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            CloseUnused();
        }
    }

    private void GiveBack()
    {
        lock (gate)
        {
            lent--;
            CloseUnused();
        }
    }

    private void CloseUnused()
    {
        if (!disposed || lent > 0) return;
        file?.Dispose();
        file = null;
    }

    private RangePieces PiecesOf(long from, long to, PieceBuffer own) => new(Handle, input, plan, from, to, own);

    private SafeFileHandle Handle()
    {
        lock (gate) return file ??= RecordFile.Open(input);
    }

    private sealed class LentRange(RangeFeed feed, long from, long to) : LentBatch
    {
        private int over;

        public override long Length => to - from;

        public override IBatchPieces Pieces(PieceBuffer own) => feed.PiecesOf(from, to, own);

        public override void Return()
        {
            if (Interlocked.Exchange(ref over, 1) == 0) feed.GiveBack();
        }

        // The first reader, should it still live, reads the same bytes of the same file, and gives the handle back itself.
        public override void Abandon()
        {
        }
    }
}
