using System.Collections.Immutable;
using Akka.Actor;
using Etl.Actors.Protocol;
using Etl.Actors.Supervision;
using Etl.Domain.Jobs;
using Etl.Domain.Supervision;

namespace Etl.Actors.Extract;

/// <summary>How an extractor feeds mappers.</summary>
/// <param name="Window">Batches that are being read or with mappers, at most.</param>
/// <param name="Beat">How often it says which batches it has in hand: several times within the deadline of an ack.</param>
public sealed record ExtractSettings(int Window, TimeSpan Beat)
{
    /// <summary>What is done when reading fails.</summary>
    public ActorPolicy Reading { get; init; } = ActorPolicy.Usual(SupervisedActor.Extractor, BackoffTimes.AtOnce, 0);
}

/// <summary>The parent of the extractors: one child per split under work, created when a coordinator asks for it.</summary>
public sealed class ExtractorsActor(SplitReader reader, IActorRef mappers, IActorRef jobs, ExtractSettings settings, SupervisionPolicy policy) : UntypedActor
{
    // By split, not by name: a name is not free again until its actor has stopped, and a job may begin again before that.
    private ImmutableDictionary<(JobId Job, int Split), IActorRef> extractors = ImmutableDictionary<(JobId, int), IActorRef>.Empty;
    private int made;
    private ImmutableDictionary<IActorRef, SupervisionProtocol.ChildFailed> failures = ImmutableDictionary<IActorRef, SupervisionProtocol.ChildFailed>.Empty;

    /// <summary>Recipe.</summary>
    public static Props Props(SplitReader reader, IActorRef mappers, IActorRef jobs, ExtractSettings settings, SupervisionPolicy policy) =>
        Akka.Actor.Props.Create(() => new ExtractorsActor(reader, mappers, jobs, settings, policy));

    /// <inheritdoc />
    protected override SupervisorStrategy SupervisorStrategy() => policy.ParentOf(SupervisedActor.Extractor);

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ExtractProtocol.ExtractSplit extract:
                var child = ExtractorOf(extract.Job, extract.Split);
                // A second coordinator (the first lost its journal) replaces the first as the one that is told of the end.
                Context.Unwatch(child);
                Context.WatchWith(child, new ExtractorStopped(child, extract.Job, extract.Split, Sender));
                child.Forward(extract);
                break;
            case ExtractProtocol.IssueBatches issue:
                foreach (var split in issue.Batches.Ranges.GroupBy(r => r.Split))
                    if (extractors.TryGetValue((issue.Job, split.Key), out var known))
                        known.Forward(issue with { Batches = BatchSet.FromRanges(split) });
                break;
            case JobProtocol.ForgetJob forget:
                foreach (var split in extractors.Keys.Where(e => e.Job == forget.Job)) Stop(split);
                break;
            case ExtractProtocol.SplitOver over:
                Stop((over.Job, over.Split));
                break;
            case SupervisionProtocol.ChildFailed failed:
                failures = failures.SetItem(Sender, failed);
                break;
            case ExtractorStopped stopped:
                extractors = extractors.Remove((stopped.Job, stopped.Split));
                // Whatever threw: an extractor that came back would have forgotten which batches it owes.
                var why = failures.GetValueOrDefault(stopped.Extractor)?.Restart;
                failures = failures.Remove(stopped.Extractor);
                if (why is not null) stopped.Coordinator.Tell(new SupervisionProtocol.NoteRestarts([why]));
                stopped.Coordinator.Tell(new ExtractProtocol.SplitFailed(
                    stopped.Job, stopped.Split, 1, $"the extractor of split {stopped.Split} stopped unexpectedly; {why?.Cause ?? "the log names the cause"}"));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Stop((JobId Job, int Split) split)
    {
        if (!extractors.TryGetValue(split, out var extractor)) return;
        Context.Unwatch(extractor);
        Context.Stop(extractor);
        extractors = extractors.Remove(split);
    }

    private IActorRef ExtractorOf(JobId job, int split)
    {
        if (extractors.TryGetValue((job, split), out var known)) return known;
        var created = Context.ActorOf(ExtractorActor.Props(reader, mappers, jobs, settings), $"{job}-{split}-{++made}");
        extractors = extractors.Add((job, split), created);
        return created;
    }

    private sealed record ExtractorStopped(IActorRef Extractor, JobId Job, int Split, IActorRef Coordinator) : ILocalMessage;
}
