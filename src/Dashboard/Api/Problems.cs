using Etl.Actors.Hosting;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Etl.Dashboard.Api;

/// <summary>Failures as problems of RFC 9457: what the command line would say, and the status that fits its exit code.</summary>
public sealed partial class Problems(ILogger<Problems> log) : IExceptionHandler
{
    /// <inheritdoc />
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var (status, detail, exit) = exception switch
        {
            NoSuchThing missing => (404, missing.Message, (int?)null),
            Forbidden refused => (403, refused.Message, null),
            RunException run => (StatusOf(run), run.Message, run.ExitCode),
            BadHttpRequestException bad => (bad.StatusCode, bad.InnerException is System.Text.Json.JsonException json ? json.Message : bad.Message, null),
            OperationCanceledException => (499, "the request was given up", null),
            _ => (500, "an error of this program; its log names it", null),
        };
        if (status == 500) Unexpected(log, exception);
        await Results.Problem(detail, statusCode: status, extensions: exit is { } code ? new Dictionary<string, object?> { ["exitCode"] = code } : null)
            .ExecuteAsync(httpContext).ConfigureAwait(false);
        return true;
    }

    private static int StatusOf(RunException run) => run.ExitCode switch
    {
        2 when run.Message.StartsWith("the queue is full", StringComparison.Ordinal) => 429,
        2 when run.Message.StartsWith("there is no job", StringComparison.Ordinal) => 404,
        2 => 400,
        74 => 503,
        75 => 409,
        _ => 422,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "A request failed")]
    private static partial void Unexpected(ILogger log, Exception cause);
}
