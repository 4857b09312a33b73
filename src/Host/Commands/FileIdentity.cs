using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Etl.Host.Commands;

/// <summary>Tells whether two names lead to one file.</summary>
internal static class FileIdentity
{
    private const int CurrentDirectory = -100;
    private const uint InodeMask = 0x100;
    private const int InodeAt = 32, DeviceAt = 136;

    /// <summary>
    /// The same text for all names of a file: its device and inode, which links of any kind share, where the system tells them; otherwise
    /// the path that symbolic links lead to.
    /// </summary>
    public static string Of(string path) => Inode(path) ?? Target(path);

    private static string Target(string path)
    {
        try
        {
            return Path.GetFullPath(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // Whoever reads it will say so.
            return Path.GetFullPath(path);
        }
    }

    private static string? Inode(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            // The one call of its kind whose structure is the same on every processor.
            var found = new byte[256];
            if (statx(CurrentDirectory, Encoding.UTF8.GetBytes(path + '\0'), 0, InodeMask, found) != 0) return null;
            ulong Word(int at) => BinaryPrimitives.ReadUInt64LittleEndian(found.AsSpan(at));
            return string.Create(CultureInfo.InvariantCulture, $"device {Word(DeviceAt)} inode {Word(InodeAt)}");
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int statx(int directory, byte[] path, int flags, uint mask, byte[] found);
}
