using System.Globalization;

namespace Etl.Dashboard.Components;

/// <summary>Numbers and times as the pages write them.</summary>
internal static class Say
{
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Rate(double perSecond) => perSecond.ToString("N0", CultureInfo.InvariantCulture) + " rows/s";

    public static string Time(DateTimeOffset? at) => at is { } known ? known.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + "Z" : "";

    public static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    public static string Span(TimeSpan span) => span.TotalSeconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:F0} ms")
        : span.TotalSeconds < 100 ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:F1} s") : span.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture);

    public static string Percent(double? part) => part is { } known ? (known * 100).ToString("F0", CultureInfo.InvariantCulture) + " %" : "";

    public static string Bytes(long bytes) => bytes < 1 << 10 ? $"{bytes} B"
        : bytes < 1 << 20 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:F1} KiB") : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:F1} MiB");

    public static string Before(int ahead) => ahead == 0 ? "begins next" : $"after {Plural(ahead, "other")}";

    public static string Plural(long count, string one) => count == 1 ? $"1 {one}" : $"{Number(count)} {one}s";
}
