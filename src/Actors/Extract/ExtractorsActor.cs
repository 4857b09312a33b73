using System.Collections.Immutable;
using Akka.Actor;
using Etl.Actors.Protocol;
using Etl.Actors.Supervision;
using Etl.Domain.Jobs;

namespace Etl.Actors.Extract;

/// <summary>The parent of the extractors: one child per split under work, created when a coordinator asks for it.</summary>
public sealed class ExtractorsActor(SplitReader reader, IActorRef mappers, int window, SupervisionPolicy policy) : UntypedActor
{
    // By split, not by name: a name is not free again until its actor has stopped, and a job may begin again before that.
    private ImmutableDictionary<(JobId Job, int Split), IActorRef> extractors = ImmutableDictionary<(JobId, int), IActorRef>.Empty;
    private int made;

    /// <summary>Recipe.</summary>
    public static Props Props(SplitReader reader, IActorRef mappers, int window, SupervisionPolicy policy) =>
        Akka.Actor.Props.Create(() => new ExtractorsActor(reader, mappers, window, policy));

    /// <inheritdoc />
    protected override SupervisorStrategy SupervisorStrategy() => policy.Workers;

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ExtractProtocol.ExtractSplit extract:
                var child = ExtractorOf(extract.Job, extract.Split);
                // A second coordinator (the first lost its journal) replaces the first as the one that is told of the end.
                Context.Unwatch(child);
                Context.WatchWith(child, new ExtractorStopped(extract.Job, extract.Split, Sender));
                child.Forward(extract);
                break;
            case ExtractProtocol.IssueBatches issue:
                foreach (var split in issue.Batches.Ranges.GroupBy(r => r.Split))
                    if (extractors.TryGetValue((issue.Job, split.Key), out var known))
                        known.Forward(issue with { Batches = BatchSet.FromRanges(split) });
                break;
            case JobProtocol.ForgetJob forget:
                foreach (var (split, extractor) in extractors.Where(e => e.Key.Job == forget.Job))
                {
                    Context.Unwatch(extractor);
                    Context.Stop(extractor);
                    extractors = extractors.Remove(split);
                }

                break;
            case ExtractorStopped stopped:
                extractors = extractors.Remove((stopped.Job, stopped.Split));
                stopped.Coordinator.Tell(new ExtractProtocol.SplitFailed(
                    stopped.Job, stopped.Split, 1, $"the extractor of split {stopped.Split} stopped unexpectedly; the log names the cause"));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private IActorRef ExtractorOf(JobId job, int split)
    {
        if (extractors.TryGetValue((job, split), out var known)) return known;
        var created = Context.ActorOf(ExtractorActor.Props(reader, mappers, window), $"{job}-{split}-{++made}");
        extractors = extractors.Add((job, split), created);
        return created;
    }

    private sealed record ExtractorStopped(JobId Job, int Split, IActorRef Coordinator) : ILocalMessage;
}
