namespace Etl.Domain.Extract.Files;

/// <summary>Finds what parts the fields of a file: the mark by which the header and the first rows have as many fields.</summary>
public static class Delimiters
{
    // Enough to tell a delimiter from a comma in a name; the rest of a MiB would only cost time.
    private const int SampledLines = 20;

    /// <summary>The marks that are tried, in this order.</summary>
    public static ReadOnlySpan<byte> All => ",;\t|"u8;

    /// <summary>True for the marks that a file may be parted by.</summary>
    public static bool IsKnown(char delimiter) => delimiter < 128 && All.Contains((byte)delimiter);

    /// <summary>The mark in words.</summary>
    public static string Name(byte delimiter) => delimiter switch
    {
        (byte)',' => "a comma",
        (byte)';' => "a semicolon",
        (byte)'\t' => "a tab",
        _ => $"'{(char)delimiter}'",
    };

    /// <summary>
    /// The delimiter, 0 when none parts the header. Most rows that have as many fields as the header decide, then the number of fields
    /// (a comma in one header name must not win over three semicolons), then the order.
    /// </summary>
    /// <param name="rows">What follows the header, as far as it is known.</param>
    public static byte Choose(ReadOnlySpan<byte> header, ReadOnlySpan<byte> rows, bool rowsAreWhole)
    {
        byte best = 0;
        var bestScore = (Agreeing: -1, Fields: 0);
        foreach (var delimiter in All)
        {
            var fields = FieldCount(header, delimiter);
            if (fields < 2)
                continue;
            var score = (Agreeing(rows, rowsAreWhole, delimiter, fields), fields);
            if (score.CompareTo(bestScore) > 0)
                (best, bestScore) = (delimiter, score);
        }

        return best;
    }

    private static int Agreeing(ReadOnlySpan<byte> rows, bool areWhole, byte delimiter, int fields)
    {
        var agreeing = 0;
        for (var line = 0; line < SampledLines && !rows.IsEmpty; line++)
        {
            if (!HeadText.TryFirstLine(rows, areWhole, out var row, out var next))
                break;
            agreeing += FieldCount(row, delimiter) == fields ? 1 : 0;
            rows = rows[next..];
        }

        return agreeing;
    }

    /// <summary>Fields of a line, 0 when a quote stays open. Lenient otherwise: the rest is asked when the delimiter is known.</summary>
    private static int FieldCount(ReadOnlySpan<byte> line, byte delimiter)
    {
        for (var count = 1; ; count++)
        {
            if (!line.IsEmpty && line[0] == (byte)'"')
            {
                var close = HeaderLine.ClosingQuote(line);
                if (close < 0)
                    return 0;
                line = line[(close + 1)..];
            }

            var end = line.IndexOf(delimiter);
            if (end < 0)
                return count;
            line = line[(end + 1)..];
        }
    }
}
