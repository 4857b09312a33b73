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
    public static Stream OpenStream(StoredInput input) => OpenStream(input, out _);

    /// <summary>Opens the records as a stream, decompressed.</summary>
    /// <param name="file">The file below it, to be asked whether it has changed; null for standard input.</param>
    public static Stream OpenStream(StoredInput input, out FileStream? file)
    {
        var stamp = StampOf(input);
        file = null;
        if (stamp.Path == StandardInput.Name) return StandardInput.Take();
        file = new FileStream(Open(input), FileAccess.Read, bufferSize: 0);
        return stamp.Compression == Compression.Gzip ? new GZipStream(new SlowEnd(file), CompressionMode.Decompress) : Decompressed(file, stamp.Compression);
    }

    /// <summary>
    /// Refuses what follows the last member of a gzip file: the platform ends there without a word, so a damaged member would take the rest of
    /// the rows with it. Zeros are padding, as tapes and block devices add it.
    /// </summary>
    /// <param name="file">A file that <see cref="OpenStream(StoredInput, out FileStream?)"/> gave out, read to the end of its content.</param>
    /// <exception cref="InvalidDataException">Something else than zeros follows.</exception>
    public static void CheckNothingFollows(FileStream file)
    {
        var rest = new byte[4096];
        while (file.Read(rest) is > 0 and var read)
        {
            if (rest.AsSpan(0, read).ContainsAnyExcept((byte)0))
                throw new InvalidDataException("its compressed content is damaged: what follows its last whole part is no gzip; fetch it again");
        }
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

    /// <summary>
    /// Gives the last bytes of a file one by one. The platform's decompressor reads ahead and does not say how far it came; this way it has
    /// read no byte that it did not need.
    /// </summary>
    private sealed class SlowEnd(FileStream file) : Stream
    {
        private const int End = 16 << 10;

        private readonly long fast = file.Length - End;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer) => file.Read(buffer[..(int)Math.Min(buffer.Length, Math.Max(1, fast - file.Position))]);

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) file.Dispose();
            base.Dispose(disposing);
        }
    }
}
