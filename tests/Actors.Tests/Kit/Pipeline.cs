using System.Collections.Immutable;
using Akka.Actor;
using Etl.Actors.Hosting;
using Etl.Actors.Protocol;
using Etl.Actors.Tests.Sinks;
using Etl.Domain.Extract;
using Etl.Domain.Jobs;

namespace Etl.Actors.Tests.Kit;

/// <summary>The whole tree in a system of its own, rows in memory, real sinks in a temporary directory.</summary>
internal sealed class Pipeline : IDisposable
{
    /// <summary>The files whose bytes are the answer.</summary>
    public static readonly string[] Answer = ["Countries_by_GDP.json", "Region_Top.json", "quarantine.jsonl"];

    private const string Fast = """
        etl.reduce.checkpoint-interval = 5ms
        etl.jobs { checkpoint-interval = 5ms, ack-deadline = 1s }
        etl.supervision.journal { min-backoff = 5ms, max-backoff = 20ms, max-restarts = 4 }
        """;

    private readonly TempDirectory directory = new();
    private readonly IActorRef root;
    private readonly Seen seen = new();

    public Pipeline(ImmutableArray<RawRow> rows, string overrides = "", string fault = "", int batchRows = 5)
    {
        System = ActorSystem.Create("etl", EtlSpec.ConfigOf($"{Fast}\n{overrides}"));
        Spec = Given.Spec(batchRows);
        root = System.ActorOf(
            EtlSupervisor.Props(EtlSettings.From(System.Settings.Config), Given.Reader(rows), FaultPoints.Parse(fault)), EtlSupervisor.Name);
        var told = seen;
        root.Tell(new StatusProtocol.Subscribe(System.ActorOf(Props.Create(() => new Watcher(told)))));
    }

    public ActorSystem System { get; }

    public JobSpec Spec { get; }

    public JournalControl Journal => JournalControl.Of(System);

    public int Restarts => seen.Restarts;

    public string Out => directory.Path;

    public static string Mappers(int size, string router) =>
        $"akka.actor.deployment {{ /etl/mappers {{ router = {router}, nr-of-instances = {size} }} }}";

    public Task<JobProtocol.JobEnded> RunAsync(int run = 1, TimeSpan? limit = null)
    {
        Open(Spec, run);
        // Nothing waits for ever: a run that hangs fails its test by name.
        return seen.Ended.Task.WaitAsync(limit ?? TimeSpan.FromSeconds(30));
    }

    public void Open(JobSpec? spec, int run = 1) =>
        root.Tell(new JobProtocol.OpenJob(spec!, Given.Job(run), Given.Run(run), Given.RunSettings(directory.Path, "json", "sqlite"), false));

    public string[] Files() => [.. Answer.Select(name => File.ReadAllText(directory.File(name)))];

    public void Dispose()
    {
        System.Terminate().Wait(TimeSpan.FromSeconds(20));
        directory.Dispose();
    }

    private sealed class Seen
    {
        public int Restarts;

        public TaskCompletionSource<JobProtocol.JobEnded> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Watcher(Seen seen) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is StatusProtocol.ActorRestarted) Interlocked.Increment(ref seen.Restarts);
            if (message is JobProtocol.JobEnded ended) seen.Ended.TrySetResult(ended);
        }
    }
}
