using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Etl.Benchmarks.Tuned;

/// <summary>
/// Deals a file out in chunks of whole rows to any number of threads. A chunk owns the rows that begin in it. A row ends at a line feed;
/// line ends within quotes are not supported.
/// </summary>
internal sealed unsafe class ChunkedFile(string path) : IDisposable
{
    /// <summary>Fits into a core's own cache together with the sums.</summary>
    private const int ChunkBytes = 256 * 1024;

    private const int LongestRow = 1 << 16, Padding = 64;

    private readonly SafeFileHandle _file = File.OpenHandle(path);
    private readonly long _length = new FileInfo(path).Length;
    private long _next = -1;

    /// <summary>Memory for a chunk. Never freed: it lives as long as the process.</summary>
    public static byte* NewBuffer() => (byte*)NativeMemory.AlignedAlloc(1 + ChunkBytes + LongestRow + Padding, 64);

    /// <summary>Reads the next chunk; false at the end. Each row ends with a line feed, and some bytes after the last may be read.</summary>
    public bool TryRead(byte* buffer, out byte* start, out byte* end)
    {
        start = end = buffer;
        var from = Interlocked.Increment(ref _next) * ChunkBytes;
        if (from >= _length) return false;

        // The byte before the chunk tells whether a row begins with it. The file's first row is the header, which nobody owns.
        var origin = Math.Max(0, from - 1);
        var until = Math.Min(_length, from + ChunkBytes);
        var have = Fill(buffer, origin, 0, (int)(until - origin));
        start = AfterLineFeed(buffer, buffer + have);
        if (start is null) return TryRead(buffer, out start, out end);
        end = buffer + have;
        if (end[-1] == '\n') return true;

        // The last row runs over the end of the chunk.
        var tail = Fill(buffer, origin, have, (int)Math.Min(LongestRow, _length - until));
        end = AfterLineFeed(buffer + have, buffer + tail);
        if (end is not null) return true;
        if (origin + tail < _length) throw new InvalidDataException($"a row is longer than {LongestRow} bytes");
        end = buffer + tail;
        *end++ = (byte)'\n';
        return true;
    }

    public void Dispose() => _file.Dispose();

    private static byte* AfterLineFeed(byte* from, byte* to)
    {
        var at = new ReadOnlySpan<byte>(from, (int)(to - from)).IndexOf((byte)'\n');
        return at < 0 ? null : from + at + 1;
    }

    private int Fill(byte* buffer, long origin, int have, int more)
    {
        for (var wanted = have + more; have < wanted;)
        {
            var read = RandomAccess.Read(_file, new Span<byte>(buffer + have, wanted - have), origin + have);
            if (read == 0) throw new EndOfStreamException("the file became shorter while it was read");
            have += read;
        }

        return have;
    }
}
