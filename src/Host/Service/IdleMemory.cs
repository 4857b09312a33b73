using Etl.Actors.Hosting;
using Etl.Domain.Jobs.Queueing;

namespace Etl.Host.Service;

/// <summary>
/// Gives back what jobs have left, once a host has had nothing to do for a while. The collector has no reason to look as long as nothing is
/// asked for, and a host that waits for tomorrow's job would hold the memory of today's all night.
/// </summary>
internal static class IdleMemory
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Looks now and then, until <paramref name="over"/>.</summary>
    public static async Task KeepAsync(JobHost host, CancellationToken over)
    {
        using var timer = new PeriodicTimer(Pause);
        var watch = IdleWatch.Begin;
        try
        {
            while (await timer.WaitForNextTickAsync(over).ConfigureAwait(false))
            {
                (watch, var isIdle) = watch.Look(host.Board?.Queue ?? JobQueue.Empty);
                // All generations, and the pages back to the system; no job is there to wait for it.
                if (isIdle) GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
        }
    }
}
