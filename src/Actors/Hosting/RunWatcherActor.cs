using Akka.Actor;
using Etl.Actors.Load;
using Etl.Actors.Load.Sinks;
using Etl.Actors.Protocol;
using Etl.Domain.Jobs;

namespace Etl.Actors.Hosting;

/// <summary>Carries what the status read model publishes out of the actor system: to the observer, the project's log, and whoever waits.</summary>
public sealed class RunWatcherActor(
    IRunObserver observer, ProjectLog projectLog, TaskCompletionSource<JobProtocol.JobEnded> ended, TaskCompletionSource trimmed)
    : UntypedActor
{
    private bool isOver;

    /// <summary>Recipe; <paramref name="trimmed"/> is set when nothing of an ended job is left in the journal but summaries.</summary>
    public static Props Props(
        IRunObserver observer, ProjectLog projectLog, TaskCompletionSource<JobProtocol.JobEnded> ended, TaskCompletionSource trimmed) =>
        Akka.Actor.Props.Create(() => new RunWatcherActor(observer, projectLog, ended, trimmed));

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case JobProtocol.JobOpened:
                PhaseClock.Mark("catalog recovered, job opened");
                Log(message);
                break;
            case StatusProtocol.JobResumed resumed:
                Log(message);
                observer.Resumed(resumed.Job, resumed.BatchesDone, resumed.BatchesPlanned);
                break;
            case StatusProtocol.SourceChosen chosen:
                PhaseClock.Mark("plan durable");
                observer.Chosen(chosen.Choice);
                break;
            case StatusProtocol.JobMoved moved:
                observer.Progress(new(
                    StageName(moved.Stage), moved.Rows, moved.BatchesDone, moved.BatchesPlanned, moved.Regions, moved.Restarts,
                    moved.BatchesResumed, moved.BytesDone, moved.BytesPlanned));
                break;
            case StatusProtocol.ActorRestarted { Restart: var restart }:
                Log(message);
                observer.Restarted(restart);
                break;
            case StatusProtocol.Logged logged:
                if (logged.Message is "Extract started" or "Load started" or "Load ended") PhaseClock.Mark(logged.Message);
                Log(message);
                break;
            case JobProtocol.JobEnded over:
                PhaseClock.Mark("job closed");
                Log(message);
                isOver = true;
                ended.TrySetResult(over);
                break;
            case StatusProtocol.OthersRestarted or StatusProtocol.Recovered:
                // The log says it by its line, the screen by the total.
                break;
            case StatusProtocol.JournalTrimmed:
                if (!isOver) break;
                PhaseClock.Mark("journal trimmed");
                trimmed.TrySetResult();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private static string StageName(Stage stage) => stage == Stage.MapAndReduce ? "map and reduce" : stage.ToString().ToLowerInvariant();

    // A log that cannot be written ends the run; an exception here would lose the message at hand, and with it perhaps the job's end.
    private void Log(object message)
    {
        try
        {
            if (ProjectLogLine.Of(message) is { } line) projectLog.Write(line.Text);
        }
        catch (SinkException unwritable)
        {
            ended.TrySetException(unwritable);
        }
    }
}
