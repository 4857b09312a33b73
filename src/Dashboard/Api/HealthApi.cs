using Etl.Actors.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Etl.Dashboard.Api;

/// <summary>Whether the process lives, and whether it can do its work.</summary>
public static class HealthApi
{
    /// <summary>Adds the checks.</summary>
    public static void AddHealth(this IServiceCollection services) =>
        services.AddHealthChecks().AddCheck<JournalCheck>("journal", tags: ["ready"]);

    /// <summary>Adds <c>/health/live</c> and <c>/health/ready</c>.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new() { Predicate = static _ => false });
        routes.MapHealthChecks("/health/ready", new()
        {
            Predicate = static check => check.Tags.Contains("ready"),
            ResponseWriter = static (context, report) => context.Response.WriteAsJsonAsync(new
            {
                status = report.Status.ToString(),
                checks = report.Entries.ToDictionary(e => e.Key, e => new { status = e.Value.Status.ToString(), e.Value.Description, seconds = e.Value.Duration.TotalSeconds }),
            }),
        });
    }
}

/// <summary>Writes to the journal, at most once in two seconds however often it is asked.</summary>
public sealed class JournalCheck(JobHost host) : IHealthCheck
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(2), Limit = TimeSpan.FromSeconds(10);
    private static readonly SemaphoreSlim Gate = new(1);
    private static (long At, HealthCheckResult Result)? last;

    /// <inheritdoc />
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!host.System.IsCompletedSuccessfully) return HealthCheckResult.Unhealthy("the actor system is starting");
        await Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (last is { } known && Environment.TickCount64 - known.At < Age.TotalMilliseconds) return known.Result;
            var result = await ProbeAsync(cancellationToken).ConfigureAwait(false);
            last = (Environment.TickCount64, result);
            return result;
        }
        finally
        {
            Gate.Release();
        }
    }

    private async Task<HealthCheckResult> ProbeAsync(CancellationToken cancellation)
    {
        try
        {
            await host.ProbeAsync(cancellation).WaitAsync(Limit, cancellation).ConfigureAwait(false);
            return HealthCheckResult.Healthy("the journal was written");
        }
        catch (Exception failed) when (failed is RunException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy(failed is TimeoutException ? "the journal did not answer within 10 s" : failed.Message);
        }
    }
}
