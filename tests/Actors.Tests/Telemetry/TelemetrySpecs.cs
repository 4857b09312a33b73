using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Akka.Actor;
using Etl.Actors.Telemetry;
using Etl.Actors.Tests.Kit;
using Etl.Domain.Jobs;
using Etl.Domain.Jobs.Watching;

namespace Etl.Actors.Tests.Telemetry;

/// <summary>What a real pipeline tells whoever measures it.</summary>
public sealed class TelemetrySpecs
{
    private static readonly string[] Steps = [TraceBook.Extract, TraceBook.Map, TraceBook.Commit];

    [Fact]
    public async Task Counts_are_those_of_the_count_equation()
    {
        using var pipeline = new Pipeline(Given.World(), Pipeline.Mappers(3, "smallest-mailbox-pool"));
        using var measured = new Measured(pipeline.System);
        Assert.Equal(0, (await pipeline.RunAsync()).Result.ExitCode);
        var run = RunJson(pipeline);

        long Of(string name) => run.GetProperty(name).GetInt64();
        Assert.Equal(Given.World().Length, measured.Sum("etl.rows"));
        Assert.Equal(
            (Of("read"), Of("counted") + Of("superseded"), Of("missing"), Of("aggregates"), Of("quarantined")),
            (measured.Sum("etl.rows"), measured.Sum("etl.rows", "record"), measured.Sum("etl.rows", "missing"), measured.Sum("etl.rows", "aggregate"),
                measured.Sum("etl.rows", "quarantined")));
        Assert.All(["issued", "mapped", "durable"], state => Assert.Equal(Of("batches"), measured.Sum("etl.batches", state)));
        Assert.Equal(pipeline.Spec.Inputs[0].Bytes, measured.Sum("etl.bytes"));
        Assert.Equal((0, 0, 1), (measured.Sum("etl.restarts"), measured.Sum("etl.retries"), measured.Sum("etl.jobs", "0")));
        Assert.All(["coordinator", "reducer", "catalog"], actor => Assert.True(measured.Times("etl.journal.write.duration", actor) > 0, actor));
    }

    [Fact]
    public async Task Restarts_and_retries_are_those_of_the_run()
    {
        using var pipeline = new Pipeline(Given.World(), Pipeline.Mappers(3, "smallest-mailbox-pool"), "poison-row=Germany:throw,before-persist:2:throw");
        using var measured = new Measured(pipeline.System);
        Assert.Equal(0, (await pipeline.RunAsync()).Result.ExitCode);
        var run = RunJson(pipeline);

        Assert.Equal(run.GetProperty("restarts").GetArrayLength(), measured.Sum("etl.restarts"));
        Assert.Equal(pipeline.Restarts, measured.Sum("etl.restarts", "mapper"));
        Assert.Equal(1, measured.Sum("etl.restarts", "reducer"));
        Assert.True(measured.Sum("etl.retries", "batch") > 0);
        Assert.Equal(run.GetProperty("retries").GetInt64(), measured.Sum("etl.retries", "batch"));
        Assert.True(measured.Times("etl.recovery.duration", "mapper") > 0);
    }

    [Fact]
    public async Task Spans_of_each_batch_chain_up_to_the_job()
    {
        using var pipeline = new Pipeline(Given.World(), Pipeline.Mappers(3, "smallest-mailbox-pool"));
        using var spans = new Spans(pipeline.System);
        Assert.Equal(0, (await pipeline.RunAsync()).Result.ExitCode);

        var root = Assert.Single(spans.Named(TraceBook.Job));
        Assert.Null(root.Parent);
        Assert.Equal(default, root.ParentSpanId);
        Assert.Equal(Given.Job().ToString(), root.GetTagItem("etl.job.id"));
        Assert.All(spans.All, span => Assert.Equal(root.TraceId, span.TraceId));
        var batches = spans.Named(TraceBook.Batch);
        Assert.Equal(RunJson(pipeline).GetProperty("batches").GetInt32(), batches.Length);
        Assert.Equal(batches.Length, batches.Select(b => b.GetTagItem("etl.batch.id")).Distinct().Count());
        Assert.Equal(Given.World().Length, batches.Sum(b => (long)b.GetTagItem("etl.rows")!));
        Assert.All(batches, batch =>
        {
            Assert.Equal(root.SpanId, batch.ParentSpanId);
            var below = spans.All.Where(s => s.ParentSpanId == batch.SpanId).ToArray();
            Assert.All(Steps, step => Assert.Single(below, s => s.OperationName == step));
            Assert.All(below, step => Assert.True(batch.StartTimeUtc <= step.StartTimeUtc && step.Duration >= TimeSpan.Zero));
        });
        // A batch has a partial for each region that it has rows of, and some have none.
        Assert.All(spans.Named(TraceBook.Reduce), span => Assert.Contains(batches, b => b.SpanId == span.ParentSpanId));
        Assert.True(spans.Named(TraceBook.Reduce).Length > batches.Length);
        Assert.Equal(root.SpanId, Assert.Single(spans.Named(TraceBook.Load)).ParentSpanId);
        Assert.All(spans.All, span => Assert.NotEqual(ActivityStatusCode.Error, span.Status));
    }

