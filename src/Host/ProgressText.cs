using System.Globalization;
using Etl.Actors.Hosting;
using Etl.Host.Screen;

namespace Etl.Host;

/// <summary>The line that tells how a run gets on.</summary>
internal static class ProgressText
{
    private const int BarWidth = 16;
    private const string Gap = "  ";

    /// <summary>The line, in at most <paramref name="width"/> cells: what does not fit is left out whole, the least wanted first.</summary>
    public static string Of(RunProgress progress, PaceReading pace, Glyphs glyphs, int width)
    {
        var stage = Inert.Text(progress.Stage).ToLowerInvariant();
        List<string> parts =
        [
            pace.Share is { } share ? $"{stage} [{Cells.PadRight(glyphs.Bar(share, BarWidth), BarWidth)}] {Percent(share)}" : stage,
            progress.IsCopying ? Bytes(progress.BytesDone) : $"{Short(progress.Rows)} rows",
        ];
        if (pace.RowsPerSecond is { } rate) parts.Add($"{Short((long)rate)} rows/s");
        if (pace.Left is { } left && pace.Share < 1) parts.Add($"{Time(left)} left");
        if (progress.Restarts > 0) parts.Add(Wording.Count(progress.Restarts, "restart", "restarts"));
        if (progress.RegionsWithRows > 0) parts.Add(Wording.Count(progress.RegionsWithRows, "region", "regions"));
        var text = parts[0];
        foreach (var part in parts.Skip(1))
            if (Cells.Width(text) + Gap.Length + Cells.Width(part) <= width) text += Gap + part;
        return Cells.Cut(text, width, "");
    }

    /// <summary>Three or four digits: a count of millions that changes four times a second cannot be read anyway.</summary>
    internal static string Short(long count) => Scaled(count, "", " k", " M", " bn");

    private static string Bytes(long count) => Scaled(count, " B", " kB", " MB", " GB", " TB");

    private static string Scaled(double value, params ReadOnlySpan<string> units)
    {
        var unit = 0;
        // As it is rounded: 999,960 is 1.0 M, not 1000.0 k.
        while (unit < units.Length - 1 && Math.Round(value, 1) >= (unit == 0 ? 10_000 : 1000)) (value, unit) = (value / 1000, unit + 1);
        return value.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture) + units[unit];
    }

    // Rounded down: 100 % is said when it is true.
    private static string Percent(double share) => ((int)(share * 100)).ToString(CultureInfo.InvariantCulture).PadLeft(3) + " %";

    private static string Time(TimeSpan time)
    {
        // Rounded up, so that it ends with 0:01 and not with a second of nothing.
        var seconds = (long)Math.Ceiling(time.TotalSeconds);
        var (hours, rest) = Math.DivRem(seconds, 3600);
        return hours > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{hours}:{rest / 60:00}:{rest % 60:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{rest / 60}:{rest % 60:00}");
    }
}
