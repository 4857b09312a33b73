using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Etl.Actors.Extract.Fetching;
using Etl.Actors.Extract.Sources;
using Etl.Actors.Extract.Sources.Files;
using Etl.Actors.Stages;
using Etl.Domain.Extract.Fetching;
using Etl.Domain.Extract.Files;
using Etl.Domain.Jobs;

namespace Etl.Actors.Hosting;

/// <summary>What the inputs of a run turned out to be. Closed.</summary>
public abstract record PreparedInput
{
    private PreparedInput() { }

    /// <summary>The files and contents that the inputs were given as, in order; none where there is nothing to tell (the bundled edition, an earlier stage).</summary>
    public ImmutableArray<GivenInput> Given { get; init; } = [];

    /// <summary>One page, small enough to be stored.</summary>
    public sealed record Page(string Source, InputContent Content) : PreparedInput
    {
        /// <summary>What an earlier stage made it of; null when it is what was given.</summary>
        public InputOrigin? Origin { get; init; }
    }

    /// <summary>Files of records, read where they are.</summary>
    public sealed record Records(string Source, ImmutableArray<StoredInput> Inputs) : PreparedInput;
}

/// <summary>An input as it was given.</summary>
/// <param name="Fetch">What the vault keeps of it, when it was fetched; null otherwise.</param>
public sealed record GivenInput(string Label, string Path, long Bytes, Compression Compression, FetchRecord? Fetch);

/// <summary>Finds out what the inputs are, by their first bytes, and fingerprints those that are too large to be stored.</summary>
public static class InputPreparation
{
    private const int Usage = 2, Samples = 16, SampleBytes = 4096, MaxCheckedHeads = 64;

    /// <summary>The inputs of a request.</summary>
    /// <param name="spool">Copies standard input to a file; called at most once.</param>
    /// <param name="fetch">Fetches a URL, into one file or several.</param>
    /// <exception cref="RunException">2: an input is not there, or inputs do not go together. 1: it is of no kind that is read.</exception>
    public static async Task<PreparedInput> PrepareAsync(
        RunRequest request, Func<Task<SpooledInput>> spool, Func<string, Task<ImmutableArray<Fetched>>> fetch, CancellationToken cancellation)
    {
        if (request.Stage is { } folder) return OfStage(request, folder);
        if (request.Inputs.IsEmpty) return PageOf(request, JobPreparation.ReadInput(null));
        var files = new List<Found>();
        foreach (var input in request.Inputs)
            if (FetchUrl.IsUrl(input)) files.AddRange((await fetch(input).ConfigureAwait(false)).Select(part => OfFetched(request, part)));
            else files.Add(input == StandardInput.Name ? await OfStandardInputAsync(request, spool, cancellation).ConfigureAwait(false) : OfFile(request, input));
        if (files is [{ Format: null } only])
            return PageOf(request, ContentOf(only)) with { Given = [Given(only)] };
        if (files.TrueForAll(f => f.Format is null) && SeriesOf(request, files) is { } series)
            return new PreparedInput.Page(series, Joined(files)) { Given = [.. files.Select(Given)] };
        if (files.FirstOrDefault(f => f.Format is null) is { } page)
            throw new RunException(Usage, $"{page.Label} is no file of records; several inputs are files of one kind, or the parts of one of the World Bank's; a page is read alone");
        if (files.Select(f => f.Format).Distinct().Count() > 1)
            throw new RunException(Usage, $"{files[0].Label} and {files.First(f => f.Format != files[0].Format).Label} are of two kinds; run them apart, or name one with --source");
        return new PreparedInput.Records(RecordSource.NameOf(files[0].Format!.Value), [.. files.Select(Stored)]) { Given = [.. files.Select(Given)] };
    }

    /// <summary>Reads the layout of the inputs before anything is created for them; the first that is refused is the result.</summary>
    public static Extract.SplitReading Check(JobSpec spec, Domain.Countries.RegionScheme scheme, BatchBuffers buffers)
    {
        Extract.SplitReading? first = null;
        var splits = SplitPlanner.Splits(spec).DistinctBy(s => s.Input).Take(MaxCheckedHeads);
        foreach (var split in splits)
        {
            var read = ReadOrRefuse(spec, split, scheme, buffers);
            if (read is Extract.SplitReading.Refused) return read;
            first ??= read;
        }

        return first!;
    }

