using Etl.Domain.Jobs;

namespace Etl.Domain.Extract.Files;

/// <summary>Which files are files of records, and how they are compressed: by name and first bytes alone.</summary>
public static class RecordFormats
{
    private static readonly string[] CsvEndings = [".csv", ".tsv", ".tab", ".psv"];

    private static readonly string[] NdjsonEndings = [".ndjson", ".jsonl"];

    private static readonly string[] CompressedEndings = [".gz", ".gzip", ".zst", ".zstd"];

    /// <summary>The format of a file of records; null when it is none, such as a page of HTML.</summary>
    /// <param name="fileName">Name or path; endings of compression are passed over. "-" says nothing.</param>
    /// <param name="head">The first bytes, decompressed.</param>
    public static RecordFormat? Recognise(string fileName, ReadOnlySpan<byte> head)
    {
        var text = FirstText(head);
        // An error page that was saved as data.csv is still a page.
        if (!text.IsEmpty && text[0] == (byte)'<')
            return null;

        var name = WithoutCompression(fileName);
        if (EndsInOneOf(name, NdjsonEndings))
            return RecordFormat.Ndjson;
        if (EndsInOneOf(name, CsvEndings))
            return RecordFormat.Csv;
        if (text.IsEmpty || HeadText.LooksBinary(head))
            return null;
        // An array is not what can be read, but its reader is who can say so.
        if (text[0] is (byte)'{' or (byte)'[')
            return RecordFormat.Ndjson;
        var end = text.IndexOf((byte)'\n');
        return (end < 0 ? text : text[..end]).IndexOfAny(Delimiters.All) >= 0 ? RecordFormat.Csv : null;
    }

    /// <summary>How a file is compressed, by the mark that it begins with; its name does not matter.</summary>
    public static Compression CompressionOf(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? Compression.Gzip
        : head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) ? Compression.Zstandard
        : Compression.None;

    private static ReadOnlySpan<byte> FirstText(ReadOnlySpan<byte> head) =>
        head[HeadText.MarkLength(head)..].TrimStart(" \t\r\n"u8);

    private static string WithoutCompression(string fileName)
    {
        foreach (var ending in CompressedEndings)
        {
            if (fileName.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                return fileName[..^ending.Length];
        }

        return fileName;
    }

    private static bool EndsInOneOf(string name, string[] endings) =>
        Array.Exists(endings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}
