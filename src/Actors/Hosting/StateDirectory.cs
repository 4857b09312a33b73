using System.Globalization;
using System.Security.Cryptography;
using Etl.Domain.Jobs;

namespace Etl.Actors.Hosting;

/// <summary>A run that cannot begin or go on; the message is one paragraph for people.</summary>
/// <param name="exitCode">As documented for the command line.</param>
public sealed class RunException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Exit code of the process.</summary>
    public int ExitCode { get; } = exitCode;
}

/// <summary>
/// The state directory: the journal and the stored inputs, held by one process at a time. The lock is the operating system's, so it
/// goes when the process does, however it dies.
/// </summary>
public sealed class StateDirectory : IDisposable
{
    private const int InUse = 75;
    private const int Unwritable = 74;
    private const string Inputs = "inputs", HostAt = ", a host at ";
    private readonly FileStream held;

    private StateDirectory(string path, FileStream held)
    {
        Path = path;
        this.held = held;
    }

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>The journal's file.</summary>
    public string Journal => JournalOf(Path);

    /// <summary>The journal's file in a state directory.</summary>
    public static string JournalOf(string directory) => System.IO.Path.Combine(System.IO.Path.GetFullPath(directory), "journal.db");

    /// <summary>Creates the directory if need be, probes that it can be written, and locks it.</summary>
    /// <exception cref="RunException">75: another process holds it, which is named. 74: it cannot be written.</exception>
    public static StateDirectory Open(string directory)
    {
        var path = System.IO.Path.GetFullPath(directory);
        Guarded(path, () =>
        {
            Directory.CreateDirectory(path);
            Probe(path);
        });

        var holder = System.IO.Path.Combine(path, "holder");
        FileStream held;
        try
        {
            held = new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException cause)
        {
            throw Unwritten(path, cause);
        }
        catch (IOException cause)
        {
            var by = HolderOf(holder);
            var remedy = by.IndexOf(HostAt, StringComparison.Ordinal) is >= 0 and var at
                ? $"submit to it with --host {by[(at + HostAt.Length)..]}, or name another directory with --state" : "wait for it, or name another directory with --state";
            throw new RunException(InUse, $"the state directory {path} is in use by {by}; {remedy}", cause);
        }

        // The holder stands in a file of its own: a locked file cannot be read by others.
        try
        {
            Guarded(path, () => File.WriteAllText(holder, string.Create(CultureInfo.InvariantCulture,
                $"process {Environment.ProcessId} on {Environment.MachineName} since {DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm:ss}Z\n")));
        }
        catch (RunException)
        {
            held.Dispose();
            throw;
        }

        var inputs = System.IO.Path.Combine(path, Inputs);
        if (Directory.Exists(inputs)) Discard(Directory.GetFiles(inputs, "*.tmp"));
        return new(path, held);
    }

