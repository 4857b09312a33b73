using System.Collections.Immutable;
using Akka.Actor;
using Etl.Domain;
using Etl.Domain.Countries;
using Etl.Domain.Jobs;
using Etl.Domain.Load;

namespace Etl.Actors.Protocol;

/// <summary>What goes on between a process's edge, the catalog, the coordinators, the loaders and the status read model.</summary>
public static class JobProtocol
{
    /// <summary>Edge to catalog: work on the unfinished job of this spec's input key, or on a new one.</summary>
    public sealed record OpenJob(JobSpec Spec, JobId FreshId, RunId Run, RunSettings Settings, bool StartOver) : ILocalMessage
    {
        /// <summary>What the edge knows the request by; told back with the answer.</summary>
        public JobId? Ticket { get; init; }
    }

    /// <summary>Catalog to edge: this is the job.</summary>
    public sealed record JobOpened(JobId Job) : ILocalMessage
    {
        /// <inheritdoc cref="OpenJob.Ticket" />
        public JobId? Ticket { get; init; }
    }

    /// <summary>What may differ between runs of a job.</summary>
    public sealed record RunSettings(
        string OutDirectory, ImmutableArray<string> Sinks, bool Strict, long? MaxQuarantined, double? MaxQuarantinedPercent,
        ImmutableArray<KeyValuePair<string, string>> Effective) : ILocalMessage;

    /// <summary>Coordinator to loaders: every batch is durable.</summary>
    public sealed record LoadJob(
        JobState.Running State, RegionScheme Scheme, RunId Run, RunSettings Settings, IActorRef Coordinator) : ILocalMessage;

    /// <summary>Loader to coordinator: a sink holds the result.</summary>
    public sealed record SinkLoaded(JobId Job, string Sink, LoadedPlace? Place = null) : ILocalMessage;

    /// <summary>Loader to coordinator: all is loaded and <c>run.json</c> written, or why not.</summary>
    public sealed record LoadDone(
        JobId Job, int ExitCode, string? Error, Report? Report, RunFacts? Facts, ImmutableArray<LoadedFile> Files, string? CrossCheck)
        : ILocalMessage
    {
        /// <summary>The run ends because the journal cannot be read or written.</summary>
        public bool IsJournalLost { get; init; }

        /// <summary>The answer is there, and a gate of this run's is against it: the run has failed, the job has not.</summary>
        public bool IsHeldBack { get; init; }
    }

    /// <summary>What is said when a persistent actor gives up.</summary>
    public static string JournalLost(string what) => $"{what} cannot be read or written in the journal, which did not recover in time";

    /// <summary>Coordinator to catalog and status: it is over. <paramref name="Durable"/> is false when the journal could not be told.</summary>
    public sealed record JobEnded(JobId Job, bool Durable, LoadDone Result) : ILocalMessage;

    /// <summary>Coordinator to extractors and loaders: the job has ended here; its actors and what they hold in memory go.</summary>
    public sealed record ForgetJob(JobId Job) : ILocalMessage;

    /// <summary>Edge to catalog: delete now what is left of jobs that are over; status tells <see cref="StatusProtocol.JournalTrimmed"/>.</summary>
    public sealed class TrimJournal : ILocalMessage
    {
        /// <summary>The one instance.</summary>
        public static readonly TrimJournal Instance = new();

        private TrimJournal()
        {
        }
    }

    /// <summary>Edge to catalog, and to each coordinator: write what there is, and begin nothing more; the process stops.</summary>
    public sealed class Checkpoint : ILocalMessage
    {
        /// <summary>The one instance.</summary>
        public static readonly Checkpoint Instance = new();

        private Checkpoint()
        {
        }
    }

    /// <summary>Edge to catalog, and to the coordinator: write what there is of this job, and stop working on it; others go on.</summary>
    public sealed record CancelJob(JobId Job) : ILocalMessage;

    /// <summary>Coordinator to catalog, answering <see cref="Checkpoint"/>: everything that was mapped is durable.</summary>
    public sealed record Checkpointed(JobId Job) : ILocalMessage;

    /// <summary>Catalog to edge, answering <see cref="Checkpoint"/>: so it is in every job.</summary>
    public sealed class AllCheckpointed : ILocalMessage
    {
        /// <summary>The one instance.</summary>
        public static readonly AllCheckpointed Instance = new();

        private AllCheckpointed()
        {
        }
    }

    /// <summary>Coordinator to catalog: the job had ended before this run began on it.</summary>
    public sealed record JobWasOver(JobId Job, int ExitCode) : ILocalMessage;
}

/// <summary>What the status read model is told and asked. For display: local and lossy.</summary>
public static class StatusProtocol
{
    /// <summary>Edge to status: tell me what happens.</summary>
    public sealed record Subscribe(IActorRef Subscriber) : ILocalMessage;

    /// <summary>The job was under way before this process: so much of it is done.</summary>
    public sealed record JobResumed(JobId Job, long BatchesDone, long BatchesPlanned) : ILocalMessage;

    /// <summary>A split was read.</summary>
    public sealed record SourceChosen(JobId Job, SourceChoice Choice) : ILocalMessage;

    /// <summary>Where a job stands.</summary>
    public sealed record JobMoved(
        JobId Job, Stage Stage, long Rows, long BatchesDone, long BatchesPlanned, int Regions, long Restarts, long BatchesResumed = 0,
        long BytesDone = 0, long BytesPlanned = 0) : ILocalMessage;

    /// <summary>A supervised failure.</summary>
    public sealed record ActorRestarted(JobId Job, Restart Restart) : ILocalMessage;

    /// <summary>Actors that are no mappers failed.</summary>
    public sealed record OthersRestarted(JobId Job, EquatableArray<ActorRestart> Restarts) : ILocalMessage;

    /// <summary>What failures had undone is done again.</summary>
    public sealed record Recovered(JobId Job, EquatableArray<Recovery> Recoveries) : ILocalMessage;

    /// <summary>Something for the project's log.</summary>
    public sealed record Logged(JobId Job, string Message) : ILocalMessage;

    /// <summary>The journal holds no more of jobs that are over than their summaries.</summary>
    public sealed class JournalTrimmed : ILocalMessage
    {
        /// <summary>The one instance.</summary>
        public static readonly JournalTrimmed Instance = new();

        private JournalTrimmed()
        {
        }
    }

    /// <summary>Asks where a job stands; answered by its last <see cref="JobMoved"/> or <see cref="JobUnknown"/>.</summary>
    public sealed record GetJobStatus(JobId Job) : ILocalMessage;

    /// <summary>Nothing is known of the job in this process.</summary>
    public sealed record JobUnknown(JobId Job) : ILocalMessage;
}
