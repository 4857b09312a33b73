using System.Reflection;
using Etl.Actors.Extract;
using Etl.Actors.Extract.Sources;
using Etl.Actors.Extract.Sources.Files;
using Etl.Domain;
using Etl.Domain.Countries;
using Etl.Domain.Extract.Files;
using Etl.Domain.Jobs;

namespace Etl.Actors.Hosting;

/// <summary>An input's bytes and what the user called it.</summary>
public sealed record InputContent(string Label, ReadOnlyMemory<byte> Bytes);

/// <summary>Turns what a user asks for into contents and a spec: reads files, checks words, stores nothing yet.</summary>
public static class JobPreparation
{
    private const long MaxRegionsFile = 4 << 20;
    private const int Usage = 2;

    /// <summary>Version of this product, recorded in jobs.</summary>
    public static string ProductVersion { get; } =
        typeof(JobPreparation).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    /// <summary>Reads the input: a file, or the bundled edition.</summary>
    /// <exception cref="RunException">2: it is not there. 1: it is empty or too large.</exception>
    public static InputContent ReadInput(string? input)
    {
        if (input is null) return SourceCatalog.Bundled();
        if (Directory.Exists(input)) throw new RunException(Usage, $"{input} is a directory; name a file, for example etl run page.html");
        if (!File.Exists(input)) throw new RunException(Usage, $"there is no file {input}; without an input, etl run uses the bundled edition");
        try
        {
            var length = new FileInfo(input).Length;
            if (length > SourceCatalog.MaxPageBytes)
                throw new RunException(1,
                    $"{input} has {length:N0} bytes; a page has at most {SourceCatalog.MaxPageBytes:N0}: save the page alone, without archives");
            return new(input, File.ReadAllBytes(input));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new RunException(1, $"{input} cannot be read: {cause.Message}", cause);
        }
    }

    /// <summary>The user's region file, or null for a built-in scheme.</summary>
    /// <exception cref="RunException">2: it is not there, too large, or names what the directory does not know.</exception>
    public static (InputContent? File, RegionScheme Scheme) ReadRegions(string? file, string scheme)
    {
        if (file is null) return (null, SchemeOf(RegionScheme.TryBuiltIn(scheme, CountryDirectory.Default)));
        try
        {
            if (new FileInfo(file).Length > MaxRegionsFile)
                throw new RunException(Usage, $"--regions {file}: more than {MaxRegionsFile >> 20} MiB; expected a CSV file country,region");
            var bytes = File.ReadAllBytes(file);
            return (new(file, bytes), SchemeOf(Parse(file, bytes)));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new RunException(Usage, $"--regions {file} cannot be read: {cause.Message}", cause);
        }
    }

    /// <summary>A region file whose content is known.</summary>
    /// <exception cref="RunException">2: it names what the directory does not know.</exception>
    public static (InputContent? File, RegionScheme Scheme) RegionsOf(InputContent file) =>
        (file, SchemeOf(Parse(file.Label, file.Bytes.ToArray())));

    /// <summary>The spec of a job, from stored contents.</summary>
    public static JobSpec SpecOf(
        RunRequest request, string source, IEnumerable<StoredInput> inputs, StoredInput? regions, EtlSettings settings)
    {
        var spec = new JobSpec(
        source, inputs.ToEquatableArray(),
        request.Options with
        {
            RegionsFile = regions,
            Regions = regions?.Label ?? request.Options.Regions,
            Records = settings.Records.Under(request.Records),
        },
        CountryDirectory.Default.ContentHash, settings.PageBatchRows, ProductVersion);
        return spec with { BatchBytes = settings.Records.BatchBytes ?? SplitPlanner.BatchBytesFor(spec) };
    }

    /// <summary>
    /// A reader of this run's job: it takes the page that was read at the start, and goes to the stored copy for any other; files of records
    /// are read where they are.
    /// </summary>
    public static SplitReader ReaderOf(
        StateDirectory state, Task<SplitReading>? prepared, string? preparedHash, RegionScheme scheme, BatchBuffers buffers) => new(
        async (spec, split, cancellation) =>
        {
            if (RecordSource.Reads(spec.Source)) return RecordSource.Read(spec, split, scheme, buffers);
            var input = spec.Inputs[split];
            if (prepared is not null && input.Sha256 == preparedHash) return await prepared.ConfigureAwait(false);
            var bytes = await state.LoadAsync(input, cancellation).ConfigureAwait(false);
            return SourceCatalog.Read(spec.Source, new(input.Label, bytes), spec.Options, cancellation);
        },
        _ => scheme);

    private static Parsed<RegionScheme> Parse(string file, byte[] bytes)
    {
        try
        {
            var text = new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            return RegionScheme.ParseCsv(Path.GetFileName(file), text, CountryDirectory.Default);
        }
        catch (System.Text.DecoderFallbackException)
        {
            return new Parsed<RegionScheme>.Refused(0, $"{file} is not UTF-8 text", "save it as UTF-8");
        }
    }

    private static RegionScheme SchemeOf(Parsed<RegionScheme> parsed) => parsed switch
    {
        Parsed<RegionScheme>.Ok ok => ok.Value,
        Parsed<RegionScheme>.Refused refused => throw new RunException(Usage, $"--regions: {refused.Message}"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
