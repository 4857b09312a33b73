using System.Collections.Immutable;
using System.Text;
using Etl.Actors.Extract.Fetching;

namespace Etl.Actors.Hosting;

/// <summary>Fetches inputs that are URLs before anything else is done. The only way to the network, and loaded when there is such an input.</summary>
internal static class FetchPreparation
{
    /// <summary>Fetches into the vault of the state directory, which the caller holds.</summary>
    public static Task<ImmutableArray<Fetched>> FetchAsync(RunRequest request, string url, IRunObserver observer, CancellationToken cancellation) =>
        FetchAsync(request, request.StateDirectory, url, observer.Note, bytes => observer.Progress(RunProgress.Fetching(bytes)), cancellation);

    /// <summary>
    /// Fetches for a dry run, which writes nothing that stays: into a vault that the caller removes, or from the state directory's when nothing
    /// is to be sent.
    /// </summary>
    public static Task<ImmutableArray<Fetched>> FetchAsync(RunRequest request, string url, string temporary, CancellationToken cancellation) =>
        FetchAsync(request, request.Offline ? request.StateDirectory : temporary, url, static _ => { }, static _ => { }, cancellation);

    /// <summary>
    /// A page whose charset only the reply's header tells, as UTF-8 with its mark; other contents as they are. What is stored for the job
    /// must tell its charset itself: a resume knows no headers. The vault keeps the bytes that came.
    /// </summary>
    public static ReadOnlyMemory<byte> SelfContained(ReadOnlyMemory<byte> content, string? charset)
    {
        // A byte order mark outranks the header, as in browsers.
        if (charset is null || content.Span.StartsWith("\uFEFF"u8) || content.Span.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])
            || content.Span.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return content;
        // What says itself that it is not of one byte a character is not what the header says.
        if (content.Span[..Math.Min(content.Length, 4096)].Contains((byte)0)) return content;
        if (EncodingOf(charset.ToLowerInvariant()) is not { } encoding) return content;
        return new UTF8Encoding(true).Preamble.ToArray().Concat(Encoding.UTF8.GetBytes(encoding.GetString(content.Span))).ToArray();
    }

    private static Encoding? EncodingOf(string charset)
    {
        try
        {
            return charset switch
            {
                "utf-8" or "utf8" => null,
                "utf-16" or "utf-16le" => Encoding.Unicode,
                "utf-16be" => Encoding.BigEndianUnicode,
                // Browsers' reading of these names.
                "iso-8859-1" or "latin1" or "us-ascii" or "ascii" => CodePagesEncodingProvider.Instance.GetEncoding(1252),
                _ => CodePagesEncodingProvider.Instance.GetEncoding(charset),
            };
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static async Task<ImmutableArray<Fetched>> FetchAsync(
        RunRequest request, string state, string url, Action<string> note, Action<long> read, CancellationToken cancellation)
    {
        var settings = FetchSettings.From(EtlConfig.Compose(request.ConfigFiles, request.Settings, ""));
        using var fetcher = Fetcher.OfSystem(new(state), settings, new(request.AllowPrivateHosts, request.Offline, note, read));
        return await fetcher.FetchAsync(url, cancellation).ConfigureAwait(false);
    }
}