    [Fact]
    public async Task A_crash_is_seen_on_the_batch_and_on_the_job()
    {
        using var pipeline = new Pipeline(Given.World(), fault: "map-batch:3:throw");
        using var spans = new Spans(pipeline.System);
        Assert.Equal(0, (await pipeline.RunAsync()).Result.ExitCode);

        var crashed = Assert.Single(spans.Named(TraceBook.Map), s => s.Status == ActivityStatusCode.Error);
        // The text of an exception may quote the input, or name a path.
        Assert.Equal(("InjectedFaultException", (string?)null), (crashed.GetTagItem("error.type"), crashed.StatusDescription));
        var batch = Assert.Single(spans.Named(TraceBook.Batch), b => b.SpanId == crashed.ParentSpanId);
        Assert.Equal(2, spans.Named(TraceBook.Map).Count(s => s.ParentSpanId == batch.SpanId));
        var told = Assert.Single(Assert.Single(spans.Named(TraceBook.Job)).Events, e => e.Name == "restart");
        Assert.Equal("InjectedFaultException", told.Tags.Single(t => t.Key == "error.type").Value);
        Assert.Equal(batch.GetTagItem("etl.batch.id"), told.Tags.Single(t => t.Key == "etl.batch.id").Value);
    }

    [Fact]
    public async Task A_run_that_stops_half_way_ends_its_spans_as_failed()
    {
        using var pipeline = new Pipeline(Given.World());
        using var spans = new Spans(pipeline.System);
        var disk = new TaskCompletionSource();
        pipeline.Journal.OnWrite = id => id.StartsWith("region-", StringComparison.Ordinal) ? disk.Task : Task.CompletedTask;
        pipeline.Open(pipeline.Spec);
        await Until(() => spans.Named(TraceBook.Map).Length > 0);
        await pipeline.System.Terminate();

        Assert.Equal(ActivityStatusCode.Error, Assert.Single(spans.Named(TraceBook.Job)).Status);
        Assert.NotEmpty(spans.Named(TraceBook.Batch));
        Assert.All(spans.Named(TraceBook.Batch), b => Assert.Equal("not durable", b.StatusDescription));
    }

    [Fact]
    public async Task Credits_and_the_pool_are_seen_while_they_are_there()
    {
        using var pipeline = new Pipeline(Given.World(), Pipeline.Mappers(3, "smallest-mailbox-pool"));
        using var measured = new Measured(pipeline.System);
        var disk = new TaskCompletionSource();
        pipeline.Journal.OnWrite = id => id.StartsWith("region-", StringComparison.Ordinal) ? disk.Task : Task.CompletedTask;
        var ended = pipeline.RunAsync();
        await Until(() => measured.Sum("etl.batches", "mapped") > 0);
        Assert.Equal((3, 16), (measured.Now().Sum("etl.mapper_pool.size"), measured.Sum("etl.credits.limit")));
        Assert.InRange(measured.Sum("etl.credits.used"), 0, 16);

        disk.SetResult();
        await ended;
        // The split is over, and its extractor with it.
        await Until(() => measured.Now().Sum("etl.credits.limit") == 0);
    }

    [Fact]
    public async Task Mailboxes_are_counted_by_kind_of_actor()
    {
        using var system = ActorSystem.Create("mailboxes");
        using var measured = new Measured(system);
        using var entered = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var tree = system.ActorOf(Props.Create(() => new Parent(Props.Create(() => new Stuck(entered, go)))), "etl");
        tree.Tell("begin");
        Assert.True(entered.Wait(TimeSpan.FromSeconds(30)));
        for (var i = 0; i < 5; i++) tree.Tell("wait");
        await Until(() => measured.Now().Sum("etl.mailbox.depth", "mapper") == 5);
        go.Set();
        await Until(() => measured.Now().Sum("etl.mailbox.depth") == 0);
        await system.Terminate();
    }

    [Fact]
    public void A_job_of_many_batches_has_some_hundreds_of_spans()
    {
        using var source = new ActivitySource("many");
        using var spans = new Spans(source);
        var book = new TraceBook(source);
        book.Begin(Given.Job(), Given.Spec(5), Given.Run());
        ImmutableArray<BatchId> all = [.. Enumerable.Range(0, 10_000).Select(i => new BatchId(i / 1_000, i % 1_000))];
        book.Issued(Given.Job(), all);
        book.Retried(Given.Job(), BatchSet.Of([all[9_999]]), "no acknowledgement in time");
        book.Issued(Given.Job(), [all[9_999]]);
        foreach (var batch in all) book.Completed(Given.Job(), batch, book.Now, 1);
        book.End(Given.Job(), 0);

        Assert.Equal(Enumerable.Range(0, 10_000).Count(i => TraceSample.Takes(i)) + 1, spans.Named(TraceBook.Batch).Length);
        Assert.InRange(spans.All.Length, 200, 700);
        Assert.Contains(spans.Named(TraceBook.Batch), b => (string?)b.GetTagItem("etl.batch.id") == all[9_999].ToString());
    }

