using System.Collections.Immutable;
using Etl.Actors.Extract.Sources.Files;
using Etl.Domain.Extract;
using Etl.Domain.Map;
using Etl.Domain.Map.Files;

namespace Etl.Actors.Extract;

/// <summary>What reading a batch came to. Closed.</summary>
public abstract record FeedItem
{
    private FeedItem() { }

    /// <summary>Rows of a page.</summary>
    public sealed record Rows(ImmutableArray<RawRow> Items, MapPlan Plan) : FeedItem;

    /// <summary>Bytes of a file, read already or to be read by the mapper.</summary>
    public sealed record Bytes(LentBatch Lent, FilePlan Plan) : FeedItem
    {
        /// <summary>How far a file is read that is read from its beginning, in its own bytes; null for any other.</summary>
        public long? Position { get; init; }
    }

    /// <summary>There is no such batch: the stream has ended, and has so many.</summary>
    public sealed record End(int Batches) : FeedItem;
}

/// <summary>Reads a split's batches, whatever it consists of. Disposed when its job is over, or nothing is left to read.</summary>
public interface IBatchFeed : IDisposable
{
    /// <summary>So many reads at once are worth it.</summary>
    int ReadsAtOnce { get; }

    /// <summary>Reads a batch; the same batch again gives the same content.</summary>
    /// <exception cref="IOException">It cannot be read now.</exception>
    /// <exception cref="InvalidDataException">It can never be read; the message says why and what to do.</exception>
    Task<FeedItem> ReadAsync(int ordinal, CancellationToken cancellation);

    /// <summary>The number, from 1, of the line that holds this byte of the input.</summary>
    Task<long> LineOfAsync(long offset, CancellationToken cancellation);
}

/// <summary>The batches of a page: rows that are in memory already.</summary>
internal sealed class RowsFeed(ImmutableArray<RawRow> rows, int batchRows, MapPlan plan) : IBatchFeed
{
    public int ReadsAtOnce => int.MaxValue;

    public Task<FeedItem> ReadAsync(int ordinal, CancellationToken cancellation) =>
        Task.FromResult<FeedItem>(new FeedItem.Rows(RowBatches.Slice(rows, ordinal, batchRows), plan));

    public Task<long> LineOfAsync(long offset, CancellationToken cancellation) => Task.FromResult(0L);

    public void Dispose()
    {
    }
}