    /// <summary>
    /// True when a file is still what it was fingerprinted as; a copy under its own hash, and what a stage's manifest has the hash of, is held against size
    /// and time alone.
    /// </summary>
    public static bool IsUnchanged(StoredInput input)
    {
        using var file = File.OpenRead(input.File!.Path);
        var modified = File.GetLastWriteTimeUtc(file.SafeFileHandle).Ticks;
        return file.Length == input.Bytes && modified == input.File.ModifiedTicks
            && (Path.GetFileName(input.File.Path) == input.Sha256 || input.Origin is not null || Fingerprint(file, modified) == input.Sha256);
    }

    private static Extract.SplitReading ReadOrRefuse(JobSpec spec, Split split, Domain.Countries.RegionScheme scheme, BatchBuffers buffers)
    {
        try
        {
            return RecordSource.Read(spec, split.Ordinal, scheme, buffers);
        }
        catch (Exception cause) when (cause is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return new Extract.SplitReading.Refused(1, $"{spec.Inputs[split.Input].Label} cannot be read: {cause.Message}");
        }
    }

    // What etl extract wrote, under the names that the inputs had then.
    private static PreparedInput OfStage(RunRequest request, string folder)
    {
        var extract = ExtractManifest.Read(folder);
        if (extract.IsOfRows)
            return new PreparedInput.Page(RawRows.Source, new(extract.Inputs[0].Label, File.ReadAllBytes(Path.Combine(folder, RawRows.FileName))))
            {
                Origin = new(extract.Source, extract.ContentSha256!, extract.Inputs.Sum(i => i.Bytes)),
            };
        var asked = request with { Source = extract.Source };
        // The same content is the same input, wherever the folder stands and whenever it was written.
        return new PreparedInput.Records(extract.Source,
        [
            .. extract.Inputs.Zip(extract.Files, static (input, file) => (Input: input, File: file)).Select(pair => Stored(
                Of(asked, pair.Input.Label, Path.GetFullPath(Path.Combine(folder, Path.GetFileName(pair.File.Name))), (_, _) => pair.File.Sha256)) with
            {
                Origin = new(extract.Source, pair.Input.Sha256, pair.Input.Bytes),
            }),
        ]);
    }

    private static GivenInput Given(Found found) => new(found.Label, found.Stamp.Path, found.Bytes, found.Stamp.Compression, found.Fetched?.Record);

    // Together they are one input, and have the limit of one.
    private static InputContent Joined(List<Found> files)
    {
        var (parts, total) = (new List<InputContent>(), 0L);
        foreach (var file in files)
        {
            var part = ContentOf(file);
            total += part.Bytes.Length;
            if (total > SourceCatalog.MaxPageBytes)
                throw new RunException(1, $"{files[0].Label} and the other parts of this input have more than {SourceCatalog.MaxPageBytes:N0} bytes together: give the pages of one reply, for one indicator");
            parts.Add(part);
        }

        return ContentParts.Join(parts);
    }

    // The parts of one publisher's download.
    private static string? SeriesOf(RunRequest request, List<Found> files)
    {
        var sources = files.Select(f => SourceCatalog.NameFor(request.Source, new(f.Label, f.Head))).Distinct().ToArray();
        return sources is [{ } one] && SourceCatalog.TakesParts(one) ? one : null;
    }

    private static PreparedInput.Page PageOf(RunRequest request, InputContent content) => new(
        SourceCatalog.NameFor(request.Source, content) ?? throw new RunException(1, SourceCatalog.Unrecognised(content)), content);

    private static async Task<Found> OfStandardInputAsync(RunRequest request, Func<Task<SpooledInput>> spool, CancellationToken cancellation)
    {
        const string label = "standard input";
        if (request.NoSpool)
        {
            // Whoever writes may take its time, and whoever waits may not want to.
            var (head, _) = await Task.Run(StandardInput.Peek, cancellation).WaitAsync(cancellation).ConfigureAwait(false);
            if (RecordFormats.CompressionOf(head) != Compression.None)
                throw new RunException(Usage, $"{label} is compressed, and is read as it comes here: decompress it first (zcat FILE | etl run -), or have it kept (without --no-spool)");
            return new(label, Recognise(request, label, head), new(StandardInput.Name, 0, Compression.None), 0, Guid.NewGuid().ToString("N"), head);
        }

        var spooled = await spool().ConfigureAwait(false);
        return Of(request, label, spooled.Path, (_, _) => spooled.Sha256);
    }

