using System.Text;

namespace Etl.Actors.Extract.Sources.Wikipedia;

/// <summary>Tells what bytes are, and decodes them when they are a text.</summary>
internal static class PageBytes
{
    // A declared charset stands near the top: HTML asks for the first 1,024 bytes, saved pages put comments before it.
    private const int HeadLength = 4096;

    private static readonly (byte[] Magic, string Name)[] Formats =
    [
        ("%PDF"u8.ToArray(), "a PDF document"),
        ([0x50, 0x4B, 0x03, 0x04], "a ZIP archive (as .xlsx, .docx and .zip files are)"),
        ([0x1F, 0x8B], "a gzip file"),
        ([0x28, 0xB5, 0x2F, 0xFD], "a Zstandard file"),
        ([0xD0, 0xCF, 0x11, 0xE0], "an old Office document (as .xls and .doc files are)"),
        ("SQLite format 3"u8.ToArray(), "an SQLite database"),
        ([0x89, 0x50, 0x4E, 0x47], "a PNG picture"),
        ([0xFF, 0xD8, 0xFF], "a JPEG picture"),
        ("GIF8"u8.ToArray(), "a GIF picture"),
        ("PAR1"u8.ToArray(), "a Parquet file"),
        ("{\\rtf"u8.ToArray(), "an RTF document"),
    ];

    /// <summary>The name of a format that is no page, null when the bytes may be a text.</summary>
    public static string? Foreign(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return "an empty file";
        foreach (var (magic, name) in Formats)
        {
            if (bytes.StartsWith(magic))
                return name;
        }

        var head = bytes[..Math.Min(bytes.Length, HeadLength)];
        return WideEncoding(head) is null && head.Contains((byte)0) ? "a binary file" : null;
    }

    /// <summary>The text of the bytes: by byte order mark, by declared charset, as UTF-8, and when it is not that as Windows-1252.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            return Encoding.UTF8.GetString(bytes[3..]);
        if (WideEncoding(bytes[..Math.Min(bytes.Length, HeadLength)]) is { } wide)
            return wide.GetString(bytes[0] is 0xFE or 0xFF ? bytes[2..] : bytes);

        var declared = DeclaredCharset(bytes[..Math.Min(bytes.Length, HeadLength)]);
        if (declared is not null)
            return declared.GetString(bytes);
        var text = Encoding.UTF8.GetString(bytes);
        return text.Contains('\uFFFD', StringComparison.Ordinal) && Named("windows-1252") is { } western ? western.GetString(bytes) : text;
    }

    /// <summary>UTF-16 by its byte order mark, or by every other byte being zero; null when it is neither.</summary>
    private static Encoding? WideEncoding(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            return Encoding.Unicode;
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return Encoding.BigEndianUnicode;

        var (even, odd) = (0, 0);
        for (var i = 0; i < head.Length; i++)
        {
            if (head[i] != 0) continue;
            if (i % 2 == 0) even++;
            else odd++;
        }

        // Markup is nearly all ASCII, so nearly every high byte is zero and no low byte is.
        var most = head.Length / 2 * 8 / 10;
        if (head.Length < 8 || Math.Min(even, odd) > 0)
            return null;
        return odd >= most ? Encoding.Unicode : even >= most ? Encoding.BigEndianUnicode : null;
    }

    private static Encoding? DeclaredCharset(ReadOnlySpan<byte> head)
    {
        var text = Encoding.Latin1.GetString(head);
        var at = text.IndexOf("<meta", StringComparison.OrdinalIgnoreCase);
        while (at >= 0)
        {
            var end = text.IndexOf('>', at);
            var tag = end < 0 ? text[at..] : text[at..end];
            var charset = tag.IndexOf("charset", StringComparison.OrdinalIgnoreCase);
            if (charset >= 0 && Label(tag.AsSpan(charset + "charset".Length)) is { Length: > 0 } label)
                return Named(label);
            at = text.IndexOf("<meta", at + 1, StringComparison.OrdinalIgnoreCase);
        }

        return null;
    }

    private static string Label(ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart();
        if (rest.IsEmpty || rest[0] != '=')
            return "";
        rest = rest[1..].TrimStart().TrimStart("\"'");
        var end = rest.IndexOfAny(" \t\r\n\"';/");
        return (end < 0 ? rest : rest[..end]).ToString().ToLowerInvariant();
    }

    /// <summary>A declared encoding; null for UTF-8, for what nobody knows, and for UTF-16, which a file that is read as ASCII cannot be.</summary>
    private static Encoding? Named(string label)
    {
        if (label is "utf-8" or "utf8" || label.StartsWith("utf-16", StringComparison.Ordinal))
            return null;
        var name = label is "iso-8859-1" or "latin1" or "us-ascii" or "ascii" ? "windows-1252" : label;
        return CodePagesEncodingProvider.Instance.GetEncoding(name);
    }
}