    /// <summary>Stores a content under its hash before anything reads it, durably; an undamaged copy that is there already is kept.</summary>
    /// <exception cref="RunException">74: it cannot be written.</exception>
    public StoredInput Store(string label, ReadOnlyMemory<byte> content)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(content.Span));
        var target = PathOf(hash);
        Guarded(Path, () =>
        {
            if (File.Exists(target) && File.ReadAllBytes(target).AsSpan().SequenceEqual(content.Span)) return;
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            var temporary = $"{target}.tmp";
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                stream.Write(content.Span);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        });

        return new(label, hash, content.Length);
    }

    /// <summary>Reads a stored content and holds it against its hash.</summary>
    /// <exception cref="IOException">It is gone or not what was stored.</exception>
    public async Task<byte[]> LoadAsync(StoredInput input, CancellationToken cancellation)
    {
        var content = await File.ReadAllBytesAsync(PathOf(input.Sha256), cancellation).ConfigureAwait(false);
        return Convert.ToHexStringLower(SHA256.HashData(content)) == input.Sha256
            ? content
            : throw new InvalidDataException($"the stored copy of {input.Label} in {Path} is not what was stored; start over with --fresh");
    }

    /// <summary>
    /// Copies a stream under its hash; a copy that is there already is kept, so that its time does not change. Nothing is left of one that
    /// did not come to its end.
    /// </summary>
    /// <param name="copied">Told how many bytes are copied so far; called from any thread.</param>
    /// <exception cref="RunException">74: it cannot be written, or the stream not be read. 1: the stream is longer than the limit.</exception>
    public async Task<SpooledInput> SpoolAsync(Stream content, long limit, Action<long> copied, CancellationToken cancellation)
    {
        var temporary = System.IO.Path.Combine(Path, Inputs, "spool.tmp");
        try
        {
            Directory.CreateDirectory(System.IO.Path.Combine(Path, Inputs));
            var target = PathOf(await CopyAsync(content, temporary, limit, copied, cancellation).ConfigureAwait(false));
            if (!File.Exists(target)) File.Move(temporary, target);
            return new(target, System.IO.Path.GetFileName(target));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw Unwritten(Path, cause);
        }
        finally
        {
            Discard(temporary);
        }
    }

    /// <summary>Deletes the stored inputs whose hashes are not among these, and what a copy that was cut short left behind.</summary>
    /// <returns>How many, and their bytes.</returns>
    /// <exception cref="RunException">74: one cannot be deleted.</exception>
    public (int Count, long Bytes) RemoveInputs(IReadOnlySet<string> needed)
    {
        var folder = new DirectoryInfo(System.IO.Path.Combine(Path, "inputs"));
        if (!folder.Exists) return (0, 0);
        FileInfo[] gone = [.. folder.EnumerateFiles().Where(file => !needed.Contains(file.Name))];
        var bytes = gone.Sum(file => file.Length);
        Guarded(Path, () =>
        {
            foreach (var file in gone) file.Delete();
        });
        return (gone.Length, bytes);
    }

    /// <summary>Writes down where a host that holds the directory can be reached.</summary>
    public void Announce(Uri address) => Guarded(Path, () =>
        File.AppendAllText(System.IO.Path.Combine(Path, "holder"), $"{HostAt}{address.ToString().TrimEnd('/')}\n"));

    /// <summary>Lets the directory go.</summary>
    public void Dispose() => held.Dispose();

    private static async Task<string> CopyAsync(Stream content, string target, long limit, Action<long> copied, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var file = new FileStream(target, FileMode.Create, FileAccess.Write, FileShare.None, 0);
        await using var _ = file.ConfigureAwait(false);
        var buffer = new byte[1 << 20];
        for (long length = 0; await ReadAsync(content, buffer, cancellation).ConfigureAwait(false) is > 0 and var read;)
        {
            if ((length += read) > limit)
                throw new RunException(1, $"standard input has more than {limit:N0} bytes, the limit of etl.extract.spool-limit; save it to a file, or read it once with --no-spool");
            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            copied(length);
        }

        file.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // A pipe whose other end is silent cannot be read with a way out: the read is left behind, on a thread that ends with the process.
    private static async Task<int> ReadAsync(Stream content, byte[] buffer, CancellationToken cancellation)
    {
        try
        {
            return await Task.Run(() => content.Read(buffer), cancellation).WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (IOException cause)
        {
            throw new RunException(Unwritable, $"standard input cannot be read: {cause.Message}", cause);
        }
    }

    // What another process left half-way, or this one: of no use, and it may be large.
    private static void Discard(params IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            try
            {
                File.Delete(file);
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
            {
                // It is in nobody's way, and the next start tries again.
            }
        }
    }

    private static void Guarded(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw Unwritten(path, cause);
        }
    }

    private static RunException Unwritten(string path, Exception cause) => new(Unwritable,
        $"the state directory {path} cannot be written ({cause.Message}); the journal that makes a run resumable lives there: "
        + "free or fix it, or name another with --state", cause);

    private string PathOf(string hash) => System.IO.Path.Combine(Path, Inputs, hash);

    private static void Probe(string path)
    {
        var probe = System.IO.Path.Combine(path, $".probe-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}");
        using (var stream = new FileStream(probe, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
        {
            stream.WriteByte(1);
            stream.Flush(flushToDisk: true);
        }
    }

    /// <summary>
    /// The process that holds a directory, as it wrote itself down; null when that one is not there any more. Asked without touching the
    /// lock, which a reader could take from a run that is about to start.
    /// </summary>
    public static string? HolderNow(string directory)
    {
        var holder = System.IO.Path.Combine(System.IO.Path.GetFullPath(directory), "holder");
        if (!File.Exists(holder)) return null;
        var text = HolderOf(holder);
        if (text.Split(' ') is not ["process", var id, "on", var machine, "since", ..] || !int.TryParse(id, CultureInfo.InvariantCulture, out var process)) return null;
        // Of another machine nothing can be said; it is named.
        if (machine != Environment.MachineName) return text;
        try
        {
            using var found = System.Diagnostics.Process.GetProcessById(process);
            // The number may have gone to another process since: that one began later. By how much is told by two clocks, read one after the other.
            return found.StartTime.ToUniversalTime() <= File.GetLastWriteTimeUtc(holder).AddSeconds(5) ? text : null;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static string HolderOf(string holder)
    {
        try
        {
            return string.Concat(File.ReadAllText(holder).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
