using Akka.Actor;
using Etl.Actors.Protocol;
using Etl.Actors.Supervision;
using Etl.Domain.Jobs;

namespace Etl.Actors.Extract;

/// <summary>The parent of the extractors: one child per split under work, created when a coordinator asks for it.</summary>
public sealed class ExtractorsActor(SplitReader reader, IActorRef mappers, int window, SupervisionPolicy policy) : UntypedActor
{
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
                var name = NameOf(extract.Job, extract.Split);
                var child = Context.Child(name);
                if (child.IsNobody()) child = Context.ActorOf(ExtractorActor.Props(reader, mappers, window), name);
                // A second coordinator (the first lost its journal) replaces the first as the one that is told of the end.
                Context.Unwatch(child);
                Context.WatchWith(child, new ExtractorStopped(extract.Job, extract.Split, Sender));
                child.Forward(extract);
                break;
            case ExtractProtocol.IssueBatches issue:
                foreach (var split in issue.Batches.Ranges.GroupBy(r => r.Split))
                    Context.Child(NameOf(issue.Job, split.Key)).Forward(issue with { Batches = BatchSet.FromRanges(split) });
                break;
            case ForgetJob forget:
                foreach (var extractor in Context.GetChildren().Where(c => c.Path.Name.StartsWith($"{forget.Job}-", StringComparison.Ordinal)))
                {
                    Context.Unwatch(extractor);
                    Context.Stop(extractor);
                }

                break;
            case ExtractorStopped stopped:
                stopped.Coordinator.Tell(new ExtractProtocol.SplitFailed(
                    stopped.Job, stopped.Split, 1, $"the extractor of split {stopped.Split} stopped unexpectedly; the log names the cause"));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private static string NameOf(JobId job, int split) => $"{job}-{split}";

    /// <summary>A job has ended: its extractors and what they hold in memory go.</summary>
    public sealed record ForgetJob(JobId Job) : ILocalMessage;

    private sealed record ExtractorStopped(JobId Job, int Split, IActorRef Coordinator) : ILocalMessage;
}
