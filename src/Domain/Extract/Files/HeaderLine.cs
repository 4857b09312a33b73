using System.Collections.Immutable;
using System.Text;

namespace Etl.Domain.Extract.Files;

/// <summary>The names in a header line (RFC 4180), or why it cannot be read.</summary>
/// <param name="Names">Trimmed, without quotes, in the order of the columns.</param>
/// <param name="Problem">Null when it could be read.</param>
internal readonly record struct HeaderLine(ImmutableArray<string> Names, string? Problem)
{
    /// <summary>Reads a line of valid UTF-8.</summary>
    public static HeaderLine Read(ReadOnlySpan<byte> line, byte delimiter)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        while (true)
        {
            var end = line.IndexOf(delimiter);
            if (!line.IsEmpty && line[0] == (byte)'"')
            {
                var close = ClosingQuote(line);
                if (close < 0)
                    return Bad(names.Count, "is quoted, and the quote is not closed on line 1", "the header must be one line: close the quote, or take the line break out of the name");
                names.Add(Encoding.UTF8.GetString(line[1..close]).Replace("\"\"", "\"", StringComparison.Ordinal).Trim());
                var after = line[(close + 1)..];
                if (!after.IsEmpty && after[0] != delimiter)
                    return Bad(names.Count - 1, "goes on after its closing quote", "double a quote that belongs to the name");
                end = after.IsEmpty ? -1 : close + 1;
            }
            else
            {
                names.Add(Encoding.UTF8.GetString(end < 0 ? line : line[..end]).Trim());
            }

            if (end < 0)
                return new HeaderLine(names.ToImmutable(), null);
            line = line[(end + 1)..];
        }
    }

    /// <summary>Where the quote closes that the text begins with; -1 when it does not.</summary>
    public static int ClosingQuote(ReadOnlySpan<byte> text)
    {
        for (var at = 1; at < text.Length; at++)
        {
            var quote = text[at..].IndexOf((byte)'"');
            if (quote < 0)
                return -1;
            at += quote;
            if (at + 1 == text.Length || text[at + 1] != (byte)'"')
                return at;
            at++;
        }

        return -1;
    }

    private static HeaderLine Bad(int index, string problem, string remedy) =>
        new([], $"line 1: column {(index + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)} of the header {problem}; {remedy}");
}
