namespace Etl.Actors.Extract.Sources.Files;

/// <summary>Counts lines where no batch's count is at hand: to say in an error where it is.</summary>
internal static class LineCount
{
    /// <summary>How many line ends are before a byte.</summary>
    public static long Before(Stream records, long offset, CancellationToken cancellation)
    {
        var buffer = new byte[1 << 20];
        long lines = 0;
        while (offset > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var read = records.Read(buffer, 0, (int)Math.Min(buffer.Length, offset));
            if (read == 0) break;
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
            offset -= read;
        }

        return lines;
    }
}
