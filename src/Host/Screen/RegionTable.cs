using System.Globalization;
using Etl.Domain.Load;

namespace Etl.Host.Screen;

/// <summary>Each region's average with a bar and its members, the highest average first.</summary>
internal static class RegionTable
{
    private const string Gap = "  ";

    public static IEnumerable<Line> Lines(IReadOnlyList<RegionRow> regions, int top, Glyphs glyphs, int width)
    {
        if (regions.Count == 0) yield break;
        var names = regions.Select(r => Cells.Cut(Wording.Name(r.Region), width / 3, glyphs.Ellipsis)).ToArray();
        var nameWidth = Math.Max("REGION".Length, names.Max(Cells.Width));
        var amountWidth = regions.Max(r => r.Average.Length);
        var barWidth = width / 10;
        var highest = regions.Max(Average);

        yield return new Line(new Span(
            Cells.PadRight("REGION", nameWidth + Gap.Length) + $"TOP-{top.ToString(CultureInfo.InvariantCulture)} AVG, bn USD", Tone.Dim));
        foreach (var (region, name) in regions.Zip(names, (r, n) => (Region: r, Name: n))
            .OrderByDescending(r => Average(r.Region)).ThenBy(r => r.Region.Region, StringComparer.Ordinal))
        {
            var share = highest > 0 ? (double)(Average(region) / highest) : 0;
            var head = new Line(
                new Span(Cells.PadRight(name, nameWidth) + Gap, Tone.Strong),
                region.Average.PadLeft(amountWidth) + " ",
                new Span(glyphs.Bar(share, barWidth), Tone.Bar));
            head.PadTo(nameWidth + Gap.Length + amountWidth + 1 + barWidth).Add(Gap);
            foreach (var line in Flow.Lines(head, region.Members.Select(m => new Line(Wording.Name(m.Country))), ", ", width)) yield return line;
        }
    }

    private static decimal Average(RegionRow region) => decimal.Parse(region.Average, CultureInfo.InvariantCulture);
}
