using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Etl.Actors.Protocol;
using Etl.Domain.Jobs;
using Etl.Domain.Jobs.Queueing;
using Etl.Domain.Reduce;

namespace Etl.Actors.Hosting;

/// <summary>A job as its actors last had it. Every value is immutable: whoever looks keeps nobody waiting.</summary>
/// <param name="State">Durable.</param>
/// <param name="Flight">What is under way.</param>
/// <param name="Regions">What is durable in each region's reducer, by ordinal.</param>
/// <param name="End">How it ended in this process; null as long as it goes on.</param>
public sealed record LiveJob(
    JobState State, Flight Flight, InputProgress Inputs, ImmutableDictionary<int, RegionState> Regions, JobProtocol.JobEnded? End);

/// <summary>
/// What the actors of a system are doing, for people who watch: each actor leaves its newest immutable state here, which costs it a
/// reference, and those who watch read as often as they like. So no number of watchers slows the pipeline. For display; what is true
/// stands in the journal. Off, and without any cost, in a process that nobody watches. Thread-safe.
/// </summary>
public sealed class LiveBoard : IExtension
{
    // Each holds its whole answer, for those who waited for it; later it is read from the journal and the files.
    private const int KeptEnded = 8;
    private readonly ConcurrentDictionary<JobId, Cell> jobs = new();
    private readonly ConcurrentQueue<JobId> ended = new();
    private volatile JobQueue queue = JobQueue.Empty;

    /// <summary>True when actors are to leave their states here.</summary>
    public bool IsOn { get; private set; }

    /// <summary>The queue of the host as it last was.</summary>
    public JobQueue Queue
    {
        get => queue;
        set => queue = value;
    }

    /// <summary>The jobs that this process works on, or worked on of late.</summary>
    public IEnumerable<KeyValuePair<JobId, LiveJob>> Jobs => jobs.Select(j => KeyValuePair.Create(j.Key, j.Value.Read()));

    /// <summary>Of this system.</summary>
    public static LiveBoard Of(ActorSystem system) => system.WithExtension<LiveBoard, Provider>();

    /// <summary>From now on states are kept.</summary>
    public void TurnOn() => IsOn = true;

    /// <summary>A job as it is; null when this process does not work on it.</summary>
    public LiveJob? Find(JobId job) => jobs.TryGetValue(job, out var cell) ? cell.Read() : null;

    /// <summary>A coordinator's newest state.</summary>
    public void Set(JobId job, JobState state, Flight flight, InputProgress inputs)
    {
        if (!IsOn) return;
        var cell = CellOf(job);
        (cell.State, cell.Flight, cell.Inputs) = (state, flight, inputs);
    }

    /// <summary>A reducer's newest state.</summary>
    public void Set(JobId job, int region, RegionState state)
    {
        // One that is forgotten is empty; the answer that was seen stays.
        if (IsOn && state.Merged.Count > 0) CellOf(job).Regions[region] = state;
    }

    /// <summary>A job goes on, or again.</summary>
    public void Begin(JobId job)
    {
        if (IsOn) CellOf(job).End = null;
    }

    /// <summary>A job ended in this process.</summary>
    public void End(JobProtocol.JobEnded end)
    {
        if (!IsOn) return;
        var over = CellOf(end.Job);
        over.End = end;
        // The answer is in the end, and what it was made of is let go. One that can be resumed keeps it: reducers that still live then tell it no more.
        if (end.Durable) over.Regions.Clear();
        (over.Flight, over.Inputs) = (Flight.Empty, InputProgress.Empty);
        ended.Enqueue(end.Job);
        while (ended.Count > KeptEnded && ended.TryDequeue(out var old))
            if (jobs.TryGetValue(old, out var cell) && cell.End is not null && !ended.Contains(old)) jobs.TryRemove(old, out _);
    }

    private Cell CellOf(JobId job) => jobs.GetOrAdd(job, static _ => new());

    private sealed class Cell
    {
        public volatile JobState State = Job.Initial;
        public volatile Flight Flight = Flight.Empty;
        public volatile InputProgress Inputs = InputProgress.Empty;
        public volatile JobProtocol.JobEnded? End;
        public readonly ConcurrentDictionary<int, RegionState> Regions = new();

        public LiveJob Read() => new(State, Flight, Inputs, Regions.ToImmutableDictionary(), End);
    }

    private sealed class Provider : ExtensionIdProvider<LiveBoard>
    {
        public override LiveBoard CreateExtension(ExtendedActorSystem system) => new();
    }
}
