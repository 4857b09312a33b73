using System.Text;

namespace Etl.Domain.Extract;

/// <summary>Makes the visible text of a cell out of the text that stood in it. Pure.</summary>
public static class CellText
{
    /// <summary>
    /// Characters of a cell that are kept. A real cell has under a hundred; the rest of a longer one cannot be a name or a number, and
    /// a bound per cell keeps a quarantined row printable.
    /// </summary>
    public const int MaximumLength = 10_000;

    // Longest note mark that is removed ("[note 12]" and the like); a longer bracket is text.
    private const int MaximumMark = 12;

    /// <summary>One line without invisible characters: white space of any kind is one space, plain note marks such as <c>[n 1]</c> go.</summary>
    public static string Clean(ReadOnlySpan<char> text)
    {
        var clean = new StringBuilder(Math.Min(text.Length, MaximumLength));
        var space = false;
        for (var i = 0; i < text.Length && clean.Length < MaximumLength; i++)
        {
            var c = text[i];
            if (IsInvisible(c))
                continue;
            if (char.IsWhiteSpace(c) || char.IsControl(c))
            {
                space = clean.Length > 0;
                continue;
            }

            if (c == '[' && NoteMark(text[i..]) is > 0 and var length)
            {
                i += length - 1;
                continue;
            }

            if (space && clean.Length < MaximumLength - 1)
                clean.Append(' ');
            space = false;
            clean.Append(c);
        }

        // Cutting between the halves of a surrogate pair would leave text that no encoder accepts.
        if (clean.Length > 0 && char.IsHighSurrogate(clean[^1]))
            clean.Length--;
        return clean.ToString();
    }

    /// <summary>At most <paramref name="length"/> characters, with an ellipsis where it was cut: for messages.</summary>
    public static string Shorten(string text, int length)
    {
        if (text.Length <= length)
            return text;
        var end = char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1;
        return string.Concat(text.AsSpan(0, end).TrimEnd(), "…");
    }

    /// <summary>Length of the note mark that the text begins with: digits, one letter, or a word and digits; 0 when it is none.</summary>
    private static int NoteMark(ReadOnlySpan<char> text)
    {
        var end = text[..Math.Min(text.Length, MaximumMark)].IndexOf(']');
        if (end < 2)
            return 0;
        var inside = text[1..end];
        var letters = 0;
        while (letters < inside.Length && char.IsAsciiLetter(inside[letters]))
            letters++;
        var rest = inside[letters..];
        var word = inside[..letters];
        var named = word.Length <= 1 || word is "nb" or "note" or "notes" or "ref";
        var digits = rest.TrimStart().IndexOfAnyExceptInRange('0', '9') < 0;
        return named && digits ? end + 1 : 0;
    }

    /// <summary>Zero-width characters, direction marks and soft hyphens: they are not seen, and would make two equal names differ.</summary>
    private static bool IsInvisible(char c) => c is '\u00AD' or '\uFEFF' or '\u2060' or (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E');
}
