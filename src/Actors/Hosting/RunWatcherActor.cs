using System.Globalization;
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
            case JobProtocol.JobOpened opened:
                PhaseClock.Mark("catalog recovered, job opened");
                Log($"Job {opened.Job} opened");
                break;
            case StatusProtocol.JobResumed resumed:
                Log($"Job {resumed.Job} resumed: {resumed.BatchesDone} of {resumed.BatchesPlanned} batches are done");
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
                Log($"Batch {restart.Batch} failed {(restart.Row is { } row ? $"at row {row.ToString(CultureInfo.InvariantCulture)}" : "at a row that is not known")} in {restart.Actor}, attempt {restart.Attempt}: {restart.Cause}; the batch is rolled back, {restart.Directive}");
                observer.Restarted(restart);
                break;
            case StatusProtocol.Logged logged:
                if (logged.Message is "Extract started" or "Load started" or "Load ended") PhaseClock.Mark(logged.Message);
                Log($"{logged.Message}");
                break;
            case JobProtocol.JobEnded over:
                PhaseClock.Mark("job closed");
                Log(over.Result.ExitCode == 0
                    ? (FormattableString)$"Job {over.Job} is done"
                    : $"Job {over.Job} is not done, exit code {over.Result.ExitCode}: {over.Result.Error}");
                isOver = true;
                ended.TrySetResult(over);
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
    private void Log(FormattableString text)
    {
        try
        {
            projectLog.Write(text.ToString(CultureInfo.InvariantCulture));
        }
        catch (SinkException unwritable)
        {
            ended.TrySetException(unwritable);
        }
    }
}
