using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Akka.Actor;
using Etl.Actors.Telemetry;

namespace Etl.Actors.Tests.Telemetry;

/// <summary>Listens to the instruments of one actor system, as an exporter would.</summary>
internal sealed class Measured : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<(string Instrument, string Tag), double> sums = new();
    private readonly ConcurrentDictionary<(string Instrument, string Tag), long> times = new();

    public Measured(ActorSystem system)
    {
        var meter = EtlTelemetry.Of(system).Meter;
        listener.InstrumentPublished = (instrument, mine) =>
        {
            if (ReferenceEquals(instrument.Meter, meter)) mine.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
    }

    /// <summary>The sum of what was told of an instrument, with this value of its tag; without one, of all.</summary>
    public long Sum(string instrument, string? tag = null) =>
        (long)sums.Where(s => s.Key.Instrument == instrument && (tag is null || s.Key.Tag == tag)).Sum(s => s.Value);

    /// <summary>How often an instrument was told of.</summary>
    public long Times(string instrument, string tag) => times.GetValueOrDefault((instrument, tag));

    /// <summary>What the observed instruments say now.</summary>
    public Measured Now()
    {
        foreach (var key in sums.Keys.Where(k => k.Instrument is "etl.mailbox.depth" or "etl.mapper_pool.size" or "etl.credits.used" or "etl.credits.limit"))
            sums.TryRemove(key, out _);
        listener.RecordObservableInstruments();
        return this;
    }

    public void Dispose() => listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        // Few words each, and never a job, a batch or a region: there is one tag at most.
        Assert.InRange(tags.Length, 0, 1);
        var key = (instrument.Name, tags.Length == 0 ? "" : tags[0].Value!.ToString()!);
        sums.AddOrUpdate(key, value, (_, sum) => sum + value);
        times.AddOrUpdate(key, 1, static (_, count) => count + 1);
    }
}

/// <summary>Keeps the spans of one actor system that have ended.</summary>
internal sealed class Spans : IDisposable
{
    private readonly ActivityListener listener;
    private readonly ConcurrentQueue<Activity> ended = new();

    public Spans(ActorSystem system) : this(EtlTelemetry.Of(system).Spans)
    {
    }

    public Spans(ActivitySource source)
    {
        listener = new ActivityListener
        {
            ShouldListenTo = other => ReferenceEquals(other, source),
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
    }

    public Activity[] All => [.. ended];

    public Activity[] Named(string name) => [.. ended.Where(a => a.OperationName == name)];

    public void Dispose() => listener.Dispose();
}
