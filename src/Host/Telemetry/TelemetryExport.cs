using System.Runtime.CompilerServices;
using Etl.Actors.Hosting;
using Etl.Actors.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Etl.Host.Telemetry;

/// <summary>Sends what the actor system tells, as long as it lives: by OTLP where the environment says so, and to who asks for it.</summary>
internal sealed class TelemetryExport : IDisposable
{
    /// <summary>So long the end of a run waits for a collector; what is not sent then is lost.</summary>
    public static readonly TimeSpan LastWord = TimeSpan.FromSeconds(3);

    // .NET's own instruments: collections, thread pool, exceptions.
    private const string Runtime = "System.Runtime";

    private readonly TracerProvider? traces;
    private readonly ExportFailures? failures;

    private TelemetryExport(MeterProvider? meters, TracerProvider? traces, ExportFailures? failures) => (Meters, this.traces, this.failures) = (meters, traces, failures);

    /// <summary>What collects the instruments; null when nobody asks for them.</summary>
    public MeterProvider? Meters { get; }

    /// <summary>Starts to send.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static TelemetryExport Start(TelemetryWishes wishes, IRunObserver report, Func<MeterProviderBuilder, MeterProviderBuilder>? more = null)
    {
        try
        {
            return StartAs(wishes, report, more);
        }
        catch (Exception wrong) when (wishes != TelemetryWishes.None && wrong is not OutOfMemoryException)
        {
            // Whatever a variable says that the library does not take: no run fails for that.
            report.Diagnostic("warning", "telemetry", $"no telemetry is sent: {wrong.Message} See the variables whose names begin with OTEL_");
            return StartAs(TelemetryWishes.None, report, more);
        }
    }

    private static TelemetryExport StartAs(TelemetryWishes wishes, IRunObserver report, Func<MeterProviderBuilder, MeterProviderBuilder>? more)
    {
        // What the environment says of the resource is above what is said here.
        var resource = ResourceBuilder.CreateEmpty()
            .AddService("etl", serviceVersion: JobPreparation.ProductVersion).AddTelemetrySdk().AddEnvironmentVariableDetector();
        MeterProviderBuilder? meters = null;
        if (wishes.Metrics || more is not null) meters = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(EtlTelemetry.Name, Runtime);
        if (wishes.Metrics) meters = meters!.AddOtlpExporter(o => Speak(o, "METRICS"));
        if (more is not null) meters = more(meters!);
        var traces = wishes.Traces
            ? Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(EtlTelemetry.Name).AddOtlpExporter(o => Speak(o, "TRACES")) : null;
        var collected = meters?.Build();
        try
        {
            return new(collected, traces?.Build(), wishes == TelemetryWishes.None ? null : new ExportFailures(report));
        }
        catch
        {
            collected?.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        // A collector that does not answer must not keep a run that is done. Threads that still wait then end with the process.
        var (limit, now) = ((int)LastWord.TotalMilliseconds, Meters);
        Task.WaitAll([Task.Run(() => now?.Shutdown(limit)), Task.Run(() => traces?.Shutdown(limit))], LastWord);
        failures?.Dispose();
    }

    private static void Speak(OtlpExporterOptions options, string signal)
    {
        if (TelemetryWishes.SpeaksHttp(Environment.GetEnvironmentVariable, signal)) options.Protocol = OtlpExportProtocol.HttpProtobuf;
    }
}
