using System.Security.Cryptography;
using Etl.Actors.Hosting;
using Etl.Domain.Load;

namespace Etl.Actors.Load.Sinks;

/// <summary>
/// Writes files so that a reader, or the next start after a crash, finds the old content or the new, never a part: a temporary file
/// beside the target, flushed to disk, then renamed over it.
/// </summary>
public static class AtomicFile
{
    private const string Prefix = ".etl-";
    private const string Suffix = ".tmp";

    /// <summary>Writes a file of <paramref name="directory"/> and returns its name, size and hash.</summary>
    /// <param name="write">Produces the content. When it throws, the old file stays and its exception comes through.</param>
    /// <param name="beforeRename">What must be so at the last moment, or throws; null when there is no such thing.</param>
    /// <param name="faults">Crashes on purpose, for tests.</param>
    /// <param name="keepSame">A file that has these bytes already stays, with its time.</param>
    /// <exception cref="SinkException">The place cannot be written; the old file is unchanged.</exception>
    public static LoadedFile Write(string directory, string name, Action<Stream> write, Action? beforeRename = null, FaultPoints? faults = null, bool keepSame = false)
    {
        var target = Path.Combine(directory, name);
        // A random part, so that two writers of one name (a run that failed does not hold the lock) do not meet in one temporary file.
        var temporary = Path.Combine(directory, Prefix + name + '-' + Guid.NewGuid().ToString("N")[..12] + Suffix);
        try
        {
            var loaded = WriteTemporary(temporary, name, write);
            if (keepSame && Hold(directory, [loaded]))
            {
                File.Delete(temporary);
                return loaded;
            }

            faults?.Pass("before-rename");
            beforeRename?.Invoke();
            File.Move(temporary, target, overwrite: true);
            faults?.Pass("after-rename");
            Posix.FlushDirectory(directory);
            return loaded;
        }
        catch (Exception failure)
        {
            TryDelete(temporary);
            if (failure is IOException or UnauthorizedAccessException) throw SinkException.Of(target, failure);
            throw;
        }
    }

    /// <summary>Writes a file whose content is at hand.</summary>
    /// <inheritdoc cref="Write(string, string, Action{Stream}, Action, FaultPoints, bool)" />
    public static LoadedFile Write(string directory, string name, byte[] content, Action? beforeRename = null, FaultPoints? faults = null) =>
        Write(directory, name, stream => stream.Write(content), beforeRename, faults);

    /// <summary>Removes the temporary files that crashed runs left. Only the holder of the directory's lock may call it.</summary>
    public static void RemoveLeftovers(string directory)
    {
        // The pattern is matched again: "*" on Windows also matches short names.
        foreach (var path in Directory.EnumerateFiles(directory, Prefix + "*" + Suffix))
            if (Path.GetFileName(path) is var name && name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal))
                TryDelete(path);
    }

    /// <summary>True when a directory has each of these files, with these bytes.</summary>
    public static bool Hold(string directory, IEnumerable<LoadedFile> files)
    {
        try
        {
            return files.All(file => Describe(Path.Combine(directory, file.Name)) == file);
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Name, size and hash of a file that is complete.</summary>
    internal static LoadedFile Describe(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Describe(Path.GetFileName(path), stream);
    }

    private static LoadedFile WriteTemporary(string temporary, string name, Action<Stream> write)
    {
        using var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        write(stream);
        stream.Flush(flushToDisk: true);
        stream.Position = 0;
        return Describe(name, stream);
    }

    private static LoadedFile Describe(string name, FileStream stream) =>
        new(name, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It is hidden and small, and the next load tries again; the failure that led here matters more.
        }
    }
}
