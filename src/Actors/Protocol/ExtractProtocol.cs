using Etl.Domain;
using Etl.Domain.Jobs;

namespace Etl.Actors.Protocol;

/// <summary>What a job's coordinator and the extractors say to each other.</summary>
public static class ExtractProtocol
{
    /// <summary>Coordinator to extractor: read this split and cut it into batches.</summary>
    public sealed record ExtractSplit(JobId Job, int Split, StoredInput Input, JobSpec Spec) : IWireMessage;

    /// <summary>Coordinator to extractor: have these batches mapped. A batch may be issued again; its content is the same.</summary>
    public sealed record IssueBatches(JobId Job, BatchSet Batches) : IWireMessage
    {
        /// <summary>How those of them that crashed mappers are to be mapped.</summary>
        public EquatableArray<BatchCaution> Cautions { get; init; } = [];
    }

    /// <summary>Extractor to coordinator: the split is read and has so many batches, or <see cref="SplitPlan.Unknown"/>.</summary>
    public sealed record SplitRead(JobId Job, int Split, int Batches, SourceChoice Choice) : IWireMessage;

    /// <summary>Extractor to coordinator, for people: so many bytes of a file that is read from its beginning are read, compressed as it is.</summary>
    public sealed record StreamRead(JobId Job, int Split, long Position) : IWireMessage;

    /// <summary>Extractor to coordinator: the stream ended; it has so many batches.</summary>
    public sealed record SplitEnded(JobId Job, int Split, int Batches) : IWireMessage;

    /// <summary>
    /// Extractor to coordinator, now and then: these batches are not lost, they wait for the source (a slow disk, a pipe) or for a mapper.
    /// </summary>
    public sealed record BatchesHeld(JobId Job, BatchSet Batches) : IWireMessage;

    /// <summary>Coordinator to the extractors: every batch of the split is durable; nothing of it will be asked for.</summary>
    public sealed record SplitOver(JobId Job, int Split) : IWireMessage;

    /// <summary>Extractor to coordinator: the split can never be read; the job ends with this exit code.</summary>
    public sealed record SplitFailed(JobId Job, int Split, int ExitCode, string Reason) : IWireMessage;
}
