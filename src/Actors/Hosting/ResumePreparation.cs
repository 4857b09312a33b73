using Etl.Domain.Countries;
using Etl.Domain.Jobs;

namespace Etl.Actors.Hosting;

/// <summary>Finds the inputs of a job that the journal knows: the stored copy of a page, files where they were.</summary>
public static class ResumePreparation
{
    private const int Usage = 2;

    /// <summary>The spec of a run: of the job that it resumes, or of what was asked for.</summary>
    /// <inheritdoc cref="SpecOf(JobSpec)" />
    public static JobSpec SpecOf(
        RunRequest request, string source, IEnumerable<StoredInput> inputs, StoredInput? regions, EtlSettings settings) =>
        request.Resume is { } known ? SpecOf(known) : JobPreparation.SpecOf(request, source, inputs, regions, settings);

    /// <summary>The job as this program would go on with it.</summary>
    /// <exception cref="RunException">1: this program's directory of names is another one.</exception>
    public static JobSpec SpecOf(JobSpec journaled)
    {
        var mine = journaled with { ProductVersion = JobPreparation.ProductVersion, DirectoryHash = CountryDirectory.Default.ContentHash };
        return mine.InputKey() == journaled.InputKey() ? mine : throw new RunException(1,
            $"the job was begun by version {journaled.ProductVersion}, with another directory of names: finish it with that version, or start over with etl run --fresh");
    }

    /// <summary>The inputs.</summary>
    /// <exception cref="RunException">2: one is gone or has changed.</exception>
    public static PreparedInput Prepare(JobSpec spec, StateDirectory state)
    {
        if (spec.Inputs.All(i => i.File is not null))
        {
            foreach (var input in spec.Inputs) Check(input);
            return new PreparedInput.Records(spec.Source, [.. spec.Inputs]);
        }

        return new PreparedInput.Page(spec.Source, new(spec.Inputs[0].Label, Stored(spec.Inputs[0], state)));
    }

    /// <summary>The region file of the job as it was stored, and what it says; without one, the built-in scheme.</summary>
    /// <exception cref="RunException">2: the stored copy is gone or damaged.</exception>
    public static (InputContent? File, RegionScheme Scheme) ReadRegions(JobSpec spec, StateDirectory state) =>
        spec.Options.RegionsFile is { } file
            ? JobPreparation.RegionsOf(new(file.Label, Stored(file, state)))
            : JobPreparation.ReadRegions(null, spec.Options.Regions);

    private static byte[] Stored(StoredInput input, StateDirectory state)
    {
        try
        {
            return state.LoadAsync(input, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (Exception cause) when (cause is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new RunException(Usage, $"the stored copy of {input.Label} cannot be read: {cause.Message}; run the input itself: etl run FILE", cause);
        }
    }

    private static void Check(StoredInput input)
    {
        var stamp = input.File!;
        if (stamp.Path == FileStamp.StandardInput)
            throw new RunException(Usage, "the job read standard input without keeping it (--no-spool): it cannot be resumed; run it again");
        if (!File.Exists(stamp.Path))
            throw new RunException(Usage, $"the input {stamp.Path} is gone; put it back and resume, or run what there is now with etl run");
        try
        {
            if (InputPreparation.IsUnchanged(input)) return;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new RunException(Usage, $"the input {stamp.Path} cannot be read: {cause.Message}", cause);
        }

        throw new RunException(Usage,
            $"the input {stamp.Path} has changed since the job began: what is done belongs to the old content; put that back and resume, or begin a new job with etl run");
    }
}