    [Fact]
    public void What_was_issued_beyond_the_end_of_a_stream_has_no_span_and_no_failure()
    {
        using var source = new ActivitySource("stream");
        using var spans = new Spans(source);
        var book = new TraceBook(source);
        book.Begin(Given.Job(), Given.Spec(5), Given.Run());
        ImmutableArray<BatchId> all = [.. Enumerable.Range(0, 6).Select(i => new BatchId(0, i)), new(1, 5)];
        book.Issued(Given.Job(), all);
        book.SplitEnded(Given.Job(), 0, 3);
        foreach (var batch in all.Where(b => b.Split == 1 || b.Ordinal < 3)) book.Completed(Given.Job(), batch, book.Now, 1);
        book.End(Given.Job(), 0);
        Assert.Equal(["0/0", "0/1", "0/2", "1/5"], spans.Named(TraceBook.Batch).Where(b => b.Recorded).Select(b => (string)b.GetTagItem("etl.batch.id")!).Order());
        Assert.All(spans.All, span => Assert.NotEqual(ActivityStatusCode.Error, span.Status));
    }

    [Fact]
    public void A_recovery_that_is_told_with_its_failure_is_measured()
    {
        using var system = ActorSystem.Create("together");
        using var measured = new Measured(system);
        var failed = new ActorRestart("/user/etl/loaders/0f8fad5b", "IOException: full", ActorRestart.AfterBackoff, 1, DateTimeOffset.UnixEpoch);
        EtlTelemetry.Of(system).Note(Given.Job(), new JobEvent.ActorsRestarted([failed, failed with { RecoveredAfter = TimeSpan.FromSeconds(2) }]));
        Assert.Equal((2, 1), (measured.Sum("etl.restarts", "loader"), measured.Times("etl.recovery.duration", "loader")));
    }

    [Fact]
    public async Task Nobody_listens_and_nothing_is_allocated()
    {
        using var system = ActorSystem.Create("alone");
        var telemetry = EtlTelemetry.Of(system);
        var (job, spec, path) = (Given.Job(), Given.Spec(5), system.DeadLetters.Path);
        ImmutableArray<BatchId> batches = [new(0, 0)];
        var completed = new JobEvent.BatchesCompleted(BatchSet.Of(batches), [0], Given.Tally(5));
        telemetry.Traces.Begin(job, spec, Given.Run());
        Assert.Equal(default, telemetry.Traces.Now);
        void All()
        {
            telemetry.Issued(job, batches);
            telemetry.Note(job, completed);
            telemetry.Mapped();
            telemetry.Read(1);
            telemetry.Wrote(telemetry.BeginWrite(), path);
            telemetry.Traces.Begin(job, batches[0], TraceBook.Map)?.Stop();
            telemetry.Traces.Done(job, batches[0], TraceBook.Reduce, telemetry.Traces.Now, 1);
            telemetry.Traces.Completed(job, batches[0], telemetry.Traces.Now, 5);
        }

        for (var i = 0; i < 1_000; i++) All();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) All();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        await system.Terminate();
    }

    [Theory]
    [InlineData("/user/etl", "root")]
    [InlineData("/user/etl/mappers", "mappers")]
    [InlineData("/user/etl/mappers/$a", "mapper")]
    [InlineData("/user/etl/extractors/0f8fad5b-0-1", "extractor")]
    [InlineData("/user/etl/loaders/0f8fad5b-7c9e", "loader")]
    [InlineData("/user/etl/jobs/forget-0f8fad5b", "forgetter")]
    [InlineData("/user/etl/jobs/catalog", "backoff")]
    [InlineData("/user/etl/jobs/catalog/catalog", "catalog")]
    [InlineData("/user/etl/jobs/0f8fad5b/coordinator", "coordinator")]
    [InlineData("/user/etl/reducers/0f8fad5b-3/reducer", "reducer")]
    [InlineData("/user/etl/queue/1/queue", "queue")]
    [InlineData("/user/run-watcher", "other")]
    [InlineData("/user/etl/$new/thing", "other")]
    public void A_path_has_a_kind(string path, string kind) => Assert.Equal(kind, ActorKind.Of(path));

    private static JsonElement RunJson(Pipeline pipeline) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(pipeline.Out, "run.json"))).RootElement;

    private static async Task Until(Func<bool> condition)
    {
        for (var clock = Stopwatch.StartNew(); !condition(); await Task.Delay(5)) Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), "it did not come");
    }

    private sealed class Parent(Props mapper) : UntypedActor
    {
        private readonly IActorRef mappers = Context.ActorOf(Props.Create(() => new Pool(mapper)), "mappers");

        protected override void OnReceive(object message) => mappers.Tell(message);
    }

    private sealed class Pool(Props mapper) : UntypedActor
    {
        private readonly IActorRef only = Context.ActorOf(mapper);

        protected override void OnReceive(object message) => only.Tell(message);
    }

    private sealed class Stuck(ManualResetEventSlim entered, ManualResetEventSlim go) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            entered.Set();
            go.Wait(TimeSpan.FromSeconds(60));
        }
    }
}
