using Etl.Actors.Hosting;
using OpenTelemetry.Metrics;

namespace Etl.Host.Telemetry;

/// <summary>What a host has beside a run's telemetry: a page that Prometheus reads.</summary>
internal static class HostMetrics
{
    /// <summary>Where it is.</summary>
    public const string Path = "/metrics";

    /// <summary>Collects for Prometheus, and sends where the environment says so.</summary>
    public static TelemetryExport Start(IRunObserver report)
    {
        var (wishes, problem) = TelemetryWishes.Read(Environment.GetEnvironmentVariable);
        if (problem is not null) report.Diagnostic("warning", "telemetry", problem);
        return TelemetryExport.Start(wishes, report, static meters => meters.AddPrometheusExporter());
    }

    /// <summary>Adds the page to the application; what guards all pages guards it.</summary>
    public static void Map(WebApplication app, TelemetryExport export) => app.MapPrometheusScrapingEndpoint(Path, export.Meters, null, null);
}