    // A content of the vault is a file that is read where it is, like a copy of standard input: its name is its hash.
    private static Found OfFetched(RunRequest request, Fetched part) =>
        Of(request, part.Label, part.Path, (_, _) => part.Sha256) with { Charset = part.Charset, Fetched = part };

    // What has no file is all in its beginning.
    private static InputContent ContentOf(Found found) => new(
        found.Label, found.Stamp is { } at ? FetchPreparation.SelfContained(JobPreparation.ReadInput(at.Path).Bytes, found.Charset) : found.Head);

    private static Found OfFile(RunRequest request, string input)
    {
        if (Directory.Exists(input))
            throw new RunException(Usage, $"{input} is a directory; name its files, for example etl run '{Path.Combine(input, "*.csv")}'");
        if (!File.Exists(input)) throw new RunException(Usage, $"there is no file {input}; without an input, etl run uses the bundled edition");
        return Of(request, input, Path.GetFullPath(input), Fingerprint);
    }

    private static Found Of(RunRequest request, string label, string path, Func<FileStream, long, string> identity)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (!file.CanSeek)
                throw new RunException(Usage, $"{label} is a pipe or a device, which cannot be read again after a crash; let etl keep it: ... | etl run -");
            // Of the opened file: the path may be a link, which has a time of its own.
            var (length, modified) = (file.Length, File.GetLastWriteTimeUtc(file.SafeFileHandle).Ticks);
            var head = new byte[Math.Min(length, 64 << 10)];
            file.ReadExactly(head);
            if (head.Length == 0) throw new RunException(1, $"{label} is an empty file: neither a page nor records");
            var compression = RecordFormats.CompressionOf(head);
            var records = compression == Compression.None ? head : HeadOf(label, path, compression);
            return new(
                label, Recognise(request, label, records), new(path, modified, compression), length, identity(file, modified), records);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new RunException(1, $"{label} cannot be read: {cause.Message}", cause);
        }
    }

    private static byte[] HeadOf(string label, string path, Compression compression)
    {
        try
        {
            using var records = RecordFile.Decompressed(File.OpenRead(path), compression);
            return RecordFile.Head(records).Bytes;
        }
        catch (Exception cause) when (cause is InvalidDataException or ZstdSharp.ZstdException or EndOfStreamException)
        {
            throw new RunException(1, $"{label} is compressed, and damaged at its beginning: {cause.Message}", cause);
        }
    }

    // Null: not records; a page, or nothing that is known, which the catalog of sources tells.
    private static RecordFormat? Recognise(RunRequest request, string label, byte[] head) => request.Source switch
    {
        RecordSource.Csv => RecordFormat.Csv,
        RecordSource.Ndjson => RecordFormat.Ndjson,
        not null => null,
        null => SourceCatalog.NameFor(null, new(label, head)) is null ? RecordFormats.Recognise(label, head) : null,
    };

    private static StoredInput Stored(Found file) => new(file.Label, file.Identity, file.Bytes) { File = file.Stamp };

    // Hashing all of a large file would take longer than the job. Place, size, time of the last change and samples of the content tell a
    // file from every other, as long as nobody rewrites it in place and sets its time back.
    private static string Fingerprint(FileStream file, long modified)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"etl file 1\n{file.Name}\n{file.Length}\n{modified}\n")));
        var sample = new byte[SampleBytes];
        for (var i = 0; i < Samples; i++)
        {
            var read = RandomAccess.Read(file.SafeFileHandle, sample, Math.Max(0, file.Length - SampleBytes) / (Samples - 1) * i);
            hash.AppendData(sample.AsSpan(0, read));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed record Found(string Label, RecordFormat? Format, FileStamp Stamp, long Bytes, string Identity, byte[] Head)
    {
        public string? Charset { get; init; }

        public Fetched? Fetched { get; init; }
    }
}

/// <summary>Standard input, kept.</summary>
public sealed record SpooledInput(string Path, string Sha256);
