using System.Buffers;
using System.Globalization;
using System.Text;

namespace Etl.Host.Screen;

/// <summary>Makes text that others wrote harmless to look at: it can neither command the terminal nor disturb the line it stands in.</summary>
public static class Inert
{
    private const string IsolateStart = "\u2068";
    private const string IsolateEnd = "\u2069";

    private static readonly SearchValues<char> PlainAscii = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c)]);

    /// <summary>
    /// Control characters (C0, DEL, C1) and marks that steer the direction of writing are taken out, line breaks and tabs become
    /// blanks, halves of surrogate pairs become U+FFFD; text written from right to left is isolated.
    /// </summary>
    public static string Text(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(PlainAscii)) return text;
        var clean = new StringBuilder(text.Length + 2);
        var rightToLeft = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                || rune.Value is '\t' or '\n' or '\r') clean.Append(' ');
            else if (!Rune.IsControl(rune) && !SteersDirection(rune.Value)) clean.Append(rune.ToString());
            rightToLeft |= IsRightToLeft(rune.Value);
        }

        return rightToLeft ? IsolateStart + clean + IsolateEnd : clean.ToString();
    }

    private static bool SteersDirection(int rune) =>
        rune is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    private static bool IsRightToLeft(int rune) => rune is (>= 0x0590 and <= 0x08FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFF)
        or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF);
}
