using System.Diagnostics.Tracing;
using Etl.Actors.Hosting;

namespace Etl.Host.Telemetry;

/// <summary>Says once that nothing reaches the collector. The exporter itself tells it to event sources alone, where nobody looks.</summary>
internal sealed class ExportFailures : EventListener
{
    private readonly IRunObserver report;
    private int told;

    public ExportFailures(IRunObserver report)
    {
        this.report = report;
        // Sources that were there before have been offered to a listener that was not built yet.
        foreach (var source in EventSource.GetSources()) Listen(source);
    }

    /// <inheritdoc />
    protected override void OnEventSourceCreated(EventSource eventSource) => Listen(eventSource);

    /// <inheritdoc />
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (report is null || eventData.Level > EventLevel.Warning || Interlocked.Exchange(ref told, 1) != 0) return;
        report.Diagnostic("warning", "telemetry", $"nothing reaches the collector, and the run goes on: {Text(eventData)}; see OTEL_EXPORTER_OTLP_ENDPOINT");
    }

    private void Listen(EventSource source)
    {
        if (source.Name == "OpenTelemetry-Exporter-OpenTelemetryProtocol") EnableEvents(source, EventLevel.Warning);
    }

    // An exception comes with its stack; its first line says it.
    private static string Text(EventWrittenEventArgs data)
    {
        var values = data.Payload?.Select(p => p?.ToString()?.Split('\n')[0].Trim()).ToArray<object?>() ?? [];
        try
        {
            return string.Format(System.Globalization.CultureInfo.InvariantCulture, data.Message ?? data.EventName ?? "", values);
        }
        catch (FormatException)
        {
            return $"{data.EventName} {string.Join(' ', values)}";
        }
    }
}
