using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Akka.Actor;
using Etl.Actors.Protocol;
using Etl.Domain.Jobs;
using Etl.Domain.Map.Files;
using Etl.Domain.Supervision;

namespace Etl.Actors.Extract;

/// <summary>What an extractor does when reading fails: it reads again, gives up, or ends the system, and tells of each.</summary>
public sealed partial class ExtractorActor
{
    private ImmutableList<ActorRestart> readingAgain = [];
    private BatchId? failedAt;

    /// <inheritdoc />
    protected override void Failing(Exception cause) => Fails(SupervisedActor.Extractor, work?.Coordinator, cause, ActorRestart.ForGood, failedAt);

    // A mapper knows its batch alone: the line is counted in the file, once, for the error's sake.
    private void Refuse(FileBatch.Refused why)
    {
        var request = work!.Request;
        string Text(string place) => $"{request.Input.Label}, {place}byte {why.Offset}: {why.Reason}; {why.Remedy}";
        work.Feed!.LineOfAsync(why.Offset, stopping.Token).PipeTo(
            Self,
            success: line => new Located(request, Text(line > 0 ? FormattableString.Invariant($"line {line}, ") : "")),
            failure: _ => new Located(request, Text("")));
    }

    private void FailOrTryAgain(Failed failed)
    {
        var label = failed.Request.Input.Label;
        var (policy, directive) = (settings.Reading, settings.Reading.On.Decide(failed.Cause));
        switch (failed.Cause)
        {
            // A reading is canceled by another extractor that shared it and was stopped: this one was not, or it would not be told.
            case var _ when directive == FailureDirective.Restart && failed.Attempt <= policy.Limit.Retries:
                var told = SupervisionProtocol.RestartOf(Self, failed.Cause, ActorRestart.ReadAgain) with { Batch = failed.Batch };
                readingAgain = readingAgain.Add(told);
                jobs.Tell(new SupervisionProtocol.ActorFailed(failed.Request.Job, told));
                Timers.StartSingleTimer(
                    (nameof(TryAgain), failed.Batch), new TryAgain(failed.Request, failed.Batch, failed.Attempt + 1),
                    policy.Backoff.After(failed.Attempt, Random.Shared.NextDouble()));
                break;
            case var _ when directive == FailureDirective.Escalate:
                failedAt = failed.Batch;
                ExceptionDispatchInfo.Throw(failed.Cause);
                break;
            default:
                work!.Coordinator.Tell(new SupervisionProtocol.NoteRestarts(
                    [SupervisionProtocol.RestartOf(Self, failed.Cause, ActorRestart.ForGood) with { Batch = failed.Batch }]));
                Tell(
                    failed.Request, failed.Cause is IOException or UnauthorizedAccessException or TimeoutException ? 74 : 1,
                    $"{label} cannot be read: {failed.Cause.Message}");
                break;
        }
    }

    // A batch that a mapper has mapped was read; null: the split.
    private void MadeGood(BatchId? batch)
    {
        if (readingAgain.IsEmpty) return;
        foreach (var told in readingAgain.Where(told => told.Batch == batch))
            jobs.Tell(new SupervisionProtocol.ActorFailed(
                work!.Request.Job, told with { RecoveredAfter = Recovery.Between(told.At, DateTimeOffset.UtcNow) }));
        readingAgain = readingAgain.RemoveAll(told => told.Batch == batch);
    }

    private void Tell(ExtractProtocol.ExtractSplit request, int exitCode, string reason) =>
        work!.Coordinator.Tell(new ExtractProtocol.SplitFailed(request.Job, request.Split, exitCode, reason));

    private sealed record Failed(ExtractProtocol.ExtractSplit Request, BatchId? Batch, int Attempt, Exception Cause) : ILocalMessage;

    private sealed record TryAgain(ExtractProtocol.ExtractSplit Request, BatchId? Batch, int Attempt) : ILocalMessage;

    private sealed record Located(ExtractProtocol.ExtractSplit Request, string Text) : ILocalMessage;
}
