namespace Etl.Domain.Extract.Files;

/// <summary>
/// Which lines of a window a batch owns: those whose first byte is in its range, whole, wherever they end. A function of the file's bytes
/// and the range alone, so neighbours never share a line nor leave one out, wherever the ranges are cut.
/// </summary>
/// <param name="Start">Index in the window of the first byte that is owned.</param>
/// <param name="End">Index after the last byte that is owned, its line end included; equal to <paramref name="Start"/> when nothing is.</param>
/// <param name="HeaderLines">1 for the batch at the file's beginning when the file has a header line before its records, otherwise 0.</param>
/// <param name="NeedsMore">
/// The window ends before the last owned line does: nothing else in the cut means anything, ask again with a longer window.
/// </param>
public readonly record struct BatchCut(int Start, int End, int HeaderLines, bool NeedsMore)
{
    private const byte LineFeed = (byte)'\n';

    /// <summary>Index in the file at which the window of a batch begins: one byte early, because that byte tells whether a line starts.</summary>
    public static long WindowOffset(long from) => Math.Max(0, from - 1);

    /// <summary>Cuts a batch out of its window.</summary>
    /// <param name="window">The file from <see cref="WindowOffset"/> of <paramref name="from"/> on, as far as it was read.</param>
    /// <param name="from">First byte of the batch's range, from 0.</param>
    /// <param name="to">Byte after the last one of the range; may lie past the end of the file.</param>
    /// <param name="windowReachesEnd">The window's last byte is the file's.</param>
    /// <param name="maxLineBytes">
    /// A window that reaches further than this past the range is long enough whatever is in it: the batch then ends with the window, inside a
    /// line that its mapper refuses as too long.
    /// </param>
    /// <param name="layout">Tells where records begin: <see cref="FileLayout.DataOffset"/> begins a line, what is before it belongs to no batch.</param>
    public static BatchCut Of(ReadOnlySpan<byte> window, long from, long to, bool windowReachesEnd, int maxLineBytes, FileLayout layout)
    {
        var offset = WindowOffset(from);
        var header = from == 0 && layout.Format == RecordFormat.Csv && layout.DataOffset > 0 ? 1 : 0;
        if (to <= from || to <= layout.DataOffset)
            return new(0, 0, header, false);

        // The range in window indexes; a window that ends before the range does is short unless the file ends there too.
        var last = to - 1 - offset;
        if (last >= window.Length && !windowReachesEnd)
            return new(0, 0, header, true);
        var owned = window[..(int)Math.Min(last, window.Length)];

        int start;
        if (layout.DataOffset >= from)
        {
            start = (int)Math.Min(layout.DataOffset - offset, window.Length);
        }
        else
        {
            // A line begins after a line feed. One at the range's last byte begins a line of the next batch, so it is not looked at here.
            var feed = owned.IndexOf(LineFeed);
            if (feed < 0)
                return new(0, 0, header, false);
            start = feed + 1;
        }

        if (start >= window.Length)
            return new(0, 0, header, false);
        if (last >= window.Length)
            return new(start, window.Length, header, false);
        var end = window[(int)Math.Max(last, start)..].IndexOf(LineFeed);
        if (end >= 0)
            return new(start, (int)Math.Max(last, start) + end + 1, header, false);
        var ends = windowReachesEnd || window.Length - Math.Max(last, start) > maxLineBytes + 1L;
        return ends ? new(start, window.Length, header, false) : new(0, 0, header, true);
    }
}
