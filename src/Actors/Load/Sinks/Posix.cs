using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Etl.Actors.Load.Sinks;

/// <summary>The two things .NET does not do on Unix: open a directory, and read a file that a lock is held on.</summary>
internal static class Posix
{
    /// <summary>Makes the names in a directory durable, where the system can; a rename is otherwise only durable some time later.</summary>
    public static void FlushDirectory(string directory)
    {
        using var handle = OpenForReading(directory);
        // Some file systems refuse to flush a directory: there is nothing else to try then, and the rename stands all the same.
        if (handle is not null) _ = fsync(handle);
    }

    /// <summary>What a file says, whatever lock another process holds on it; null when that cannot be told.</summary>
    public static string? ReadLocked(string path)
    {
        using var handle = OpenForReading(path);
        if (handle is null) return null;
        try
        {
            var bytes = new byte[200];
            return Encoding.UTF8.GetString(bytes, 0, RandomAccess.Read(handle, bytes, 0));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static SafeFileHandle? OpenForReading(string path)
    {
        if (OperatingSystem.IsWindows()) return null;
        var handle = open(Encoding.UTF8.GetBytes(path + '\0'), 0);
        if (!handle.IsInvalid) return handle;
        handle.Dispose();
        return null;
    }

    [DllImport("libc")]
    private static extern SafeFileHandle open(byte[] path, int flags);

    [DllImport("libc")]
    private static extern int fsync(SafeFileHandle handle);
}
