using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Etl.Actors.Extract;
using Etl.Actors.Extract.Sources;
using Etl.Actors.Extract.Sources.Files;
using Etl.Actors.Hosting;
using Etl.Actors.Load.Sinks;
using Etl.Domain.Jobs;
using Etl.Domain.Load;

namespace Etl.Actors.Stages;

/// <summary>What <c>etl extract</c> did.</summary>
/// <param name="Choice">What the source chose; null for files of records, whose layout is recognised when they are transformed.</param>
/// <param name="Rows">Rows of a page or series; null for files of records.</param>
/// <param name="IsUnchanged">The folder held all of it already.</param>
public sealed record ExtractOutcome(string Source, SourceChoice? Choice, long? Rows, long Bytes, ImmutableArray<string> Files, bool IsUnchanged);

/// <summary>
/// <c>etl extract</c>: the sources alone. A page or a series becomes its rows; a file of records becomes its bytes, decompressed, because its batches
/// are ranges of bytes (ADR 10). Files first, the manifest last, each renamed into place: what has a manifest is whole.
/// </summary>
public static class Extraction
{
    private const int Buffer = 1 << 20;

    /// <summary>Extracts into a folder.</summary>
    /// <exception cref="RunException">As a run would refuse the input; 74 when the folder cannot be written, 75 when it is in use.</exception>
    public static async Task<ExtractOutcome> RunAsync(RunRequest request, Action<long> progress, CancellationToken cancellation)
    {
        StateDirectory? state = null;
        try
        {
            var prepared = await InputPreparation.PrepareAsync(
                request,
                () => throw new RunException(2, "extract reads files and URLs; standard input has no second chance: write it to a file first"),
                url =>
                {
                    state ??= StateDirectory.Open(request.StateDirectory);
                    return FetchPreparation.FetchAsync(request, url, new Silent(progress), cancellation);
                },
                cancellation).ConfigureAwait(false);
            return prepared switch
            {
                PreparedInput.Page page => OfPage(request, page, cancellation),
                PreparedInput.Records records => OfRecords(request, records, progress, cancellation),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        finally
        {
            state?.Dispose();
        }
    }

    private static ExtractOutcome OfPage(RunRequest request, PreparedInput.Page page, CancellationToken cancellation)
    {
        var rows = SourceCatalog.Read(page.Source, page.Content, request.Options, cancellation) switch
        {
            SplitReading.Rows read => read,
            SplitReading.Refused refused => throw new RunException(refused.ExitCode, refused.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        var text = RawRows.Text(page.Source, rows);
        var manifest = (ImmutableArray<LoadedFile> files) => StageManifest.Text(StageManifest.Extracted, files, json =>
        {
            json.WriteString("kind", RawRows.Source);
            json.WriteString("source", page.Source);
            json.WriteNumber("rows", rows.Items.Length);
            json.WriteStartArray("inputs");
            Input(json, page.Content.Label, Convert.ToHexStringLower(SHA256.HashData(page.Content.Bytes.Span)), page.Content.Bytes.Length, RawRows.FileName);
            json.WriteEndArray();
        });
        var (files, unchanged) = Write(request.OutDirectory, [(RawRows.FileName, stream => stream.Write(text))], manifest);
        return new(page.Source, rows.Choice, rows.Items.Length, text.Length, files, unchanged);
    }

    private static ExtractOutcome OfRecords(RunRequest request, PreparedInput.Records records, Action<long> progress, CancellationToken cancellation)
    {
        var done = 0L;
        var contents = records.Inputs.Select((input, i) => (Name: $"data-{i + 1}{(records.Source == RecordSource.Csv ? ".csv" : ".ndjson")}", Input: input)).ToArray();
        var manifest = (ImmutableArray<LoadedFile> files) => StageManifest.Text(StageManifest.Extracted, files, json =>
        {
            json.WriteString("kind", "records");
            json.WriteString("source", records.Source);
            json.WriteStartArray("inputs");
            foreach (var (content, file) in contents.Zip(files)) Input(json, content.Input.Label, file.Sha256, file.Bytes, file.Name);
            json.WriteEndArray();
        });
        var (files, unchanged) = Write(
            request.OutDirectory,
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
            manifest);
        return new(records.Source, null, null, done, files, unchanged);
    }

    private static Stream Open(StoredInput input) => input.File!.Compression == Compression.None
        ? new FileStream(input.File.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan)
        : RecordFile.Decompressed(File.OpenRead(input.File.Path), input.File.Compression);

    private static (ImmutableArray<string> Names, bool IsUnchanged) Write(
        string folder, (string Name, Action<Stream> Write)[] contents, Func<ImmutableArray<LoadedFile>, byte[]> manifest)
    {
        using var held = OutLock.Take(folder, TimeProvider.System);
        var path = Path.Combine(folder, StageManifest.FileName);
        var before = File.Exists(path) ? File.ReadAllBytes(path) : null;
        // What is without a manifest is not taken for whole, whatever becomes of this process.
        ImmutableArray<LoadedFile> files = [.. contents.Select(c => AtomicFile.Write(folder, c.Name, c.Write, before is null ? null : () => File.Delete(path)))];
        var text = manifest(files);
        AtomicFile.Write(folder, StageManifest.FileName, text);
        return ([.. files.Select(f => f.Name), StageManifest.FileName], before is not null && before.AsSpan().SequenceEqual(text));
    }

    private static void Input(Utf8JsonWriter json, string label, string sha256, long bytes, string file)
    {
        json.WriteStartObject();
        json.WriteString("label", label);
        json.WriteString("sha256", sha256);
        json.WriteNumber("bytes", bytes);
        json.WriteString("file", file);
        json.WriteEndObject();
    }

    private sealed class Silent(Action<long> progress) : IRunObserver
    {
        public void Chosen(SourceChoice choice)
        {
        }

        public void Resumed(JobId job, long batchesDone, long batchesPlanned)
        {
        }

        public void Progress(RunProgress state) => progress(state.BytesDone);

        public void Restarted(Restart restart)
        {
        }

        public void Diagnostic(string level, string source, string text)
        {
        }
    }
}
