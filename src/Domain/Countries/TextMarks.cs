namespace Etl.Domain.Countries;

/// <summary>The marks that pages put around names, figures and years and that are no part of them. One list for all readers.</summary>
internal static class TextMarks
{
    // "[citation needed]" is the longest note that is recognised.
    private const int LongestNote = 20;
    private const string CitationNeeded = "citation needed";

    /// <summary>Characters without a width or a place: soft hyphen, zero-width, bidi and variation controls, control characters.</summary>
    /// <remarks>Control characters that are no space go too: an escape sequence in a name must not reach a terminal.</remarks>
    public static bool IsInvisible(char character) => character switch
    {
        < '\u00AD' => char.IsControl(character) && !char.IsWhiteSpace(character),
        '\u00AD' or '\u034F' or '\u061C' or '\u180E' or '\uFEFF' => true,
        >= '\u200B' and <= '\u200F' => true,
        >= '\u202A' and <= '\u202E' => true,
        >= '\u2060' and <= '\u206F' => true,
        >= '\uFE00' and <= '\uFE0F' => true,
        _ => false,
    };

    /// <summary>Marks that refer to a footnote when they end a text.</summary>
    public static bool IsReferenceMark(char character) => character is '*' or '†' or '‡';

    /// <summary>Superscript digits, which refer to a footnote when they end a name (in a figure they could be an exponent).</summary>
    public static bool IsSuperscriptDigit(char character) =>
        character is '\u00B9' or '\u00B2' or '\u00B3' or '\u2070' or (>= '\u2074' and <= '\u2079');

    /// <summary>Hyphens that only differ in where a line may break.</summary>
    public static bool IsHyphen(char character) => character is '\u2010' or '\u2011';

    /// <summary>Apostrophes as typesetters write them.</summary>
    public static bool IsApostrophe(char character) => character is '\u2018' or '\u2019' or '\u201B' or '\u02BC' or '\u2032' or '\uFF07';

    /// <summary>
    /// Whether the text ends in a bracketed note, [12], [a], [n 2], [note 3], [citation needed], and where it starts.
    /// Other brackets belong to the text: "Congo [DR]" and "Congo" are two countries, and "[2014]" may be a year.
    /// </summary>
    public static bool EndsInNote(ReadOnlySpan<char> text, out int start)
    {
        start = -1;
        if (text.IsEmpty || text[^1] != ']')
            return false;
        var from = Math.Max(0, text.Length - LongestNote);
        var open = text[from..^1].LastIndexOf('[');
        if (open < 0 || !IsNote(text[(from + open + 1)..^1].Trim()))
            return false;
        start = from + open;
        return true;
    }

    /// <summary>The text without notes and reference marks before and after it, and without spaces around it.</summary>
    public static ReadOnlySpan<char> StripNotes(ReadOnlySpan<char> text, out bool any)
    {
        any = false;
        var rest = text.Trim();
        while (!rest.IsEmpty)
        {
            if (EndsInNote(rest, out var start))
                rest = rest[..start].TrimEnd();
            else if (IsReferenceMark(rest[^1]))
                rest = rest[..^1].TrimEnd();
            else if (rest[0] == '[' && rest.IndexOf(']') is var close and > 0 && EndsInNote(rest[..(close + 1)], out var at) && at == 0)
                rest = rest[(close + 1)..].TrimStart();
            else
                break;
            any = true;
        }

        return rest;
    }

    private static bool IsNote(ReadOnlySpan<char> content)
    {
        var letters = LetterCount(content);
        if (letters == content.Length)
            return content.Length == 1 && char.IsAsciiLetter(content[0]);
        if (content.Equals(CitationNeeded, StringComparison.OrdinalIgnoreCase))
            return true;
        var number = content[letters..].TrimStart();
        return number.Length is >= 1 and <= 3 && !number.ContainsAnyExceptInRange('0', '9') && IsNoteWord(content[..letters]);
    }

    private static bool IsNoteWord(ReadOnlySpan<char> word) =>
        word.Length <= 1
        || word.Equals("nb", StringComparison.OrdinalIgnoreCase)
        || word.Equals("fn", StringComparison.OrdinalIgnoreCase)
        || word.Equals("ref", StringComparison.OrdinalIgnoreCase)
        || word.Equals("note", StringComparison.OrdinalIgnoreCase);

    private static int LetterCount(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (count < text.Length && char.IsAsciiLetter(text[count]))
            count++;
        return count;
    }
}
