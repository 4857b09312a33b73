using System.Globalization;

namespace Etl.CrashTest;

/// <summary>What is printed at the end: a line per kind of trial, and each failure with the command that repeats it.</summary>
internal static class Summary
{
    /// <summary>Prints; true when every promise was kept.</summary>
    public static bool Print(IReadOnlyList<Outcome> outcomes, IReadOnlyDictionary<string, Work> works, string command, TextWriter target)
    {
        target.WriteLine();
        target.WriteLine($"{"trials of",-18} {"all",5} {"counted",8} {"failed",7} {"hangs",6}  {"restart to progress p50 / p95",30}  read again per kill, at most");
        foreach (var group in outcomes.GroupBy(o => o.Group).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var times = group.Where(o => o.ToProgress is not null).Select(o => o.ToProgress!.Value.TotalSeconds).Order().ToArray();
            var times50 = times.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{Quantile(times, 0.5):F2} / {Quantile(times, 0.95):F2} s");
            target.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{group.Key,-18} {group.Count(),5} {group.Count(o => o.Counted),8} {group.Count(o => o.Failure is not null && !o.Hang),7} {group.Count(o => o.Hang),6}  {times50,30}  {ReadAgain(group, works)}{Torn(group)}")
                .TrimEnd());
        }

        var failures = outcomes.Where(o => o.Failure is not null).ToArray();
        foreach (var failure in failures)
        {
            target.WriteLine();
            target.WriteLine($"FAILED {failure.Group}: {failure.Failure}");
            target.WriteLine($"  repeat: {command} {failure.Repeat}");
            target.WriteLine($"  left in {failure.Folder}");
        }

        return failures.Length == 0;
    }

    private static double Quantile(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(sorted.Length * share) - 1)];

    private static string ReadAgain(IGrouping<string, Outcome> group, IReadOnlyDictionary<string, Work> works)
    {
        var again = group.Where(o => o.ReadAgain is not null).Select(o => o.ReadAgain!.Value).ToArray();
        if (again.Length == 0) return "";
        var work = works[group.Key.Split(' ')[1]];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{again.Max()} batches = {again.Max() * work.RowsPerBatch} rows (window {work.Window} = {work.Window * work.RowsPerBatch})");
    }

    private static string Torn(IGrouping<string, Outcome> group) =>
        group.Count(o => o.Torn) is > 0 and var torn ? string.Create(CultureInfo.InvariantCulture, $"{torn} with a torn log") : "";
}
