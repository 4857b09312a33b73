using System.IO.Compression;
using System.Security.Cryptography;
using Etl.Actors.Hosting;

namespace Etl.Actors.Extract.Fetching;

/// <summary>A body as it was kept.</summary>
/// <param name="SentBytes">As they came over the wire, perhaps compressed.</param>
internal sealed record KeptBody(string Sha256, long Bytes, long SentBytes);

/// <summary>Copies a reply's body to a file, decompressed, with a limit on each side of the decompressor.</summary>
internal static class ReplyBody
{
    /// <summary>The words of Accept-Encoding.</summary>
    public const string Encodings = "gzip, br, deflate";

    private const int BufferBytes = 64 << 10;

    /// <summary>Copies.</summary>
    /// <param name="framed">The reply tells where it ends, by a length or in chunks.</param>
    /// <exception cref="RunException">1: it is larger than a limit, or compressed in a way that nobody asked for.</exception>
    /// <exception cref="IOException">It ended before its end.</exception>
    /// <exception cref="InvalidDataException">It is not what its encoding says.</exception>
    public static async Task<KeptBody> KeepAsync(
        string url, HttpContent content, bool framed, string target, FetchSettings settings, Action<long> read, CancellationToken cancellation)
    {
        if (content.Headers.ContentLength > settings.MaxBytes) throw TooLarge(url, settings);
        var encodings = content.Headers.ContentEncoding;
        var sent = new CountedStream(await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false), settings.MaxBytes, () => TooLarge(url, settings));
        await using var _ = sent.ConfigureAwait(false);
        var decoded = Decoder(url, encodings, sent);
        await using var __ = decoded.ConfigureAwait(false);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var file = Created(target);
        await using var ___ = file.ConfigureAwait(false);
        var buffer = new byte[BufferBytes];
        long length = 0;
        while (await decoded.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var count)
        {
            if ((length += count) > settings.MaxDecodedBytes)
                throw new RunException(1, $"the reply of {url} has more than {settings.MaxDecodedBytes:N0} bytes when it is decompressed, "
                    + "the limit of etl.extract.fetch.max-decoded-bytes; if it is what it should be, raise that");
            hash.AppendData(buffer, 0, count);
            await WriteAsync(file, buffer.AsMemory(0, count), cancellation).ConfigureAwait(false);
            read(length);
        }

        // Without strict validation, .NET's decompressors take the end of the stream for the end of what is compressed.
        if (encodings.Count > 0 && !IsStrict && !IsWhole(framed, encodings.First(), sent.Tail, length))
            throw new InvalidDataException("it ends before what is compressed does, or nothing in it tells where it ends");
        if (length == 0) throw new RunException(1, $"the reply of {url} is empty: neither a page nor records; look at it with a browser");
        Flush(file);
        return new(Convert.ToHexStringLower(hash.GetHashAndReset()), length, sent.Count);
    }

    // The program is started so (see its project file); a reply may then have several gzip members, one after the other, as RFC 1952 has it.
    private static bool IsStrict => AppContext.TryGetSwitch("System.IO.Compression.UseStrictValidation", out var strict) && strict;

    // gzip ends with the length of what it holds. The others end with nothing that can be held against it: there the frame must tell.
    private static bool IsWhole(bool framed, string encoding, uint tail, long length) => encoding.ToLowerInvariant() switch
    {
        "identity" => true,
        "gzip" or "x-gzip" => tail == (uint)length,
        _ => framed,
    };

    private static Stream Decoder(string url, ICollection<string> encodings, Stream sent) => encodings.Select(e => e.ToLowerInvariant()).ToArray() switch
    {
        [] or ["identity"] => sent,
        ["gzip" or "x-gzip"] => new GZipStream(sent, CompressionMode.Decompress),
        ["br"] => new BrotliStream(sent, CompressionMode.Decompress),
        ["deflate"] => new ZLibStream(sent, CompressionMode.Decompress),
        _ => throw new RunException(1, $"the reply of {url} is encoded as {string.Join(", ", encodings)}; asked for was {Encodings}: save it with a browser and give the file"),
    };

    // What goes wrong with our disk is not to be taken for what goes wrong with their server.
    private static FileStream Created(string target)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            return new(target, FileMode.Create, FileAccess.Write, FileShare.None, 0);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw Vault.Unwritten(target, cause);
        }
    }

    private static async Task WriteAsync(FileStream file, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await file.WriteAsync(bytes, cancellation).ConfigureAwait(false);
        }
        catch (IOException cause)
        {
            throw Vault.Unwritten(file.Name, cause);
        }
    }

    private static void Flush(FileStream file)
    {
        try
        {
            file.Flush(flushToDisk: true);
        }
        catch (IOException cause)
        {
            throw Vault.Unwritten(file.Name, cause);
        }
    }

    private static RunException TooLarge(string url, FetchSettings settings) => new(1,
        $"the reply of {url} has more than {settings.MaxBytes:N0} bytes, the limit of etl.extract.fetch.max-bytes; if it is what it should be, raise that");

    /// <summary>Counts what is read, and stops at a limit.</summary>
    private sealed class CountedStream(Stream inner, long limit, Func<Exception> beyond) : Stream
    {
        public long Count { get; private set; }

        /// <summary>The last four bytes, the lowest first.</summary>
        public uint Tail { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Count; set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            return Counted(buffer.Span, read);
        }

        public override int Read(byte[] buffer, int offset, int count) => Counted(buffer.AsSpan(offset), inner.Read(buffer, offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }

        private int Counted(ReadOnlySpan<byte> buffer, int read)
        {
            foreach (var one in buffer[Math.Max(0, read - 4)..read]) Tail = (Tail >> 8) | ((uint)one << 24);
            return (Count += read) > limit ? throw beyond() : read;
        }
    }
}
