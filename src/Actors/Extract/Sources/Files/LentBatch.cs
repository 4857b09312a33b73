using Etl.Domain.Map.Files;

namespace Etl.Actors.Extract.Sources.Files;

/// <summary>A batch of a file on its way to a mapper, with what it holds of its source: who has mapped it, or failed to, gives that back.</summary>
public abstract class LentBatch
{
    /// <summary>How many bytes of the source it stands for, after decompression.</summary>
    public abstract long Length { get; }

    /// <summary>The batch's bytes.</summary>
    /// <param name="own">The mapper's buffer, for a batch that is read only now.</param>
    /// <exception cref="BatchUnreadableException">While pieces are taken: its bytes cannot be read.</exception>
    public abstract IBatchPieces Pieces(PieceBuffer own);

    /// <summary>Gives back what it holds; more than once is as good as once.</summary>
    public abstract void Return();

    /// <summary>Gives back all but what somebody may still be reading: the batch was issued again.</summary>
    public abstract void Abandon();
}

/// <summary>A batch that was read into a buffer on loan.</summary>
public sealed class LentBytes(BufferLease lease, BatchBytes bytes) : LentBatch
{
    /// <summary>The batch.</summary>
    public BatchBytes Bytes => bytes;

    /// <inheritdoc />
    public override long Length => bytes.End - bytes.Start;

    /// <inheritdoc />
    public override IBatchPieces Pieces(PieceBuffer own) => new Whole(bytes);

    /// <inheritdoc />
    public override void Return() => lease.Return();

    /// <inheritdoc />
    public override void Abandon() => lease.Abandon();

    private sealed class Whole(BatchBytes bytes) : IBatchPieces
    {
        private bool taken;

        public bool Next(out BatchBytes piece)
        {
            piece = bytes;
            return !taken && (taken = true);
        }
    }
}

/// <summary>
/// A mapper's own buffer: it reads a range of a file piece by piece into it, so that the bytes are still in the processor's second-level
/// cache when they are mapped.
/// </summary>
/// <param name="size">Bytes per piece.</param>
public sealed class PieceBuffer(int size = PieceBuffer.DefaultSize)
{
    /// <summary>A quarter of the second-level cache of a present-day core: the tables of sums and names need room there too.</summary>
    public const int DefaultSize = 256 << 10;

    private byte[] own = [];

    /// <summary>Bytes per piece.</summary>
    public int Size => size;

    /// <summary>A buffer of at least so many bytes and <see cref="BatchBytes.Padding"/>, with what was in it.</summary>
    /// <param name="keep">So many bytes of the one before stay.</param>
    public byte[] AtLeast(int bytes, int keep)
    {
        if (own.Length >= bytes + BatchBytes.Padding) return own;
        var larger = GC.AllocateUninitializedArray<byte>(bytes + BatchBytes.Padding);
        own.AsSpan(0, keep).CopyTo(larger);
        return own = larger;
    }

    /// <summary>Lets go of a buffer that a very long line has made large.</summary>
    public void Shrink()
    {
        if (own.Length > 4 * size) own = [];
    }
}

/// <summary>A batch's bytes cannot be read: not the mapper's fault, and not the row's.</summary>
public sealed class BatchUnreadableException(Exception cause) : Exception(cause.Message, cause);
