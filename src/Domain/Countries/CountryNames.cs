using System.Text;

namespace Etl.Domain.Countries;

/// <summary>The two forms of a name: what is compared, and what is shown. Pure, idempotent, linear; never fuzzy.</summary>
public static class CountryNames
{
    /// <summary>
    /// The form in which names are equal or not: <see cref="Clean"/>, lower case by the invariant rules, and Unicode NFC.
    /// </summary>
    public static string Normalize(string text)
    {
        var lower = Clean(text).ToLowerInvariant();
        // A lower-case letter can have a composed form where its capital has none (J with caron).
        return CanonicalText.Compose(lower);
    }

    /// <summary>
    /// The name for display: Unicode NFC, every run of spaces one space, trimmed, straight apostrophes, without soft hyphens,
    /// zero-width, bidi and control characters, bracketed notes, and trailing †, ‡, * and superscript digits.
    /// </summary>
    public static string Clean(string text)
    {
        if (IsPlain(text))
            return text;
        var kept = RemoveNotes(CanonicalText.Compose(RemoveInvisible(text)));
        // What was removed can leave a letter next to its accent.
        return CanonicalText.Compose(TrimMarks(kept));
    }

    /// <summary>ASCII without anything that is ever removed, which is nearly every name: returned as it is.</summary>
    private static bool IsPlain(string text)
    {
        var previous = ' ';
        foreach (var character in text)
        {
            if (character is < ' ' or > '~' or ']' or '*' || (character == ' ' && previous == ' '))
                return false;
            previous = character;
        }

        return text.Length == 0 || previous != ' ';
    }

    private static string RemoveInvisible(string text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (!TextMarks.IsInvisible(character))
                visible.Append(character);
        }

        return visible.Length == text.Length ? text : visible.ToString();
    }

    private static StringBuilder RemoveNotes(string text)
    {
        var kept = new StringBuilder(text.Length);
        Span<char> tail = stackalloc char[32];
        foreach (var character in text)
        {
            if (char.IsWhiteSpace(character))
            {
                if (kept.Length > 0 && kept[^1] != ' ')
                    kept.Append(' ');
                continue;
            }

            kept.Append(TextMarks.IsApostrophe(character) ? '\'' : TextMarks.IsHyphen(character) ? '-' : character);
            if (character != ']')
                continue;
            // Looking back from the closing bracket keeps the work linear, whatever brackets stand open.
            var length = Math.Min(tail.Length, kept.Length);
            kept.CopyTo(kept.Length - length, tail, length);
            if (TextMarks.EndsInNote(tail[..length], out var start))
                kept.Length -= length - start;
        }

        return kept;
    }

    private static string TrimMarks(StringBuilder kept)
    {
        while (kept.Length > 0 && (kept[^1] == ' ' || TextMarks.IsReferenceMark(kept[^1]) || TextMarks.IsSuperscriptDigit(kept[^1])))
            kept.Length--;
        return kept.ToString();
    }
}
