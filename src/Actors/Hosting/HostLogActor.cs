using System.Collections.Immutable;
using Akka.Actor;
using Etl.Actors.Load;
using Etl.Actors.Load.Sinks;
using Etl.Actors.Protocol;
using Etl.Domain.Jobs;

namespace Etl.Actors.Hosting;

/// <summary>Writes the project's log of each job of a host, into that job's own output directory.</summary>
public sealed class HostLogActor(Action<string, string> report) : UntypedActor
{
    private ImmutableDictionary<JobId, ProjectLog> logs = ImmutableDictionary<JobId, ProjectLog>.Empty;

    /// <summary>Recipe; <paramref name="report"/> hears of a log that cannot be written: where, and why.</summary>
    public static Props Props(Action<string, string> report) => Akka.Actor.Props.Create(() => new HostLogActor(report));

    /// <inheritdoc />
    protected override void PostStop()
    {
        foreach (var log in logs.Values) log.Dispose();
    }

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        if (ProjectLogLine.Of(message) is not { } line) return;
        // A log that cannot be written is no reason to end a job whose results can be.
        try
        {
            LogOf(line.Job)?.Write(line.Text);
        }
        catch (SinkException unwritable)
        {
            report($"job {line.Job}", unwritable.Message);
        }

        if (message is not JobProtocol.JobEnded over || !logs.TryGetValue(over.Job, out var log)) return;
        log.Dispose();
        logs = logs.Remove(over.Job);
    }

    private ProjectLog? LogOf(JobId job)
    {
        if (logs.TryGetValue(job, out var known)) return known;
        if (LiveBoard.Of(Context.System).Queue.Find(job) is not { } entry) return null;
        var opened = ProjectLog.Open(entry.Wishes.OutDirectory, TimeProvider.System);
        logs = logs.Add(job, opened);
        return opened;
    }
}
