using System.Globalization;

namespace Etl.Actors.Extract.Sources.Wikipedia;

/// <summary>Reads the day on which a page was last changed from what it tells about itself.</summary>
internal static class EditionDates
{
    private static readonly string[] FootnoteMarks = ["last edited on ", "last modified on "];

    private static readonly string[] FootnoteFormats = ["d MMMM yyyy", "MMMM d, yyyy"];

    private static readonly string[] MetaNames = ["date", "dcterms.date", "dcterms.modified", "last-modified", "article:modified_time"];

    /// <summary>The value of <c>dateModified</c> in a linked-data block.</summary>
    public static DateOnly? FromLinkedData(string json)
    {
        // One well-known key of a block that is otherwise not read: a JSON parser would cost more than the whole page.
        const string Key = "\"dateModified\"";
        var at = json.IndexOf(Key, StringComparison.Ordinal);
        if (at < 0)
            return null;
        var rest = json.AsSpan(at + Key.Length).TrimStart();
        if (rest.IsEmpty || rest[0] != ':')
            return null;
        rest = rest[1..].TrimStart();
        return rest.IsEmpty || rest[0] != '"' ? null : FromIso(rest[1..]);
    }

    /// <summary>The content of a meta element that tells the page's date.</summary>
    public static DateOnly? FromMeta(string? name, string? content) =>
        name is not null && content is not null && MetaNames.Contains(name, StringComparer.OrdinalIgnoreCase) ? FromIso(content.AsSpan().Trim()) : null;

    /// <summary>The date in the sentence that closes a page ("... was last edited on 26 September 2018, at ...").</summary>
    public static DateOnly? FromFootnote(string text)
    {
        foreach (var mark in FootnoteMarks)
        {
            var at = text.IndexOf(mark, StringComparison.Ordinal);
            if (at < 0)
                continue;
            var words = text[(at + mark.Length)..].Split(' ', 4, StringSplitOptions.RemoveEmptyEntries);
            var date = string.Join(' ', words.Take(3)).TrimEnd(',', '.', ';');
            if (DateOnly.TryParseExact(date, FootnoteFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                return day;
        }

        return null;
    }

    private static DateOnly? FromIso(ReadOnlySpan<char> text) =>
        text.Length >= 10 && DateOnly.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
