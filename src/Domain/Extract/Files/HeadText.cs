using System.Text.Unicode;

namespace Etl.Domain.Extract.Files;

/// <summary>The first bytes of a file as text: what is not UTF-8 is told apart before anything is read into it.</summary>
internal static class HeadText
{
    /// <summary>What helps against every encoding but UTF-8.</summary>
    private const string SaveAsUtf8 = "save it as UTF-8 (iconv -f UTF-16 -t UTF-8 does that, and every spreadsheet's export)";

    // Text that a program writes has no NUL at all; further in, one stands in a damaged row, which is that row's fault.
    private const int BinaryProbe = 4096;

    /// <summary>Length of UTF-8's byte order mark, 0 when there is none.</summary>
    public static int MarkLength(ReadOnlySpan<byte> head) => head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;

    /// <summary>True when the bytes are no text in any encoding of one byte, or of UTF-8.</summary>
    public static bool LooksBinary(ReadOnlySpan<byte> head) => head[..Math.Min(head.Length, BinaryProbe)].Contains((byte)0);

    /// <summary>Why the bytes are not UTF-8 text, null when nothing speaks against it.</summary>
    public static string? Problem(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]) || head.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF]))
            return "the file is UTF-32 text: " + SaveAsUtf8.Replace("16", "32", StringComparison.Ordinal);
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return "the file is UTF-16 text: " + SaveAsUtf8;
        if (head.StartsWith("PK\u0003\u0004"u8))
            return "the file is a ZIP archive or a spreadsheet: take the table out and save it as CSV in UTF-8";
        if (head.StartsWith("PAR1"u8))
            return "the file is Parquet: export it as CSV or newline-delimited JSON";
        if (RecordFormats.CompressionOf(head) != Jobs.Compression.None)
            return "the file is compressed twice: decompress it once";
        return LooksBinary(head) ? "the file has NUL bytes, so it is binary or UTF-16 without a byte order mark: save it as text in UTF-8" : null;
    }

    /// <summary>The first line without its end, and where the next begins; false when the line does not end in the bytes given.</summary>
    public static bool TryFirstLine(ReadOnlySpan<byte> text, bool isWhole, out ReadOnlySpan<byte> line, out int next)
    {
        var end = text.IndexOf((byte)'\n');
        next = end < 0 ? text.Length : end + 1;
        line = end < 0 ? text : text[..end];
        if (line.EndsWith("\r"u8))
            line = line[..^1];
        return end >= 0 || isWhole;
    }

    /// <summary>Why a header line cannot be taken for text, null when it can.</summary>
    public static string? ProblemOfHeader(ReadOnlySpan<byte> line)
    {
        if (!Utf8.IsValid(line))
            return "line 1 is not UTF-8: save the file as UTF-8 (iconv -f WINDOWS-1252 -t UTF-8 does that)";
        return line.Contains((byte)'\r')
            ? "lines end in a bare carriage return: save the file with LF or CRLF at the end of each line (tr '\\r' '\\n' does that)" : null;
    }
}
