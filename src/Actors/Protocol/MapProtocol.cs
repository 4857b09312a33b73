using Akka.Actor;
using Akka.Routing;
using Etl.Actors.Extract.Sources.Files;
using Etl.Domain;
using Etl.Domain.Extract;
using Etl.Domain.Jobs;
using Etl.Domain.Map;
using Etl.Domain.Map.Files;

namespace Etl.Actors.Protocol;

/// <summary>What extractors, mappers and a job's coordinator say to each other about a batch.</summary>
public static class MapProtocol
{
    /// <summary>Extractor to the mapper pool: map these rows. By reference: both always share a node.</summary>
    /// <param name="Rows">Not changed by anybody until the batch is done.</param>
    /// <param name="Coordinator">Who is told of the result; the sender is told that its credit is free again.</param>
    public sealed record MapBatch(JobId Job, BatchId Batch, IReadOnlyList<RawRow> Rows, MapPlan Plan, IActorRef Coordinator)
        : ILocalMessage, IConsistentHashable
    {
        /// <summary>For people who choose a consistent-hashing pool.</summary>
        object IConsistentHashable.ConsistentHashKey => $"{Job}-{Batch}";

        /// <summary>How it is mapped, if it crashed mappers before.</summary>
        public Caution? Caution { get; init; }
    }

    /// <summary>Extractor to the mapper pool: map these bytes. By reference: both always share a node.</summary>
    /// <param name="Bytes">Lent: whoever has mapped the batch, or failed to, gives it back.</param>
    /// <param name="Coordinator">Who is told of the result; the sender is told that its credit is free again.</param>
    /// <param name="Attempt">Which attempt at reading it this is, from 1; for the sender.</param>
    public sealed record MapBytes(JobId Job, BatchId Batch, LentBatch Bytes, FilePlan Plan, IActorRef Coordinator, int Attempt)
        : ILocalMessage, IConsistentHashable
    {
        /// <summary>For people who choose a consistent-hashing pool.</summary>
        object IConsistentHashable.ConsistentHashKey => $"{Job}-{Batch}";

        /// <summary>How it is mapped, if it crashed mappers before.</summary>
        public Caution? Caution { get; init; }
    }

    /// <summary>Mapper to extractor: the batch shows that the file cannot be read as it was meant; the job ends.</summary>
    public sealed record BatchRefused(JobId Job, BatchId Batch, FileBatch.Refused Refusal) : ILocalMessage;

    /// <summary>Mapper to extractor: the batch's bytes cannot be read; the credit returns.</summary>
    public sealed record BatchUnreadable(JobId Job, BatchId Batch, int Attempt, Exception Cause) : ILocalMessage;

    /// <summary>Mapper to extractor: the batch left the mapper, well or not; its credit returns.</summary>
    public sealed record BatchDone(JobId Job, BatchId Batch) : ILocalMessage;

    /// <summary>Mapper to coordinator: the batch is mapped; its partials went to these regions.</summary>
    public sealed record BatchMapped(JobId Job, BatchId Batch, BatchTally Tally, EquatableArray<int> Regions) : IWireMessage
    {
        /// <summary>Lines of a batch of a file; null for a batch of a page.</summary>
        public long? Lines { get; init; }
    }

    /// <summary>Mapper to coordinator: the mapper crashed on the batch and is restarted.</summary>
    /// <param name="Row">Position of the row under way, null when none is known.</param>
    /// <param name="Actor">Path of the mapper.</param>
    /// <param name="Cause">The exception's type and message.</param>
    /// <param name="Directive">What the supervisor decided.</param>
    public sealed record BatchCrashed(JobId Job, BatchId Batch, long? Row, string Actor, string Cause, string Directive) : IWireMessage
    {
        /// <summary>The rows that were tried alone; null when it was the whole batch.</summary>
        public RowRange? Probe { get; init; }

        /// <summary>What the coordinator decides on.</summary>
        public JobCommand.Crash Command(DateTimeOffset at) => new(Actor, Cause, Directive, Batch, Row, at) { Probe = Probe };
    }

    /// <summary>Mapper to coordinator: these rows of the batch, tried alone, crashed nothing; nothing of them was sent.</summary>
    public sealed record ProbePassed(JobId Job, BatchId Batch, RowRange Rows) : IWireMessage;
}
