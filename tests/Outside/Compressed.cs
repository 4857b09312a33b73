using System.IO.Compression;

namespace Etl.Tests.Outside;

/// <summary>Contents, compressed.</summary>
public static class Compressed
{
    /// <summary>As gzip does.</summary>
    public static byte[] Gzip(byte[] content)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest)) gzip.Write(content);
        return target.ToArray();
    }

    /// <summary>As zstd does.</summary>
    public static byte[] Zstandard(byte[] content)
    {
        using var target = new MemoryStream();
        using (var zstd = new ZstdSharp.CompressionStream(target)) zstd.Write(content);
        return target.ToArray();
    }
}
