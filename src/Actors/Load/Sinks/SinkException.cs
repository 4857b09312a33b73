namespace Etl.Actors.Load.Sinks;

/// <summary>A result could not be written. The message is one paragraph for people: what, where, and what to do about it.</summary>
public sealed class SinkException : IOException
{
    /// <summary>The exit code of a full disk or a place that cannot be written.</summary>
    public const int DiskExitCode = 74;

    /// <summary>The exit code of a directory that another process holds.</summary>
    public const int InUseExitCode = 75;

    private SinkException(string message, int exitCode, bool transient, Exception? inner) : base(message, inner) =>
        (ExitCode, IsTransient) = (exitCode, transient);

    /// <summary>What the process should exit with.</summary>
    public int ExitCode { get; }

    /// <summary>True when nothing but the moment is wrong, so that the same attempt may succeed later.</summary>
    public bool IsTransient { get; }

    /// <summary>The answer or a file that is in the way is at fault: trying again does not help.</summary>
    public static SinkException Refused(string message, Exception? inner = null) => new(message, 1, false, inner);

    /// <summary>Trying again does not help, and the process should exit with <paramref name="exitCode"/>.</summary>
    public static SinkException Refused(int exitCode, string message) => new(message, exitCode, false, null);

    /// <summary>Another process holds the place.</summary>
    public static SinkException InUse(string message, Exception? inner = null) => new(message, InUseExitCode, true, inner);

    /// <summary>The place cannot be written.</summary>
    public static SinkException Disk(string message, bool transient, Exception? inner = null) =>
        new(message, DiskExitCode, transient, inner);

    /// <summary>Puts a failure of the file system into words.</summary>
    /// <param name="path">What was to be written.</param>
    public static SinkException Of(string path, Exception failure) => failure switch
    {
        SinkException known => known,
        DirectoryNotFoundException => Disk(
            $"'{path}' cannot be written: its directory does not exist. Create the directory, or choose another with --out.", false, failure),
        UnauthorizedAccessException => Disk(
            $"'{path}' cannot be written: permission is denied, or a directory of that name is in the way. Correct the permissions, or choose another directory with --out.",
            false, failure),
        _ when IsReadOnly(failure) => Disk(
            $"'{path}' cannot be written: the file system is read-only. Choose another directory with --out.", false, failure),
        _ when IsDiskFull(failure) => Disk(
            $"'{path}' cannot be written: the disk or the quota is full. Free some space and run again; what stood there before is unchanged.",
            true, failure),
        _ => Disk(
            $"'{path}' cannot be written: {failure.Message.TrimEnd('.')}. Check the directory, or choose another with --out.", true, failure),
    };

    // On Unix an IOException carries the errno (ENOSPC, EDQUOT of Linux and of macOS), on Windows the HRESULT of the Win32 error.
    private static bool IsDiskFull(Exception failure) => OperatingSystem.IsWindows()
        ? failure.HResult is unchecked((int)0x80070070) or unchecked((int)0x80070027)
        : failure.HResult is 28 or 122 or 69;

    private static bool IsReadOnly(Exception failure) => OperatingSystem.IsWindows()
        ? failure.HResult is unchecked((int)0x80070013)
        : failure.HResult is 30;
}
