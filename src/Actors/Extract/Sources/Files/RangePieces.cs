using Etl.Domain.Extract.Files;
using Etl.Domain.Jobs;
using Etl.Domain.Map.Files;
using Microsoft.Win32.SafeHandles;

namespace Etl.Actors.Extract.Sources.Files;

/// <summary>Reads a byte range of a file in pieces, each cut like a small batch: those together own what the range owns.</summary>
internal sealed class RangePieces(Func<SafeFileHandle> open, StoredInput input, FilePlan plan, long from, long to, PieceBuffer own) : IBatchPieces
{
    // Nearly every line that runs over a piece's end ends within this, so nearly every piece is one read.
    private const int Overrun = 512;

    private SafeFileHandle? file;
    private long at = from;

    public bool Next(out BatchBytes piece)
    {
        piece = default;
        try
        {
            if (at >= to)
            {
                own.Shrink();
                return false;
            }

            file ??= open();
            var end = Math.Min(to, at + own.Size);
            piece = Read(file, at, end);
            at = end;
            // What was read of a file that was written to meanwhile is nobody's content.
            RecordFile.CheckUnchanged(input, file);
            return true;
        }
        catch (Exception cause) when (cause is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new BatchUnreadableException(cause);
        }
    }

    private BatchBytes Read(SafeFileHandle handle, long first, long end)
    {
        // The byte before tells whether a line starts at the range's first byte.
        var offset = BatchCut.WindowOffset(first);
        var (wanted, filled) = ((int)Math.Min(end - offset + Overrun, input.Bytes - offset), 0);
        while (true)
        {
            var buffer = own.AtLeast(wanted, filled);
            Fill(handle, buffer.AsSpan(filled, wanted - filled), offset + filled);
            filled = wanted;
            var cut = BatchCut.Of(buffer.AsSpan(0, filled), first, end, offset + filled >= input.Bytes, plan.MaxLineBytes, plan.Layout);
            if (!cut.NeedsMore) return new(buffer, cut.Start, cut.End, offset, cut.HeaderLines);
            wanted += (int)Math.Min(Math.Max((filled - (end - offset)) * 2, Overrun), input.Bytes - offset - filled);
        }
    }

    private static void Fill(SafeFileHandle handle, Span<byte> into, long offset)
    {
        while (!into.IsEmpty)
        {
            var read = RandomAccess.Read(handle, into, offset);
            if (read == 0) throw new InvalidDataException("it became shorter while it was read; run again on a file that nobody writes to");
            into = into[read..];
            offset += read;
        }
    }
}
