using Akka.Actor;
using Etl.Actors.Hosting;
using Etl.Actors.Load;
using Etl.Actors.Load.Sinks;
using Etl.Actors.Protocol;
using Etl.Actors.Tests.Kit;
using Etl.Actors.Tests.Sinks;
using Etl.Domain.Jobs;

namespace Etl.Actors.Tests.Hosting;

/// <summary>Whoever waits for a run hears of its end.</summary>
public sealed class RunWatcherSpecs : EtlSpec
{
    private static readonly JobProtocol.JobEnded Over = new(Given.Job(), true, new(Given.Job(), 0, null, null, null, [], null));

    [Fact]
    public async Task The_end_of_the_job_is_the_end_of_the_wait()
    {
        using var directory = new TempDirectory();
        Assert.Equal(Over, await EndedAsync(directory));
        Assert.EndsWith($", Job {Given.Job()} is done\n", await File.ReadAllTextAsync(directory.File(ProjectLog.FileName)), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_a_job_stands_reaches_whoever_watches_with_its_bytes()
    {
        using var directory = new TempDirectory();
        using var log = ProjectLog.Open(directory.Path, TimeProvider.System);
        var seen = new Deaf();
        Sys.ActorOf(RunWatcherActor.Props(seen, log, new(), new())).Tell(new StatusProtocol.JobMoved(Given.Job(), Stage.MapAndReduce, 5, 1, 0, 2, 3, 4, 600, 1_000));
        AwaitAssert(() => Assert.Equal(new("map and reduce", 5, 1, 0, 2, 3, 4, 600, 1_000), seen.Last));
    }

    [SkippableFact]
    public async Task A_log_on_a_full_disk_ends_the_run_with_74_and_not_never()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "needs /dev/full");
        using var directory = new TempDirectory();
        File.CreateSymbolicLink(directory.File(ProjectLog.FileName), "/dev/full");
        Assert.Equal(74, (await Assert.ThrowsAsync<SinkException>(() => EndedAsync(directory))).ExitCode);
    }

    private async Task<JobProtocol.JobEnded> EndedAsync(TempDirectory directory)
    {
        using var log = ProjectLog.Open(directory.Path, TimeProvider.System);
        var ended = new TaskCompletionSource<JobProtocol.JobEnded>();
        Sys.ActorOf(RunWatcherActor.Props(new Deaf(), log, ended, new())).Tell(Over);
        return await ended.Task.WaitAsync(TimeSpan.FromSeconds(15));
    }

    private sealed class Deaf : IRunObserver
    {
        public void Chosen(SourceChoice choice)
        {
        }

        public void Resumed(JobId job, long batchesDone, long batchesPlanned)
        {
        }

        public RunProgress? Last { get; private set; }

        public void Progress(RunProgress progress) => Last = progress;

        public void Restarted(Restart restart)
        {
        }

        public void Diagnostic(string level, string source, string text)
        {
        }
    }
}
