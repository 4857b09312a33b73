using Etl.Actors.Hosting;

namespace Etl.Host.Telemetry;

/// <summary>What the environment asks for, by the names that OpenTelemetry gives its variables. Nothing asked for is nothing sent.</summary>
/// <param name="Metrics">Metrics go to a collector.</param>
/// <param name="Traces">Spans go to a collector.</param>
internal sealed record TelemetryWishes(bool Metrics, bool Traces)
{
    /// <summary>Nothing is sent.</summary>
    public static TelemetryWishes None { get; } = new(false, false);

    /// <summary>What is asked for, and what is wrong with it: an address that is none is told, and no run fails for it.</summary>
    /// <param name="variable">A variable of the environment, null when it is not set.</param>
    public static (TelemetryWishes Wishes, string? Problem) Read(Func<string, string?> variable)
    {
        if (string.Equals(variable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)) return (None, null);
        foreach (var name in (string[])["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"])
            if (variable(name) is { Length: > 0 } address && !IsUrl(address))
                return (None, $"{name}={address} is no http or https URL, so no telemetry is sent: set it to that of a collector, as http://127.0.0.1:4318, or unset it");
        return (new(Wants("METRICS"), Wants("TRACES")), null);

        bool Wants(string signal) => variable($"OTEL_{signal}_EXPORTER") is null or "" or "otlp"
            && (variable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 } || variable($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT") is { Length: > 0 });
    }

    /// <summary>
    /// Whether the exporter is to speak http/protobuf: nothing else is said, and the port is not the one that is gRPC's everywhere. The library's
    /// own default is gRPC, with which an address that ends in 4318 would be silence.
    /// </summary>
    public static bool SpeaksHttp(Func<string, string?> variable, string signal)
    {
        if (variable("OTEL_EXPORTER_OTLP_PROTOCOL") is { Length: > 0 } || variable($"OTEL_EXPORTER_OTLP_{signal}_PROTOCOL") is { Length: > 0 }) return false;
        var address = variable($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT") is { Length: > 0 } own ? own : variable("OTEL_EXPORTER_OTLP_ENDPOINT");
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Port != GrpcPort;
    }

    private const int GrpcPort = 4317;

    private static bool IsUrl(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
}

/// <summary>Turns telemetry on when it is asked for. Holds nothing of OpenTelemetry itself: a run without it loads none of its assemblies.</summary>
internal static class TelemetrySwitch
{
    /// <summary>Starts to send; null when nothing is asked for. What is disposed sends the rest, for a bounded time.</summary>
    /// <param name="report">Told once when nothing can be sent.</param>
    public static IDisposable? Start(IRunObserver report)
    {
        var (wishes, problem) = TelemetryWishes.Read(Environment.GetEnvironmentVariable);
        if (problem is not null) report.Diagnostic("warning", "telemetry", problem);
        return wishes == TelemetryWishes.None ? null : TelemetryExport.Start(wishes, report);
    }
}
