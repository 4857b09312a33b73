using System.Collections.Concurrent;
using System.Collections.Immutable;
using Etl.Actors.Hosting;
using Etl.Actors.Protocol;
using Etl.Domain.Jobs;
using Etl.Domain.Jobs.Queueing;
using Etl.Domain.Jobs.Watching;
using Microsoft.Extensions.Hosting;

namespace Etl.Dashboard.Live;

/// <summary>How fast a job was at a moment.</summary>
public readonly record struct RatePoint(DateTimeOffset At, double RowsPerSecond);

/// <summary>
/// What the pages show, read from the actors' immutable states four times a second at most, however much happens and however many
/// watch: it is computed once for all of them, and not at all when nobody watches. Thread-safe.
/// </summary>
public sealed class LiveFeed(JobHost host, RestartFeed restarts) : BackgroundService
{
    private const int KeptPoints = 240, RegionsEvery = 4;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250), ListAge = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<object, Action> watchers = new();
    private readonly ConcurrentDictionary<JobId, RunPicture> pictures = new();
    private readonly ConcurrentDictionary<JobId, (DateTimeOffset At, long Rows, ImmutableList<RatePoint> Points)> rates = new();
    private readonly SemaphoreSlim reading = new(1);
    private (long At, JobQueue? Of, ImmutableArray<JobRecord> Jobs) recorded = (0, null, []);
    private long beats;

    /// <summary>The queue as it last was.</summary>
    public JobQueue Queue => host.Board?.Queue ?? JobQueue.Empty;

    /// <summary>The newest failures.</summary>
    public RestartFeed Restarts => restarts;

    /// <summary>How many pages are watching.</summary>
    public int Watchers => watchers.Count;

    /// <summary>Calls back after each beat, until what is returned is disposed.</summary>
    public IDisposable Watch(Action changed)
    {
        var key = new object();
        watchers[key] = changed;
        return new Watching(() => watchers.TryRemove(key, out _));
    }

    /// <summary>A running job as it was at the last beat; null when it does not run here.</summary>
    public RunPicture? Picture(JobId job) => pictures.GetValueOrDefault(job) ?? Compute(job, withRegions: true);

    /// <summary>How fast a job was over the last minute or so.</summary>
    public ImmutableList<RatePoint> Rates(JobId job) => rates.TryGetValue(job, out var known) ? known.Points : [];

    /// <summary>The jobs, newest first.</summary>
    /// <exception cref="RunException">The journal cannot be read.</exception>
    public async Task<ImmutableArray<JobRow>> JobsAsync()
    {
        var known = await RecordedAsync().ConfigureAwait(false);
        return JobRow.Of(Queue, known, job => host.Board?.Find(job));
    }

    /// <summary>One job; null when there is none of that id.</summary>
    /// <inheritdoc cref="JobsAsync" />
    public async Task<JobRow?> JobAsync(JobId job) => (await JobsAsync().ConfigureAwait(false)).FirstOrDefault(row => row.Job == job);

    /// <summary>What the journal knows of a job; null when there is none.</summary>
    /// <inheritdoc cref="JobsAsync" />
    public async Task<JobRecord?> RecordAsync(JobId job) => (await RecordedAsync().ConfigureAwait(false)).FirstOrDefault(r => r.Job == job);

    /// <summary>The tree of live actors.</summary>
    public async Task<ImmutableArray<ActorNode>> TreeAsync() => ActorTree.Of(await host.System.ConfigureAwait(false));

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var system = await host.System.WaitAsync(stoppingToken).ConfigureAwait(false);
        var feed = system.ActorOf(RestartFeedActor.Props(restarts), "restart-feed");
        system.ActorSelection("/user/etl").Tell(new StatusProtocol.Subscribe(feed));
        using var timer = new PeriodicTimer(Beat);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                Step(LiveBoard.Of(system));
            }
            catch (Exception unexpected) when (unexpected is not OperationCanceledException)
            {
                // A picture that cannot be drawn is no reason to stop drawing.
            }
        }
    }

    private void Step(LiveBoard board)
    {
        var now = DateTimeOffset.UtcNow;
        var running = board.Jobs.Where(j => j.Value is { End: null, State: JobState.Running }).ToDictionary();
        if (++beats % RegionsEvery == 0)
            foreach (var (job, live) in running) Sample(job, ((JobState.Running)live.State).Tally.Read, now);
        foreach (var gone in rates.Keys.Where(job => board.Find(job) is null)) rates.TryRemove(gone, out _);
        restarts.Settle(board, now);
        foreach (var gone in pictures.Keys.Where(job => !running.ContainsKey(job))) pictures.TryRemove(gone, out _);
        if (watchers.IsEmpty)
        {
            pictures.Clear();
            return;
        }

        foreach (var job in running.Keys)
            if (Compute(job, beats % RegionsEvery == 0) is { } picture)
                pictures[job] = !picture.Regions.IsEmpty || !pictures.TryGetValue(job, out var before) ? picture : picture with { Regions = before.Regions };
        foreach (var changed in watchers.Values) changed();
    }

    private RunPicture? Compute(JobId job, bool withRegions) => host.Board?.Find(job) is { State: JobState.Running running } live
        ? RunPicture.Of(running, live.Flight, live.Inputs, withRegions ? live.Regions : ImmutableDictionary<int, Domain.Reduce.RegionState>.Empty, host.SchemeOf(running.Spec))
        : null;

    private void Sample(JobId job, long rows, DateTimeOffset now)
    {
        var known = rates.GetValueOrDefault(job, (now, rows, []));
        var seconds = (now - known.Item1).TotalSeconds;
        // A job that began again counts from what is durable: less than before.
        var points = seconds <= 0 ? known.Item3 : known.Item3.Add(new(now, Math.Max(0, rows - known.Item2) / seconds));
        rates[job] = (now, rows, points.Count > KeptPoints ? points.RemoveAt(0) : points);
    }

    // The journal is read when the queue has changed, and now and then, whoever asks: what runs is in the actors' states.
    private async Task<ImmutableArray<JobRecord>> RecordedAsync()
    {
        await reading.WaitAsync().ConfigureAwait(false);
        try
        {
            var queue = Queue;
            if (!ReferenceEquals(recorded.Of, queue) || Environment.TickCount64 - recorded.At > ListAge.TotalMilliseconds)
                recorded = (Environment.TickCount64, queue, await Task.Run(() => host.Jobs().Jobs).ConfigureAwait(false));
            return recorded.Jobs;
        }
        finally
        {
            reading.Release();
        }
    }

    private sealed class Watching(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
