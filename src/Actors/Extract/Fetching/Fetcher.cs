using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Etl.Actors.Hosting;
using Etl.Domain;
using Etl.Domain.Extract.Fetching;

namespace Etl.Actors.Extract.Fetching;

/// <summary>A content that was fetched, and is in the vault.</summary>
/// <param name="Label">Its URL, as it was asked for.</param>
/// <param name="Path">Its file, whose name is its hash.</param>
/// <param name="Charset">What the reply's header says, null when it says nothing.</param>
/// <param name="Record">What the vault keeps of the fetch.</param>
public sealed record Fetched(string Label, string Path, string Sha256, string? Charset, FetchRecord Record);

/// <summary>How things are fetched in a run.</summary>
/// <param name="Offline">Nothing is sent: what the vault has is used.</param>
/// <param name="Note">Told what a person may want to know.</param>
/// <param name="Read">Told how many bytes of a reply there are so far.</param>
public sealed record FetchMode(bool AllowPrivateHosts, bool Offline, Action<string> Note, Action<long> Read);

/// <summary>
/// Fetches URLs into the vault, one request at a time: follows redirects, each checked anew, asks for all pages of a paged reply, and asks
/// only for what has changed.
/// </summary>
public sealed class Fetcher(Vault vault, FetchSettings settings, FetchMode mode, GuardedConnect connect) : IDisposable
{
    private readonly Requests requests = new(settings, connect, mode);
    // Told to the vault when the last page has come: half a reply must not take the place of a whole one.
    private readonly List<FetchRecord> pending = [];

    /// <summary>By the system's network.</summary>
    public static Fetcher OfSystem(Vault vault, FetchSettings settings, FetchMode mode) =>
        new(vault, settings, mode, GuardedConnect.OfSystem(mode.AllowPrivateHosts));

    /// <summary>The content of a URL: one part, or one per page.</summary>
    /// <exception cref="RunException">1: it cannot be had. 74: it cannot be kept.</exception>
    public async Task<ImmutableArray<Fetched>> FetchAsync(string url, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(settings.TotalTimeout);
        try
        {
            var first = await PartAsync(url, limit.Token).ConfigureAwait(false);
            if (PagedReply.NamesPage(url) || HeadOf(first) is not { Page: 1, Pages: > 1 and var pages })
            {
                Commit();
                return [first];
            }

            if (pages > settings.MaxPages)
                throw new RunException(1, $"{url} has {pages:N0} pages, and etl.extract.fetch.max-pages is {settings.MaxPages}: ask for larger pages (per_page=20000), or raise that");
            var (parts, total) = (ImmutableArray.Create(first), first.Record.Bytes);
            for (var page = 2; page <= pages; page++)
            {
                parts = parts.Add(await PartAsync(PagedReply.UrlOf(url, page), limit.Token).ConfigureAwait(false));
                if ((total += parts[^1].Record.Bytes) > settings.MaxDecodedBytes)
                    throw new RunException(1, $"the {pages:N0} pages of {url} have more than {settings.MaxDecodedBytes:N0} bytes together, the limit of etl.extract.fetch.max-decoded-bytes; ask for less, or raise that");
            }

            Commit();
            return parts;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Failed(url, $"took longer than {Seconds(settings.TotalTimeout)} in all (etl.extract.fetch.total-timeout)");
        }
        finally
        {
            pending.Clear();
            if (!mode.Offline) vault.Discard();
        }
    }

    /// <inheritdoc />
    public void Dispose() => requests.Dispose();

    private async Task<Fetched> PartAsync(string url, CancellationToken cancellation)
    {
        var known = vault.Newest(url);
        if (mode.Offline)
        {
            if (known is null) throw new RunException(1, $"--offline: nothing was fetched from {url} with this state directory yet; run it once without --offline, or name the --state of that run");
            mode.Note($"offline: {url} as it was fetched on {Time(known.FetchedAt)}, {Age(DateTimeOffset.UtcNow - known.FetchedAt)} ago");
            return Of(known);
        }

        var at = Checked(url);
        for (var hop = 0; hop <= FetchSettings.MaxRedirects; hop++)
        {
            // A tag is of the URL that gave it.
            var condition = known?.FinalUrl == at.AbsoluteUri ? known : null;
            using var reply = await RequestAsync(url, at, condition, cancellation).ConfigureAwait(false);
            if (reply.Next is { } next)
            {
                at = Checked(url, at, next);
                continue;
            }

            return Of(Kept(url, at, known, reply));
        }

        throw Failed(url, $"leads on and on: more than {FetchSettings.MaxRedirects} redirects, the last to {at}");
    }

