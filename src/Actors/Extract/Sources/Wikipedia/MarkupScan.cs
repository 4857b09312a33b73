namespace Etl.Actors.Extract.Sources.Wikipedia;

/// <summary>
/// Looks over a markup once, in linear time and without building anything, and refuses what would cost a parser too much. It follows
/// the parser's rules roughly: enough that an honest page passes, and that a hostile one is caught here or by the parser's time limit.
/// </summary>
internal ref struct MarkupScan
{
    // A table's body and row are made even where the markup leaves them out.
    private const int ImpliedByTable = 2;

    private readonly ReadOnlySpan<char> text;
    private readonly OpenElements open;
    private int at;
    private long elements;
    private long attributes;

    private MarkupScan(ReadOnlySpan<char> text)
    {
        this.text = text;
        open = new OpenElements();
    }

    /// <summary>Why the markup must not be parsed, null when it may be.</summary>
    public static string? Refuse(ReadOnlySpan<char> text)
    {
        var scan = new MarkupScan(text);
        return scan.Run();
    }

    private string? Run()
    {
        while (Find('<'))
        {
            if (at + 1 >= text.Length)
                break;
            var next = text[at + 1];
            string? refusal = null;
            if (next == '!' || next == '?')
                SkipDeclaration();
            else if (next == '/')
                refusal = EndTag();
            else if (char.IsAsciiLetter(next))
                refusal = StartTag();
            else
                at++;

            if (refusal is not null)
                return refusal;
        }

        return null;
    }

    private bool Find(char c)
    {
        var found = text[Math.Min(at, text.Length)..].IndexOf(c);
        at = found < 0 ? text.Length : at + found;
        return found >= 0;
    }

    private void SkipDeclaration()
    {
        var isComment = text[at..].StartsWith("<!--", StringComparison.Ordinal);
        var from = at + (isComment ? 2 : 1);
        var end = text[from..].IndexOf(isComment ? "-->" : ">", StringComparison.Ordinal);
        at = end < 0 ? text.Length : from + end + 1;
    }

    private string? EndTag()
    {
        at += 2;
        var name = Name();
        Find('>');
        if (!open.Close(name))
            elements++; // a stray end tag can make an element: </p>, </br>
        return Check(0);
    }

    private string? StartTag()
    {
        at++;
        var name = Name();
        var (count, selfClosing) = Attributes();
        elements += 1 + open.Formatting + (Tags.IsTable(name) ? ImpliedByTable : 0);
        attributes += count;
        open.Open(name, selfClosing);
        if (Tags.IsRawText(name) && !open.IsForeign)
            SkipRawText(name);
        return Check(count);
    }

    private ReadOnlySpan<char> Name()
    {
        var start = at;
        while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not ('>' or '/'))
            at++;
        return text[start..at];
    }

    /// <summary>Goes behind the tag's end; a quoted value may hold one.</summary>
    private (int Count, bool SelfClosing) Attributes()
    {
        var (count, separated) = (0, true);
        while (at < text.Length)
        {
            var c = text[at++];
            if (c == '>')
                return (count, at > 1 && text[at - 2] == '/');
            if (char.IsWhiteSpace(c) || c == '/')
                separated = true;
            else if (c is '"' or '\'' && text[at - 2] is '=' or ' ')
            {
                Find(c);
                at++;
                separated = true;
            }
            else if (separated)
            {
                count++;
                separated = false;
            }
        }

        return (count, false);
    }

    private void SkipRawText(ReadOnlySpan<char> name)
    {
        while (Find('<'))
        {
            var rest = text[at..];
            if (rest.Length > name.Length + 1 && rest[1] == '/' && rest[2..].StartsWith(name, StringComparison.OrdinalIgnoreCase))
                return;
            at++;
        }
    }

    private readonly string? Check(int attributesOfElement)
    {
        if (open.Depth > PageLimits.MaximumDepth)
            return $"its elements are nested more than {PageLimits.MaximumDepth} levels deep";
        if (elements > PageLimits.MaximumElements)
            return $"it has more than {PageLimits.MaximumElements} elements";
        if (open.Formatting > PageLimits.MaximumOpenFormatting)
            return $"more than {PageLimits.MaximumOpenFormatting} formatting elements are never closed";
        if (attributesOfElement > PageLimits.MaximumAttributesOfElement)
            return $"an element has more than {PageLimits.MaximumAttributesOfElement} attributes";
        return attributes > PageLimits.MaximumAttributes ? $"it has more than {PageLimits.MaximumAttributes} attributes" : null;
    }
}
