using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Etl.Actors.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Etl.Actors.Extract.Fetching;

/// <summary>Why a URL cannot be had; the rest of a sentence that begins with it.</summary>
internal sealed class FetchFailure(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What a URL answered, in the end. Neither a body nor a next URL: not modified.</summary>
internal sealed record Reply(HttpResponseMessage Response, KeptBody? Body, string? Next) : IDisposable
{
    public string? Header(string name) =>
        Response.Headers.TryGetValues(name, out var values) || Response.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    /// <summary>All of them but what lets somebody in; a name that comes twice has its values joined.</summary>
    public IReadOnlyDictionary<string, string> Headers => Response.Headers.Concat(Response.Content.Headers)
        .Where(h => !h.Key.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase))
        .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);

    public void Dispose() => Response.Dispose();
}

/// <summary>One request with its retries: waits, limits and what is worth another try.</summary>
internal sealed class Requests : IDisposable
{
    private static readonly HttpRequestOptionsKey<KeptBody> Body = new("etl.body");

    private readonly HttpClient client;
    private readonly FetchSettings settings;
    private readonly FetchMode mode;
    private readonly ResiliencePipeline<HttpResponseMessage> pipeline;

    public Requests(FetchSettings settings, GuardedConnect connect, FetchMode mode)
    {
        (this.settings, this.mode) = (settings, mode);
        client = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            // A proxy would resolve the name itself, and nobody would check what it finds.
            UseProxy = false,
            UseCookies = false,
            MaxConnectionsPerServer = 1,
            MaxResponseHeadersLength = 32,
            MaxResponseDrainSize = 0,
            ActivityHeadersPropagator = null,
            ConnectCallback = async (context, cancellation) =>
                await connect.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellation).ConfigureAwait(false),
        })
        { Timeout = Timeout.InfiniteTimeSpan };
        pipeline = PipelineOf();
    }

    public void Dispose() => client.Dispose();

    /// <summary>Asks, again if need be; the body of a reply is in <paramref name="target"/> then.</summary>
    /// <exception cref="FetchFailure">It cannot be had.</exception>
    public async Task<Reply> GetAsync(Uri url, FetchRecord? condition, string target, CancellationToken cancellation)
    {
        try
        {
            var response = await pipeline.ExecuteAsync(token => AttemptAsync(url, condition, target, token), cancellation).ConfigureAwait(false);
            return ReplyOf(response, condition);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or InvalidDataException or TimeoutRejectedException)
        {
            throw new FetchFailure(Wording(failure), failure);
        }
    }

    // The body belongs to the attempt: one that is cut short is worth another try.
    private async ValueTask<HttpResponseMessage> AttemptAsync(Uri url, FetchRecord? condition, string target, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        Add(request, "User-Agent", settings.UserAgent);
        Add(request, "Accept", "text/html, application/json, text/csv;q=0.9, */*;q=0.5");
        // The readers know English names of tables and columns.
        Add(request, "Accept-Language", "en");
        Add(request, "Accept-Encoding", ReplyBody.Encodings);
        if (condition?.ETag is { } tag) Add(request, "If-None-Match", tag);
        if (condition?.LastModified is { } date) Add(request, "If-Modified-Since", date);
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        try
        {
            if (response.StatusCode == HttpStatusCode.OK)
                request.Options.Set(Body, await ReplyBody.KeepAsync(
                    url.AbsoluteUri, response.Content, response.Content.Headers.ContentLength is not null || response.Headers.TransferEncodingChunked == true, target, settings, mode.Read, cancellation).ConfigureAwait(false));
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private Reply ReplyOf(HttpResponseMessage response, FetchRecord? condition)
    {
        var status = (int)response.StatusCode;
        if (response.RequestMessage!.Options.TryGetValue(Body, out var body)) return new(response, body, null);
        if (status == 304 && condition is not null) return new(response, null, null);
        if (status is 301 or 302 or 303 or 307 or 308 && response.Headers.TryGetValues("Location", out var next)) return new(response, null, next.First());
        using (response)
        {
            var asked = WaitAsked(response) is { } wait && wait > settings.MaxWait
                ? $" and asks to wait {Fetcher.Seconds(wait)}, longer than etl.extract.fetch.max-wait = {Fetcher.Seconds(settings.MaxWait)}: try again then" : "";
            throw new FetchFailure($"answered {Status(response)}{asked}{Remedy(status)}");
        }
    }

    private ResiliencePipeline<HttpResponseMessage> PipelineOf()
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage>();
        if (settings.Attempts > 1)
            builder.AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = settings.Attempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = settings.FirstWait,
                MaxDelay = settings.MaxWait,
                ShouldHandle = args => ValueTask.FromResult(IsWorthAnotherTry(args.Outcome, args.Context.CancellationToken)),
                DelayGenerator = args => ValueTask.FromResult(args.Outcome.Result is { } response ? WaitAsked(response) : null),
                OnRetry = Told,
            });
        return builder.AddTimeout(new HttpTimeoutStrategyOptions { Timeout = settings.AttemptTimeout }).Build();
    }

    private ValueTask Told(OnRetryArguments<HttpResponseMessage> retry)
    {
        var why = retry.Outcome.Result is { } response ? $"answered {Status(response)}" : Wording(retry.Outcome.Exception!);
        mode.Note($"retrying in {Fetcher.Seconds(TimeSpan.FromMilliseconds(Math.Ceiling(retry.RetryDelay.TotalMilliseconds)))}: {retry.Outcome.Result?.RequestMessage?.RequestUri?.Host ?? "the host"} {why} (try {retry.AttemptNumber + 1} of {settings.Attempts})");
        retry.Outcome.Result?.Dispose();
        return ValueTask.CompletedTask;
    }

    private bool IsWorthAnotherTry(Outcome<HttpResponseMessage> outcome, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return false;
        if (outcome.Result is { } response)
            return HttpClientResiliencePredicates.IsTransient(outcome) && !(WaitAsked(response) > settings.MaxWait);
        return outcome.Exception is not null && !Chain(outcome.Exception).Any(e => e is ForbiddenHostException or AuthenticationException
                or SocketException { SocketErrorCode: SocketError.HostNotFound } or RunException)
            && (outcome.Exception is IOException or InvalidDataException || HttpClientResiliencePredicates.IsTransient(outcome));
    }

    private static TimeSpan? WaitAsked(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - DateTimeOffset.UtcNow is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
        _ => null,
    };

    private string Wording(Exception failure)
    {
        var chain = Chain(failure).ToArray();
        if (chain.OfType<ForbiddenHostException>().FirstOrDefault() is { } forbidden) return $"is not fetched: {forbidden.Message}";
        if (failure is TimeoutRejectedException) return $"did not answer whole within {Fetcher.Seconds(settings.AttemptTimeout)} (etl.extract.fetch.attempt-timeout)";
        if (failure is InvalidDataException) return $"sent a damaged or truncated reply: {failure.Message}";
        if (chain.OfType<HttpIOException>().Any(e => e.HttpRequestError == HttpRequestError.ResponseEnded)) return "sent a truncated reply: the connection ended before it did";
        return $"cannot be reached: {chain[^1].Message}";
    }

    private static string Remedy(int status) => status switch
    {
        404 or 410 => ": it is not there; look for its address with a browser",
        401 or 403 => ": it is not for everybody; some publishers want a contact in etl.extract.fetch.contact",
        _ => "",
    };

    private static string Status(HttpResponseMessage response) => FormattableString.Invariant($"{(int)response.StatusCode} {(response.ReasonPhrase is { Length: > 0 and < 80 } words ? words : response.StatusCode)}");

    private static void Add(HttpRequestMessage request, string name, string value) => request.Headers.TryAddWithoutValidation(name, value);

    private static IEnumerable<Exception> Chain(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException) yield return exception;
    }
}
