using System.IO.Compression;
using Etl.Domain.Jobs;
using Microsoft.Win32.SafeHandles;
using ZstdSharp;

namespace Etl.Actors.Extract.Sources.Files;

/// <summary>A file of records on disk, as a job means it: opened, and held against what the job knows of it.</summary>
public static class RecordFile
{
    /// <summary>So much of a file's beginning tells its layout.</summary>
    public const int HeadBytes = 1 << 20;

    // Without it the platform takes a gzip file that was cut short for one that ends there, and the rest of the rows is lost in silence.
    static RecordFile() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    /// <summary>Opens the file itself, for reading at any place.</summary>
    /// <exception cref="InvalidDataException">It is not the file that the job began with.</exception>
    public static SafeFileHandle Open(StoredInput input)
    {
        var handle = File.OpenHandle(StampOf(input).Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            CheckUnchanged(input, handle);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a file that has changed since the job began: what was read before and after would be two files.</summary>
    public static void CheckUnchanged(StoredInput input, SafeFileHandle handle)
    {
        if (RandomAccess.GetLength(handle) != input.Bytes || File.GetLastWriteTimeUtc(handle).Ticks != StampOf(input).ModifiedTicks)
            throw new InvalidDataException(
                "it has changed while it was read; give the job a file that nobody writes to (a copy, or the finished export), and run again");
    }

    /// <summary>Opens the records as a stream, decompressed.</summary>
    public static Stream OpenStream(StoredInput input)
    {
        var stamp = StampOf(input);
        if (stamp.Path == StandardInput.Name) return StandardInput.Take();
        var handle = Open(input);
        var raw = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        return Decompressed(raw, stamp.Compression);
    }

    /// <summary>The first bytes of the records.</summary>
    public static (byte[] Bytes, bool IsWhole) Head(Stream records)
    {
        var head = new byte[HeadBytes];
        var length = 0;
        while (length < head.Length && records.Read(head, length, head.Length - length) is > 0 and var read) length += read;
        return (head[..length], length < head.Length);
    }

    /// <summary>The stream, decompressed.</summary>
    public static Stream Decompressed(Stream raw, Compression compression) => compression switch
    {
        Compression.None => raw,
        Compression.Gzip => new GZipStream(raw, CompressionMode.Decompress),
        Compression.Zstandard => new DecompressionStream(raw, leaveOpen: false),
        _ => throw new System.Diagnostics.UnreachableException(compression.ToString()),
    };

    private static FileStamp StampOf(StoredInput input) =>
        input.File ?? throw new InvalidOperationException($"{input.Label} is not read where it is");
}