    private async Task<Reply> RequestAsync(string url, Uri at, FetchRecord? condition, CancellationToken cancellation)
    {
        try
        {
            return await requests.GetAsync(at, condition, vault.Temporary, cancellation).ConfigureAwait(false);
        }
        catch (FetchFailure failure)
        {
            throw Failed(url, failure.Message, failure);
        }
    }

    private FetchRecord Kept(string url, Uri at, FetchRecord? known, Reply reply)
    {
        var now = DateTimeOffset.UtcNow;
        if (reply.Body is not { } body)
        {
            var same = known! with { FetchedAt = now, Status = (int)HttpStatusCode.NotModified, SentBytes = 0 };
            pending.Add(same);
            mode.Note($"{url}: unchanged since {Time(known.ChangedAt)} (not sent again)");
            return same;
        }

        vault.Keep(new(body.Sha256, body.Bytes));
        var isSame = known?.Sha256 == body.Sha256;
        var record = new FetchRecord(
            Vault.Version, url, at.AbsoluteUri, now, (int)HttpStatusCode.OK, body.Sha256, body.Bytes, body.SentBytes, reply.Header("ETag"),
            reply.Header("Last-Modified"), reply.Header("Content-Type"), reply.Header("Content-Encoding"), isSame ? known!.ChangedAt : now)
        { Headers = reply.Headers };
        pending.Add(record);
        mode.Note(isSame ? $"{url}: unchanged since {Time(known!.ChangedAt)}"
            : string.Create(CultureInfo.InvariantCulture, $"{url}: fetched {body.Bytes:N0} bytes{(known is null ? "" : $", changed since {Time(known.FetchedAt)}")}"));
        return record;
    }

    private void Commit()
    {
        foreach (var record in pending) vault.Write(record);
        pending.Clear();
    }

    private Uri Checked(string url) => FetchUrl.Check(url, mode.AllowPrivateHosts) switch
    {
        Parsed<Uri>.Ok ok => ok.Value,
        Parsed<Uri>.Refused refused => throw new RunException(2, refused.Message),
        var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
    };

    private Uri Checked(string url, Uri at, string location)
    {
        // As it was written: what a reader of URLs would repair is refused.
        var text = FetchUrl.IsUrl(location) ? location : location.Contains('\\') || !Uri.TryCreate(at, location, out var joined) ? location : joined.AbsoluteUri;
        if (FetchUrl.Check(text, mode.AllowPrivateHosts) is not Parsed<Uri>.Ok { Value: var next })
            throw Failed(url, $"redirects to what is not followed: {((Parsed<Uri>.Refused)FetchUrl.Check(text, mode.AllowPrivateHosts)).Message}");
        if (at.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps)
            throw Failed(url, $"redirects from https to {next}, where anybody on the way could change it: give that URL itself if that is wanted");
        return next;
    }

    private RunException Failed(string url, string what, Exception? cause = null)
    {
        var copy = vault.Newest(url);
        return new(1, $"{url} {what}" + (copy is null ? "; or save it with a browser and give the file" : $"; --offline uses what was fetched on {Time(copy.FetchedAt)}"), cause);
    }

    private Fetched Of(FetchRecord record) => new(record.Url, vault.PathOf(record.Sha256), record.Sha256, CharsetOf(record.ContentType), record);

    private static PagedReply? HeadOf(Fetched part)
    {
        using var file = File.OpenRead(part.Path);
        var head = new byte[PagedReply.HeadBytes];
        return PagedReply.Read(head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)));
    }

    private static string? CharsetOf(string? contentType) =>
        System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(contentType, out var type) && type.CharSet is { Length: > 0 } charset ? charset.Trim('"') : null;

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    internal static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + " s";

    private static string Age(TimeSpan age) => age switch
    {
        { TotalDays: >= 2 } => FormattableString.Invariant($"{(int)age.TotalDays} days"),
        { TotalHours: >= 2 } => FormattableString.Invariant($"{(int)age.TotalHours} hours"),
        { TotalMinutes: >= 2 } => FormattableString.Invariant($"{(int)age.TotalMinutes} minutes"),
        _ => FormattableString.Invariant($"{Math.Max(0, (int)age.TotalSeconds)} seconds"),
    };
}
