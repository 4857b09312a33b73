namespace Etl.Domain.Extract.Files;

/// <summary>
/// Which records a batch owns where quoted fields may run over line ends. A line end then says nothing by itself, so records are followed
/// from one that is known to start where it starts: sequentially, from the beginning of the file. Pure.
/// </summary>
public static class RecordCut
{
    private const byte Quote = (byte)'"', LineEnd = (byte)'\n';

    /// <summary>The records that start in [from, to), as <see cref="BatchCut.Of"/> tells the lines.</summary>
    /// <param name="recordStart">Offset in the file of the first record at or after <paramref name="from"/>.</param>
    /// <returns>
    /// When more bytes are needed, <see cref="BatchCut.End"/> is the index where the record starts whose end is not in the window.
    /// </returns>
    public static BatchCut Of(
        ReadOnlySpan<byte> window, long windowOffset, long recordStart, long from, long to, bool windowReachesEnd, FileLayout layout)
    {
        var headerLines = from == 0 && layout.DataOffset > 0 && layout.Format == RecordFormat.Csv ? 1 : 0;
        if (recordStart >= to) return new(0, 0, headerLines, false);
        var start = (int)(recordStart - windowOffset);
        var limit = to - windowOffset;
        var at = start;
        while (at < limit && at < window.Length)
        {
            var end = EndOfRecord(window, at, layout.Delimiter);
            if (end < 0)
            {
                if (!windowReachesEnd) return new(start, at, headerLines, true);
                end = window.Length;
            }

            at = end;
        }

        return new(Math.Min(start, at), at, headerLines, at < limit && !windowReachesEnd);
    }

    /// <summary>Index after the line end of the record that starts here; -1 when it is not in the window.</summary>
    private static int EndOfRecord(ReadOnlySpan<byte> window, int at, byte delimiter)
    {
        while (at < window.Length)
        {
            // A quote opens a field at its first byte alone; elsewhere it is a character like any other.
            if (window[at] == Quote && (at = AfterQuotes(window, at)) < 0) return -1;
            var next = window[at..].IndexOfAny(delimiter, LineEnd);
            if (next < 0) return -1;
            at += next + 1;
            if (window[at - 1] == LineEnd) return at;
        }

        return -1;
    }

    private static int AfterQuotes(ReadOnlySpan<byte> window, int open)
    {
        for (var at = open + 1; ;)
        {
            var quote = window[at..].IndexOf(Quote);
            // A quote that is the window's last byte may be the first half of a doubled one.
            if (quote < 0 || at + quote + 1 >= window.Length) return -1;
            at += quote + 1;
            if (window[at] != Quote) return at;
            at++;
        }
    }
}
