using System.Collections.Immutable;
using System.Security.Cryptography;
using Akka.Configuration;
using Etl.Actors.Extract;
using Etl.Actors.Extract.Sources;
using Etl.Actors.Extract.Sources.Files;
using Etl.Actors.Hosting;
using Etl.Actors.Load;
using Etl.Actors.Load.Sinks;
using Etl.Domain.Jobs;
using Etl.Domain.Load;

namespace Etl.Actors.Stages;

/// <summary>What <c>etl extract</c> did.</summary>
/// <param name="Choice">What the source chose; null for files of records, whose layout is recognised when they are transformed.</param>
/// <param name="Rows">Rows of a page or series; null for files of records.</param>
/// <param name="IsUnchanged">The folder held all of it already, and nothing was written.</param>
public sealed record ExtractOutcome(string Source, SourceChoice? Choice, long? Rows, long Bytes, ImmutableArray<string> Files, bool IsUnchanged);

/// <summary>
/// <c>etl extract</c>: the sources alone. A page or a series becomes its rows; a file of records becomes its bytes, decompressed, because its batches
/// are ranges of bytes (ADR 10). Files first, the manifest last, each renamed into place: what has a manifest is whole. A file that is there
/// already stays as it is, so that repeating has no effect on whoever works on it.
/// </summary>
public static class Extraction
{
    private const int Usage = 2, Buffer = 1 << 20;

