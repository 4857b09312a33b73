using System.Globalization;

namespace Etl.Domain.Countries;

/// <summary>The facts behind <see cref="CanonicalText"/>, read once from the embedded canonical-composition.txt, which says its source.</summary>
internal sealed class CanonicalTables
{
    private static readonly Lazy<CanonicalTables> Loaded = new(() => new CanonicalTables(EmbeddedText.Read("canonical-composition.txt")));

    private readonly Dictionary<int, byte> _classes = new(1024);

    private CanonicalTables(string text)
    {
        var inClasses = false;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.IsEmpty || line[0] == '#')
                continue;
            if (line[0] == '[')
                inClasses = line.SequenceEqual("[class]");
            else if (inClasses)
                AddClass(line);
            else
                AddComposition(line);
        }
    }

    /// <summary>The tables, loaded at the first use.</summary>
    public static CanonicalTables Instance => Loaded.Value;

    /// <summary>What a character is made of; the second part is 0 for a singleton.</summary>
    public Dictionary<int, (int First, int Second)> Parts { get; } = new(2100);

    /// <summary>The character that two make together.</summary>
    public Dictionary<(int First, int Second), int> Composed { get; } = new(1000);

    /// <summary>Canonical combining class; 0 for what starts a cluster.</summary>
    public int ClassOf(int point) => point < 0x300 ? 0 : _classes.GetValueOrDefault(point);

    private void AddClass(ReadOnlySpan<char> line)
    {
        var colon = line.IndexOf(':');
        var value = byte.Parse(line[..colon], NumberStyles.None, CultureInfo.InvariantCulture);
        var points = line[(colon + 2)..];
        foreach (var part in points.Split(' '))
        {
            var range = points[part];
            var dash = range.IndexOf('-');
            var first = Point(dash < 0 ? range : range[..dash]);
            var last = dash < 0 ? first : Point(range[(dash + 1)..]);
            for (var point = first; point <= last; point++)
                _classes.Add(point, value);
        }
    }

    private void AddComposition(ReadOnlySpan<char> line)
    {
        var sign = line.IndexOfAny('=', '>');
        var parts = line[(sign + 2)..];
        var space = parts.IndexOf(' ');
        var pair = space < 0 ? (Point(parts), 0) : (Point(parts[..space]), Point(parts[(space + 1)..]));
        var point = Point(line[..(sign - 1)]);
        Parts.Add(point, pair);
        if (line[sign] == '=')
            Composed.Add(pair, point);
    }

    private static int Point(ReadOnlySpan<char> hex) => int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
