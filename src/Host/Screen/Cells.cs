using System.Globalization;
using System.Text;

namespace Etl.Host.Screen;

/// <summary>Measures text in cells of a terminal: most characters take one, Chinese or Korean ones two, marks none.</summary>
public static class Cells
{
    /// <summary>Width in cells.</summary>
    public static int Width(string text) => Ascii.IsValid(text) ? text.Length : WideWidth(text);

    /// <summary>Fills up with blanks on the right.</summary>
    public static string PadRight(string text, int width) => text + Blanks(width - Width(text));

    /// <summary>Fills up with blanks on the left.</summary>
    public static string PadLeft(string text, int width) => Blanks(width - Width(text)) + text;

    /// <summary>Cuts to a width, never inside a character, and marks the cut.</summary>
    public static string Cut(string text, int width, string mark)
    {
        if (Width(text) <= width) return text;
        var left = width - Width(mark);
        var kept = new StringBuilder();
        foreach (var element in Elements(text))
        {
            left -= Width(element);
            if (left < 0) break;
            kept.Append(element);
        }

        // A direction isolate that lost its end would reach over the rest of the line.
        if (text[0] == '\u2068' && kept[^1] != '\u2069') kept.Append('\u2069');
        return kept.ToString().TrimEnd() + mark;
    }

    private static IEnumerable<string> Elements(string text)
    {
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext()) yield return elements.GetTextElement();
    }

    private static string Blanks(int count) => count > 0 ? new string(' ', count) : "";

    // In a method of its own, so that a screen of ASCII never loads Spectre.Console.
    private static int WideWidth(string text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
            width += Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
                ? 0 : new Spectre.Console.Rendering.Segment(rune.ToString()).CellCount();
        return width;
    }
}