    /// <summary>Extracts into a folder.</summary>
    /// <exception cref="RunException">As a run would refuse the input; 74 when the folder cannot be written, 75 when it is in use.</exception>
    public static async Task<ExtractOutcome> RunAsync(RunRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        var faults = FaultsOf(request);
        StageManifest.RefuseOthers(request.OutDirectory, StageManifest.Extracted);
        StateDirectory? state = null;
        try
        {
            var prepared = await InputPreparation.PrepareAsync(
                request,
                () => throw new RunException(Usage, "extract reads files and URLs; standard input has no second chance: write it to a file first"),
                url =>
                {
                    state ??= StateDirectory.Open(request.StateDirectory);
                    return FetchPreparation.FetchAsync(request, url, observer, cancellation);
                },
                cancellation).ConfigureAwait(false);
            return prepared switch
            {
                PreparedInput.Page page => OfPage(request, page, faults, cancellation),
                PreparedInput.Records records => OfRecords(request, records, faults, bytes => observer.Progress(RunProgress.Extracting(bytes)), cancellation),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        finally
        {
            state?.Dispose();
        }
    }

    // Settings are as in a run: one that is wrong is told before anything is read.
    private static FaultPoints FaultsOf(RunRequest request)
    {
        try
        {
            var settings = EtlSettings.From(EtlConfig.Compose(request.ConfigFiles, request.Settings, ""));
            return FaultPoints.Parse(settings.Fault, settings.FaultLog);
        }
        catch (Exception wrong) when (wrong is ConfigurationException or FormatException)
        {
            throw new RunException(Usage, wrong.Message, wrong);
        }
    }

    private static ExtractOutcome OfPage(RunRequest request, PreparedInput.Page page, FaultPoints faults, CancellationToken cancellation)
    {
        var rows = SourceCatalog.Read(page.Source, page.Content, request.Options, cancellation) switch
        {
            SplitReading.Rows read => read,
            SplitReading.Refused refused => throw new RunException(refused.ExitCode, refused.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        var text = RawRows.Text(page.Source, rows);
        var content = HashOf(page.Content.Bytes.Span);
        var (files, unchanged) = Write(request, [(RawRows.FileName, stream => stream.Write(text))], faults, files => ManifestOf(
            request, page.Source, rows.Items.Length, content,
            page.Given.IsEmpty ? [new(page.Content.Label, content, page.Content.Bytes.Length, null, RawRows.FileName, null)]
                : [.. page.Given.Select(given => InputOf(given, RawRows.FileName, null))],
            files));
        return new(page.Source, rows.Choice, rows.Items.Length, text.Length, files, unchanged);
    }

    private static ExtractOutcome OfRecords(
        RunRequest request, PreparedInput.Records records, FaultPoints faults, Action<long> progress, CancellationToken cancellation)
    {
        var done = 0L;
        var contents = records.Given.Select((input, i) => (Name: $"data-{i + 1}{(records.Source == RecordSource.Csv ? ".csv" : ".ndjson")}", Input: input)).ToArray();
        var (files, unchanged) = Write(
            request,
            [.. contents.Select(c => (c.Name, (Action<Stream>)(to =>
            {
                using var from = Open(c.Input);
                var buffer = new byte[Buffer];
                while (from.Read(buffer) is > 0 and var read)
                {
                    cancellation.ThrowIfCancellationRequested();
                    to.Write(buffer, 0, read);
                    progress(done += read);
                }
            })))],
            faults,
            files => ManifestOf(request, records.Source, null, null, [.. contents.Zip(files, (c, file) => InputOf(c.Input, file.Name, file))], files));
        return new(records.Source, null, null, done, files, unchanged);
    }

    private static ExtractManifest ManifestOf(
        RunRequest request, string source, long? rows, string? content, ImmutableArray<ExtractedInput> inputs, ImmutableArray<LoadedFile> files) => new(
        source, rows is not null, rows, content, inputs, files, request.Options.Publisher, request.Options.Unit,
        request.Options.Year is YearRule.Auto ? null : request.Options.Year, request.Options.AsOf);

    // Copied as it is, the file has the hash of its copy.
    private static ExtractedInput InputOf(GivenInput given, string file, LoadedFile? copy) => new(
        given.Label,
        given.Fetch?.Sha256 ?? (copy is { } same && given.Compression == Compression.None ? same.Sha256 : HashOf(given.Path)),
        given.Bytes, given.Compression == Compression.None ? null : given.Compression.ToString().ToLowerInvariant(), file,
        given.Fetch is { } fetch ? new(fetch.Url, fetch.ChangedAt, fetch.ETag, fetch.LastModified) : null);

    private static Stream Open(GivenInput input) => input.Compression == Compression.None
        ? new FileStream(input.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan)
        : RecordFile.Decompressed(File.OpenRead(input.Path), input.Compression);

    private static (ImmutableArray<string> Names, bool IsUnchanged) Write(
        RunRequest request, (string Name, Action<Stream> Write)[] contents, FaultPoints faults, Func<ImmutableArray<LoadedFile>, ExtractManifest> manifestOf)
    {
        var folder = request.OutDirectory;
        using var held = OutLock.Take(folder, TimeProvider.System);
        using var log = ProjectLog.Open(folder, TimeProvider.System);
        log.Write("Extract started");
        var path = Path.Combine(folder, StageManifest.FileName);
        var before = File.Exists(path) ? File.ReadAllBytes(path) : null;
        var wrote = false;
        // What is without a manifest is not taken for whole, whatever becomes of this process.
        ImmutableArray<LoadedFile> files = [.. contents.Select(c => AtomicFile.Write(
            folder, c.Name, c.Write,
            () =>
            {
                wrote = true;
                File.Delete(path);
            },
            faults, keepSame: true))];
        var text = manifestOf(files).Text();
        var isSame = !wrote && before is not null && before.AsSpan().SequenceEqual(text);
        if (!isSame) AtomicFile.Write(folder, StageManifest.FileName, text, faults: faults);
        RemoveOthers(folder, files);
        log.Write("Extract ended");
        return ([.. files.Select(f => f.Name), StageManifest.FileName], isSame);
    }

    // Of an earlier extract of other inputs into the same folder.
    private static void RemoveOthers(string folder, ImmutableArray<LoadedFile> files)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "data-*").Append(Path.Combine(folder, RawRows.FileName)))
        {
            var name = Path.GetFileName(file);
            if (files.Any(f => f.Name == name) || !(name == RawRows.FileName || name.EndsWith(".csv", StringComparison.Ordinal) || name.EndsWith(".ndjson", StringComparison.Ordinal))) continue;
            File.Delete(file);
        }
    }

    private static string HashOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
