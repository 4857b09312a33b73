using System.Net;
using System.Net.Sockets;
using Etl.Host.Telemetry;
using Etl.Tests.Outside;

namespace Etl.Host.Tests.Outside;

/// <summary>The real program, asked to send telemetry.</summary>
public sealed class TelemetryTests
{
    private const string Metrics = "/v1/metrics", Traces = "/v1/traces";

    [SkippableFact]
    public async Task A_run_sends_its_instruments_and_its_trace_to_a_collector()
    {
        Skip.If(OperatingSystem.IsWindows(), "variables are set by env(1)");
        using var workspace = new Workspace();
        using var collector = new OtlpReceiver();
        using var run = Start(workspace, [$"OTEL_EXPORTER_OTLP_ENDPOINT={collector.Url}", "OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=trial"]);
        (await run.WaitAsync(EtlProcess.Limit)).ExitsWith(0);

        Assert.All(collector.Requests, request => Assert.Equal("application/x-protobuf", request.Type));
        var (metrics, traces) = (collector.Text(Metrics), collector.Text(Traces));
        Assert.All(
            ["etl.rows", "{row}", "etl.bytes", "By", "etl.batches", "durable", "etl.jobs", "etl.journal.write.duration", "coordinator", "trial", "service.name"],
            name => Assert.Contains(name, metrics, StringComparison.Ordinal));
        Assert.All(
            ["job", "batch", "extract", "map", "reduce", "commit", "load", "etl.job.id", workspace.Json("run.json").GetProperty("job_id").GetString()!, "trial"],
            name => Assert.Contains(name, traces, StringComparison.Ordinal));
        Assert.DoesNotContain(workspace.Root, traces, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Metrics_can_be_sent_without_traces()
    {
        Skip.If(OperatingSystem.IsWindows(), "variables are set by env(1)");
        using var workspace = new Workspace();
        using var collector = new OtlpReceiver();
        // Often enough that what is there only while it works is seen: mailboxes, the pool, credits.
        using var run = Start(
            workspace, [$"OTEL_EXPORTER_OTLP_ENDPOINT={collector.Url}", "OTEL_TRACES_EXPORTER=none", "OTEL_METRIC_EXPORT_INTERVAL=50"], Settings.Slow);
        (await run.WaitAsync(EtlProcess.Limit)).ExitsWith(0);

        Assert.All(collector.Requests, request => Assert.Equal(Metrics, request.Path));
        Assert.All(
            ["etl.mailbox.depth", "etl.mapper_pool.size", "etl.credits.used", "etl.credits.limit", "mapper"],
            name => Assert.Contains(name, collector.Text(Metrics), StringComparison.Ordinal));
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_collector_that_is_away_or_silent_neither_fails_nor_holds_a_run(bool accepts)
    {
        Skip.If(OperatingSystem.IsWindows(), "variables are set by env(1)");
        using var workspace = new Workspace();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        if (!accepts) silent.Stop();
        // A machine with much else to do is not measured here: the exporter by itself would wait a hundred seconds.
        using var run = Start(workspace, [$"OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:{port}", "OTEL_EXPORTER_OTLP_TIMEOUT=100000"]);
        var result = (await run.WaitAsync(EtlProcess.Limit)).ExitsWith(0);

        if (!accepts) Assert.Equal(1, result.Error.Split("nothing reaches the collector").Length - 1);
        Assert.True(File.Exists(Path.Combine(workspace.Out, "run.json")));
    }

    [Fact]
    public async Task Prometheus_reads_what_a_host_counts()
    {
        using var workspace = new Workspace();
        workspace.Write("page.html", Pages.Of(Pages.Rows));
        using var host = await HostProcess.StartAsync(workspace);
        Assert.Equal("done", (await host.EndAsync(await host.SubmitAsync(new { inputs = new[] { "page.html" } }))).GetProperty("status").GetString());
        string[] scraped = [];
        await host.UntilAsync(async () => (scraped = (await host.Http.GetStringAsync("/metrics")).Split('\n')).Any(l => Is(l, "etl_jobs_total", "etl_exit_code=\"0\"", 1)));

        Assert.Contains(scraped, l => Is(l, "etl_rows_total", "etl_row_outcome=\"record\"", 20));
        Assert.Contains(scraped, l => Is(l, "etl_batches_total", "etl_batch_state=\"durable\"", 1));
        Assert.Contains(scraped, l => l.StartsWith("etl_journal_write_duration_seconds_bucket{", StringComparison.Ordinal));
        Assert.All(["etl_mapper_pool_size", "etl_mailbox_depth", "etl_credits_limit", "dotnet_gc_collections_total"],
            name => Assert.Contains(scraped, l => l.StartsWith(name, StringComparison.Ordinal)));
        (await host.StopAsync()).ExitsWith(0);
    }

    [Fact]
    public async Task A_host_that_has_nothing_to_do_any_more_gives_memory_back()
    {
        using var workspace = new Workspace();
        workspace.Write("page.html", Pages.Of(Pages.Rows));
        using var host = await HostProcess.StartAsync(workspace);
        await host.EndAsync(await host.SubmitAsync(new { inputs = new[] { "page.html" } }));
        var before = await CollectionsAsync();
        // Nothing else makes one of the oldest generation: there is no work.
        await host.UntilAsync(async () => await CollectionsAsync() > before);
        (await host.StopAsync()).ExitsWith(0);

        async Task<long> CollectionsAsync() => (await host.Http.GetStringAsync("/metrics")).Split('\n')
            .Where(l => l.StartsWith("dotnet_gc_collections_total{", StringComparison.Ordinal) && l.Contains("gen2", StringComparison.Ordinal))
            .Sum(l => ValueOf(l));
    }

    [SkippableFact]
    public async Task An_address_that_is_none_is_told_and_the_run_goes_on()
    {
        Skip.If(OperatingSystem.IsWindows(), "variables are set by env(1)");
        using var workspace = new Workspace();
        using var run = Start(workspace, ["OTEL_EXPORTER_OTLP_ENDPOINT=collector:4318"]);
        var result = (await run.WaitAsync(EtlProcess.Limit)).ExitsWith(0);
        Assert.Contains("OTEL_EXPORTER_OTLP_ENDPOINT=collector:4318 is no http or https URL", result.Error, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS=abc")]
    [InlineData("OTEL_METRIC_EXPORT_INTERVAL=0")]
    public async Task A_variable_that_the_exporter_does_not_take_fails_no_run(string variable)
    {
        Skip.If(OperatingSystem.IsWindows(), "variables are set by env(1)");
        using var workspace = new Workspace();
        using var run = Start(workspace, ["OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9", variable]);
        Assert.Contains("no telemetry is sent: ", (await run.WaitAsync(EtlProcess.Limit)).ExitsWith(0).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318", true, true)]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=https://c/v1/traces", false, true)]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://c/m", true, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318 OTEL_METRICS_EXPORTER=none", false, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318 OTEL_SDK_DISABLED=TRUE", false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=ftp://c", false, false)]
    public void The_environment_says_what_is_sent(string environment, bool metrics, bool traces)
    {
        var (wishes, problem) = TelemetryWishes.Read(Variables(environment));
        Assert.Equal(new TelemetryWishes(metrics, traces), wishes);
        Assert.Equal(environment.Contains("ftp", StringComparison.Ordinal), problem is not null);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318", true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4317", false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4317 OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=https://d/x", true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318 OTEL_EXPORTER_OTLP_PROTOCOL=grpc", false)]
    public void The_port_says_how_where_nothing_else_does(string environment, bool http) =>
        Assert.Equal(http, TelemetryWishes.SpeaksHttp(Variables(environment), "TRACES"));

    // A line of the text format: name, tags in braces, value, and perhaps a time.
    private static bool Is(string line, string name, string tag, long value) =>
        line.StartsWith($"{name}{{", StringComparison.Ordinal) && line.Contains(tag, StringComparison.Ordinal)
        && ValueOf(line) == value;

    private static long ValueOf(string line) => long.Parse(
        line[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], System.Globalization.CultureInfo.InvariantCulture);

    private static Func<string, string?> Variables(string environment)
    {
        var set = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => v[1]);
        return name => set.GetValueOrDefault(name);
    }

    private static EtlProcess Start(Workspace workspace, string[] environment, params IEnumerable<string> options) => EtlProcess.StartAs(
        "/usr/bin/env", [.. environment, EtlProcess.Program, "run", workspace.Write("page.html", Pages.Long(60)), "--out", workspace.Out, .. options]);
}
