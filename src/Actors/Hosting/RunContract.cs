using System.Collections.Immutable;
using Etl.Domain.Jobs;
using Etl.Domain.Load;

namespace Etl.Actors.Hosting;

/// <summary>What a user asks of one run. Paths are as given; contents are read by the runner.</summary>
/// <param name="Inputs">Files in the order in which they are read; "-" is standard input. Empty: the bundled edition.</param>
/// <param name="Source">Name of the source, or null to recognise it from the input.</param>
/// <param name="Options">The options that change the answer; a region file's content is filled in by the runner.</param>
/// <param name="RegionsFile">The user's region CSV, or null for a built-in scheme named in <paramref name="Options"/>.</param>
/// <param name="Sinks">Names of the sinks to load; empty: those of <c>etl.load.sinks</c>.</param>
/// <param name="ConfigFiles">HOCON files, later ones win.</param>
/// <param name="Settings">HOCON settings, <c>path=value</c>; they win over files.</param>
/// <param name="NoSpool">Standard input is read without a copy under the state directory: such a run cannot be resumed.</param>
/// <param name="Postgres">Connection string for PostgreSQL that the environment holds, or null; the configuration's wins over it.</param>
public sealed record RunRequest(
    ImmutableArray<string> Inputs, string? Source, AnswerOptions Options, string? RegionsFile, string OutDirectory, string StateDirectory,
    ImmutableArray<string> Sinks, ImmutableArray<string> ConfigFiles, ImmutableArray<KeyValuePair<string, string>> Settings, bool Fresh,
    bool Strict, long? MaxQuarantined, double? MaxQuarantinedPercent, bool NoSpool = false, string? Postgres = null)
{
    /// <summary>How files of records are to be read; what is in force is made of it and the configuration, and replaces that of <see cref="Options"/>.</summary>
    public RecordsAsked Records { get; init; } = RecordsAsked.Nothing;

    /// <summary>Inputs that are URLs are taken from what was fetched before; nothing is sent.</summary>
    public bool Offline { get; init; }

    /// <summary>Hosts of this machine and its network may be asked.</summary>
    public bool AllowPrivateHosts { get; init; }

    /// <summary>As <see cref="JobSpec.IsResumable"/>, before there is a job.</summary>
    public bool IsResumable => !NoSpool || !Inputs.Contains(FileStamp.StandardInput);

    /// <summary>The folder of an earlier stage that is the input; null: <see cref="Inputs"/> are.</summary>
    public string? Stage { get; init; }

    /// <summary>An unfinished job that the journal knows: its inputs and options, whatever else stands here. Null: what stands here.</summary>
    public JobSpec? Resume { get; init; }
}

/// <summary>What a user asks about files of records; null: as configured. <see cref="RecordOptions"/> has what is in force.</summary>
public sealed record RecordsAsked(string? Country, string? Year, string? Value, char? Delimiter, bool? EmptyIsMissing, bool? Multiline)
{
    /// <summary>Everything as configured.</summary>
    public static RecordsAsked Nothing { get; } = new(null, null, null, null, null, null);
}

/// <summary>A run's progress, for people: a snapshot, at most a few times a second.</summary>
/// <param name="Stage">Extract, Map, Reduce or Load.</param>
/// <param name="Rows">Mapped so far, those of an earlier run of the job included.</param>
/// <param name="BatchesPlanned">0: not known yet, or not before the end.</param>
/// <param name="BatchesResumed">Of those done, the ones that an earlier run did.</param>
/// <param name="BytesDone">Bytes of the inputs that were read, for inputs whose batches cannot be counted beforehand.</param>
/// <param name="BytesPlanned">Bytes of all inputs; 0: not known.</param>
public sealed record RunProgress(
    string Stage, long Rows, long BatchesDone, long BatchesPlanned, int RegionsWithRows, long Restarts, long BatchesResumed = 0,
    long BytesDone = 0, long BytesPlanned = 0)
{
    /// <summary>Standard input is being copied, so many bytes so far; how many there are, nobody knows.</summary>
    public static RunProgress Copying(long bytes) => new("copy standard input", 0, 0, 0, 0, 0, BytesDone: bytes);

    /// <summary>An input is being fetched, so many bytes so far.</summary>
    public static RunProgress Fetching(long bytes) => new("fetch", 0, 0, 0, 0, 0, BytesDone: bytes);

    /// <summary>Records are copied into a folder of the stage, so many bytes so far.</summary>
    public static RunProgress Extracting(long bytes) => new("extract", 0, 0, 0, 0, 0, BytesDone: bytes);

    /// <summary>True before there is a job: bytes are all there is to tell.</summary>
    public bool IsCopying => BytesDone > 0 && BytesPlanned == 0;
}

/// <summary>Told while a run goes on. Calls come from any thread and must return at once.</summary>
public interface IRunObserver
{
    /// <summary>What the source chose.</summary>
    void Chosen(SourceChoice choice);

    /// <summary>An unfinished job was found and is gone on with.</summary>
    void Resumed(JobId job, long batchesDone, long batchesPlanned);

    /// <summary>Where the run stands.</summary>
    void Progress(RunProgress progress);

    /// <summary>Something that a person may want to know, once: what was fetched, what is tried again.</summary>
    void Note(string text)
    {
    }

    /// <summary>A supervised failure.</summary>
    void Restarted(Restart restart);

    /// <summary>A warning or an error of the actor system.</summary>
    /// <param name="level">"warning" or "error".</param>
    /// <param name="source">Path of the actor.</param>
    void Diagnostic(string level, string source, string text);
}

/// <summary>How a run ended.</summary>
/// <param name="ExitCode">0 done; 1 failed; 2 bad usage; 3 quality gate; 74 journal or disk; 75 state directory in use; 130/143 interrupted.</param>
/// <param name="Error">One paragraph for people, null when it is done.</param>
/// <param name="Report">The answer, null when there is none.</param>
/// <param name="CrossCheck">What the SQL cross-check compared, null when the database sink was not asked for.</param>
/// <param name="Reducers">How many regions received rows.</param>
/// <param name="Mappers">Size of the mapper pool.</param>
/// <param name="Elapsed">Since the process started: what the user waited, start-up included.</param>
public sealed record RunOutcome(
    int ExitCode, string? Error, Report? Report, RunFacts? Facts, ImmutableArray<LoadedFile> Files, string? CrossCheck, int Reducers,
    int Mappers, TimeSpan Elapsed);
