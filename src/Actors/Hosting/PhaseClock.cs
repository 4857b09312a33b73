using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Etl.Actors.Hosting;

/// <summary>
/// When a run came to which point, in milliseconds since the process started: what the break-down of start-up in
/// <c>docs/performance.md</c> is made of (<c>--set etl.phases=on</c>). A mark costs a time stamp, so it is always on.
/// </summary>
public static class PhaseClock
{
    private static readonly ConcurrentQueue<(string Phase, double Milliseconds, long Methods)> Marks = new();
    private static readonly TimeSpan BeforeFirstUse = DateTime.Now - Process.GetCurrentProcess().StartTime;
    private static readonly long FirstUse = Stopwatch.GetTimestamp();

    /// <summary>Since the process started.</summary>
    public static TimeSpan Elapsed => BeforeFirstUse + Stopwatch.GetElapsedTime(FirstUse);

    /// <summary>A point was reached.</summary>
    public static void Mark(string phase) =>
        Marks.Enqueue((phase, Elapsed.TotalMilliseconds, System.Runtime.JitInfo.GetCompiledMethodCount()));

    /// <summary>All points so far and what the runtime did beside the work, for people.</summary>
    public static string Describe() => string.Join(" · ", Marks.Select(m =>
        string.Create(CultureInfo.InvariantCulture, $"{m.Phase} {m.Milliseconds:F0} ms ({m.Methods} methods compiled)")).Append(Runtime()));

    private static string Runtime() => string.Create(CultureInfo.InvariantCulture,
        $"collections {GC.CollectionCount(0)}/{GC.CollectionCount(1)}/{GC.CollectionCount(2)}, paused {GC.GetTotalPauseDuration().TotalMilliseconds:F0} ms, allocated {GC.GetTotalAllocatedBytes() >> 20} MiB, heap {GC.GetGCMemoryInfo().HeapSizeBytes >> 20} MiB, compiled for {System.Runtime.JitInfo.GetCompilationTime().TotalMilliseconds:F0} ms, CPU {Environment.CpuUsage.TotalTime.TotalMilliseconds:F0} ms");
}
