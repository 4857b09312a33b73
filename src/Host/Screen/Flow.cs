namespace Etl.Host.Screen;

/// <summary>Lays items one behind the other and breaks between them, never inside: a country's name stays in one piece.</summary>
public static class Flow
{
    /// <summary>The lines, each but the first indented to where the first item stands.</summary>
    /// <param name="separator">Between two items. At a break a comma stays behind, an arrow goes along, anything else is left out.</param>
    public static IEnumerable<Line> Lines(Line head, IEnumerable<Line> items, string separator, int width)
    {
        var indent = head.Width;
        var line = head;
        var first = true;
        foreach (var item in items)
        {
            if (!first && line.Width + Cells.Width(separator) + item.Width + (separator[0] == ',' ? 1 : 0) > width)
            {
                if (separator[0] == ',') line.Add(",");
                yield return line;
                line = new Line(new string(' ', indent));
                if (separator.Contains('→') || separator.Contains("->")) line.Add(new Span(separator.TrimStart(), Tone.Dim));
                first = true;
            }

            if (!first) line.Add(new Span(separator, separator[0] == ',' ? Tone.Plain : Tone.Dim));
            line.Append(item);
            first = false;
        }

        yield return line;
    }
}
