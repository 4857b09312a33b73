using System.Collections.Immutable;
using Etl.Actors.Hosting;
using Etl.Actors.Jobs.Reading;
using Etl.Actors.Stages;
using Etl.Domain.Extract;
using Etl.Domain.Jobs;

namespace Etl.Host.Tests;

/// <summary>Keeps what it was asked for and answers what it was told to.</summary>
public sealed class FakeRunner : IEtlRunner
{
    /// <summary>The last request.</summary>
    public RunRequest? Request { get; private set; }

    /// <summary>True when the last request was a dry run.</summary>
    public bool WasDry { get; private set; }

    /// <summary>What a run does.</summary>
    public Func<IRunObserver, CancellationToken, Task<RunOutcome>> Run { get; init; } = (_, _) => Task.FromResult(Sample.Outcome());

    /// <summary>What a dry run answers.</summary>
    public DryRunOutcome Dry { get; init; } = new(
        0, null, Sample.Choice, 222,
        [
            new RawRow(0, 1, null, null, "World", "117,165,394", "2025"), new RawRow(0, 2, null, null, "United States", "30,615,743", "2025"),
            new RawRow(0, 3, null, null, "China", "19,398,577", "2025"), new RawRow(0, 4, null, null, "Germany", "5,013,574", "2025"),
            new RawRow(0, 5, null, null, "대한민국", "1,858,572", "2025"),
        ],
        ["Freedonia", "Sylvania"], new(222, 192, 27, 1, 2, 0, [], [], [], [], 0));

    /// <inheritdoc />
    public Task<RunOutcome> RunAsync(RunRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        (Request, WasDry) = (request, false);
        return Run(observer, cancellation);
    }

    /// <summary>What was submitted to a host.</summary>
    public Etl.Host.Commands.RemoteArguments? Remote { get; private set; }

    /// <inheritdoc />
    public Task<int> RemoteAsync(Etl.Host.Commands.RemoteArguments asked, Terminal terminal, Interruption interruption)
    {
        Remote = asked;
        return Task.FromResult(0);
    }

    /// <summary>What a host was asked for.</summary>
    public Etl.Host.Commands.HostArguments? HostAsked { get; private set; }

    /// <inheritdoc />
    public Task<int> HostAsync(Etl.Host.Commands.HostArguments arguments, Terminal terminal, Interruption interruption)
    {
        HostAsked = arguments;
        return Task.FromResult(0);
    }

    /// <inheritdoc />
    public Task<DryRunOutcome> DryRunAsync(RunRequest request, CancellationToken cancellation)
    {
        (Request, WasDry) = (request, true);
        return Task.FromResult(Dry);
    }

    /// <summary>The jobs that the journal knows.</summary>
    public JobList Known { get; init; } = new([], null);

    /// <summary>The events of every job.</summary>
    public ImmutableArray<ChronicleLine> Told { get; init; } = [];

    /// <summary>How many jobs a pruning was to keep.</summary>
    public int? Keep { get; private set; }

    /// <inheritdoc />
    public Task<ExtractOutcome> ExtractAsync(RunRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        Request = request;
        return Task.FromResult(new ExtractOutcome("wikipedia", null, 3, 0, ["rows.ndjson", "manifest.json"], false));
    }

    /// <inheritdoc />
    public Task<RunOutcome> LoadAsync(RunRequest request, string folder, CancellationToken cancellation) => RunAsync(request, null!, cancellation);

    /// <inheritdoc />
    public JobList Jobs(JournalRequest request) => Known;

    /// <inheritdoc />
    public ImmutableArray<ChronicleLine> Events(JournalRequest request, JobId job) => Told;

    /// <inheritdoc />
    public PruneOutcome Prune(JournalRequest request, int keep)
    {
        Keep = keep;
        return new([.. Known.Jobs.Select(j => j.Job)], 1, 2, 3, 4_000_000, 2_000_000, 40_000);
    }
}
