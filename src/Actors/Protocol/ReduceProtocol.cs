using Akka.Actor;
using Etl.Domain.Jobs;
using Etl.Domain.Reduce;

namespace Etl.Actors.Protocol;

/// <summary>What mappers, a job's coordinator and the regions' reducers say to each other.</summary>
public static class ReduceProtocol
{
    /// <summary>A message to one region's reducer. The message extractor routes by it: the entity id is <c>{jobId:N}-{region}</c>.</summary>
    public interface IRegionMessage
    {
        /// <summary>The job.</summary>
        JobId Job { get; }

        /// <summary>The region's ordinal: its name can hold anything, an actor's cannot.</summary>
        int Region { get; }
    }

    /// <summary>Mapper to reducer: add a batch's partial. A batch that was added before is acknowledged, and counts once.</summary>
    /// <param name="Coordinator">Who is told when the partial is durable.</param>
    public sealed record MergePartial(JobId Job, int Region, BatchId Batch, PartialAggregate Partial, IActorRef Coordinator)
        : IWireMessage, IRegionMessage;

    /// <summary>Coordinator to reducer: write what is pending now, and acknowledge it.</summary>
    public sealed record FlushRegion(JobId Job, int Region, IActorRef Coordinator) : IWireMessage, IRegionMessage;

    /// <summary>Coordinator to reducer: tell the durable total; the sender gets a <see cref="RegionTotalReply"/>.</summary>
    public sealed record GetRegionTotal(JobId Job, int Region) : IWireMessage, IRegionMessage;

    /// <summary>The job is over: drop the journal, tell <paramref name="Asker"/>, and stop.</summary>
    public sealed record ForgetRegion(JobId Job, int Region, IActorRef Asker) : IWireMessage, IRegionMessage;

    /// <summary>Reducer, answering <see cref="ForgetRegion"/>: nothing of the region is left in the journal.</summary>
    public sealed record RegionForgotten(JobId Job, int Region) : IWireMessage;

    /// <summary>Reducer to coordinator: these batches' partials are durable here.</summary>
    public sealed record PartialsAcked(JobId Job, int Region, BatchSet Batches) : IWireMessage;

    /// <summary>Reducer to coordinator: a new incarnation has recovered; what waited for its predecessor's ack is owed again.</summary>
    public sealed record RegionRecovered(JobId Job, int Region, long Incarnation) : IWireMessage;

    /// <summary>Reducer to coordinator: what is durable here, answering <see cref="GetRegionTotal"/>.</summary>
    public sealed record RegionTotalReply(JobId Job, int Region, BatchSet Merged, PartialAggregate Total) : IWireMessage;

    /// <summary>Reducer's supervisor to coordinator: the region cannot be recovered within its bounds; the job fails.</summary>
    public sealed record RegionLost(JobId Job, int Region, string Reason) : IWireMessage;
}
