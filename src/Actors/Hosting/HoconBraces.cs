namespace Etl.Actors.Hosting;

/// <summary>Whether the braces and brackets of a HOCON text match: Akka's parser does not ask.</summary>
public static class HoconBraces
{
    /// <summary>Null when they match; otherwise what is wrong, with its line.</summary>
    public static string? Problem(string text)
    {
        var open = new Stack<(char Brace, int Line)>();
        var line = 1;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\n':
                    line++;
                    break;
                case '#':
                case '/' when i + 1 < text.Length && text[i + 1] == '/':
                    // To the end of the line.
                    while (i + 1 < text.Length && text[i + 1] != '\n') i++;
                    break;
                case '"':
                    var end = EndOfString(text, i);
                    if (end < 0) return $"line {line}: a quoted text does not end";
                    line += text.AsSpan(i, end - i).Count('\n');
                    i = end;
                    break;
                case '{' or '[':
                    open.Push((text[i], line));
                    break;
                case '}' or ']':
                    if (!open.TryPop(out var opened) || (opened.Brace == '{') != (text[i] == '}'))
                        return $"line {line}: '{text[i]}' closes nothing";
                    break;
                default:
                    break;
            }
        }

        return open.TryPeek(out var last) ? $"line {last.Line}: '{last.Brace}' is not closed" : null;
    }

    // Index of the closing quote, or -1. Three quotes hold line ends and quotes.
    private static int EndOfString(string text, int start)
    {
        if (text.AsSpan(start).StartsWith("\"\"\"", StringComparison.Ordinal))
            return text.IndexOf("\"\"\"", start + 3, StringComparison.Ordinal) is >= 0 and var triple ? triple + 2 : -1;
        for (var i = start + 1; i < text.Length && text[i] != '\n'; i++)
        {
            if (text[i] == '"') return i;
            if (text[i] == '\\') i++;
        }

        return -1;
    }
}
