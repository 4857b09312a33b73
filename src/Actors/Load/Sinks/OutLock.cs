using System.Globalization;
using System.Text;

namespace Etl.Actors.Load.Sinks;

/// <summary>
/// The exclusive right to load into an output directory. The operating system drops it when the process dies, so a crash never
/// leaves a directory locked; the file stays, empty, because removing a lock file lets two processes hold two files of one name.
/// </summary>
public sealed class OutLock : IDisposable
{
    /// <summary>The lock file's name in the directory.</summary>
    public const string FileName = ".etl.lock";

    private readonly FileStream _file;

    private OutLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, creates the directory when it is absent, and removes temporary files that crashed runs left in it.</summary>
    /// <exception cref="SinkException">Another process loads into it, or it cannot be written.</exception>
    public static OutLock Take(string outDirectory, TimeProvider time)
    {
        Create(outDirectory);
        var path = Path.Combine(outDirectory, FileName);
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            file.SetLength(0);
            file.Write(Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"process {Environment.ProcessId} since {time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}\n")));
            file.Flush();
            AtomicFile.RemoveLeftovers(outDirectory);
            return new OutLock(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw file is null && IsHeld(failure) ? Held(outDirectory, path, failure) : SinkException.Of(path, failure);
        }
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose()
    {
        try
        {
            if (_file.CanWrite) _file.SetLength(0);
        }
        catch (IOException)
        {
            // What the file says is only a help for people; the lock itself is given back below.
        }

        _file.Dispose();
    }

    private static void Create(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw File.Exists(directory)
                ? SinkException.Disk($"'{directory}' is a file, but the results go to a directory of that name. Move it away, or choose another with --out.", false, failure)
                : SinkException.Of(directory, failure);
        }
    }

    // A sharing violation: EWOULDBLOCK of flock on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows.
    private static bool IsHeld(Exception failure) => failure.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static SinkException Held(string directory, string path, Exception failure)
    {
        var holder = Posix.ReadLocked(path)?.Trim() is { Length: > 0 } text ? $" ({text})" : "";
        return SinkException.InUse(
            $"Another process{holder} is loading into '{directory}'. Wait until it is done, or choose another directory with --out.", failure);
    }
}
