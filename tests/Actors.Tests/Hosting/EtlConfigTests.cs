using Akka.Configuration;
using Etl.Actors.Hosting;
using Etl.Actors.Tests.Sinks;

namespace Etl.Actors.Tests.Hosting;

/// <summary>What is configured is read, what is wrong is named, and who wins is fixed.</summary>
public sealed class EtlConfigTests
{
    private static readonly string[] Texts = ["etl.chaos", "etl.extract.fetch.contact", "etl.fault", "etl.fault-log", "etl.postgres.connection-string", "etl.postgres.connection-file", "etl.postgres.schema"];

    /// <summary>Every key of ours in <c>reference.conf</c> that does not take any text, and the size of the pool.</summary>
    private static readonly string[] Named = [.. EtlConfig.Effective(EtlConfig.Reference).Select(k => k.Key)
        .Where(k => !Texts.Contains(k) && !k.EndsWith("/etl/mappers.router", StringComparison.Ordinal))];

    public static TheoryData<string> Keys() => [.. Named];

    [Fact]
    public void The_keys_are_these() => Assert.Equal(
        [
            "akka.actor.deployment./etl/mappers.nr-of-instances", "etl.csv.columns", "etl.csv.delimiter", "etl.csv.empty", "etl.csv.max-line-bytes",
            "etl.csv.multiline", "etl.extract.batch-bytes", "etl.extract.buffer-bytes",
            "etl.extract.fetch.attempt-timeout", "etl.extract.fetch.attempts", "etl.extract.fetch.first-wait", "etl.extract.fetch.imf-url",
            "etl.extract.fetch.max-bytes", "etl.extract.fetch.max-decoded-bytes", "etl.extract.fetch.max-pages", "etl.extract.fetch.max-wait",
            "etl.extract.fetch.total-timeout", "etl.extract.fetch.wikipedia-url", "etl.extract.fetch.worldbank-url", "etl.extract.page-batch-rows", "etl.extract.spool-limit",
            "etl.extract.window",
            "etl.host.jobs", "etl.host.queue", "etl.host.stop-within", "etl.jobs.ack-deadline", "etl.jobs.checkpoint-interval", "etl.jobs.max-stalls", "etl.jobs.trim-above", "etl.jobs.unacked-window", "etl.load.backoff", "etl.load.max-attempts",
            "etl.load.sinks", "etl.map.max-attempts", "etl.map.max-condemned", "etl.phases", "etl.postgres.lease", "etl.reduce.checkpoint-interval", "etl.reduce.compact-after", "etl.supervision.catalog.jitter", "etl.supervision.catalog.max-backoff", "etl.supervision.catalog.min-backoff", "etl.supervision.catalog.on.default",
            "etl.supervision.catalog.retries", "etl.supervision.coordinator.jitter", "etl.supervision.coordinator.max-backoff",
            "etl.supervision.coordinator.min-backoff", "etl.supervision.coordinator.on.default", "etl.supervision.coordinator.retries",
            "etl.supervision.extractor.jitter", "etl.supervision.extractor.max-backoff", "etl.supervision.extractor.min-backoff",
            "etl.supervision.extractor.on.IOException", "etl.supervision.extractor.on.OperationCanceledException", "etl.supervision.extractor.on.TimeoutException",
            "etl.supervision.extractor.on.default", "etl.supervision.extractor.retries", "etl.supervision.journal.max-backoff",
            "etl.supervision.journal.max-restarts", "etl.supervision.journal.min-backoff", "etl.supervision.journal.patience", "etl.supervision.loader.jitter",
            "etl.supervision.loader.max-backoff", "etl.supervision.loader.min-backoff", "etl.supervision.loader.on.default", "etl.supervision.loader.retries",
            "etl.supervision.loader.window", "etl.supervision.mapper.on.default", "etl.supervision.mapper.retries", "etl.supervision.queue.jitter",
            "etl.supervision.queue.max-backoff", "etl.supervision.queue.min-backoff", "etl.supervision.queue.on.default", "etl.supervision.queue.retries",
            "etl.supervision.reducer.jitter", "etl.supervision.reducer.max-backoff", "etl.supervision.reducer.min-backoff", "etl.supervision.reducer.on.default",
            "etl.supervision.reducer.retries", "etl.supervision.root.on.default",
        ],
        Named);

    [Theory]
    [MemberData(nameof(Keys))]
    public void Each_key_is_read_and_named_when_its_value_is_none(string key)
    {
        EtlSettings.From(EtlConfig.Reference);
        foreach (var nonsense in new[] { "nonsense", "-1", "" })
            Assert.Contains(key, Assert.Throws<ConfigurationException>(() => From((key, nonsense))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("quarantine", "off", null, null, false, false)]
    [InlineData("missing", "on", null, null, true, true)]
    [InlineData("missing", "on", false, false, false, false)]
    [InlineData("quarantine", "off", true, true, true, true)]
    public void The_command_line_wins_over_what_is_configured_for_files(
        string empty, string multiline, bool? emptyIsMissing, bool? overLineEnds, bool missing, bool over)
    {
        var settings = From(("etl.csv.empty", empty), ("etl.csv.multiline", multiline)).Records;
        var inForce = settings.Under(RecordsAsked.Nothing with { EmptyIsMissing = emptyIsMissing, Multiline = overLineEnds });
        Assert.Equal((missing, over), (inForce.EmptyIsMissing, inForce.Multiline));
    }

    [Theory]
    [InlineData("etl.postgres.schema", "")]
    [InlineData("etl.postgres.schema", "Etl")]
    [InlineData("etl.postgres.schema", "etl; drop schema etl")]
    [InlineData("etl.postgres.lease", "999ms")]
    [InlineData("etl.load.sinks", "json, sqlit")]
    [InlineData("etl.extract.page-batch-rows", "0")]
    [InlineData("etl.extract.page-batch-rows", "1000001")]
    [InlineData("etl.extract.window", "0")]
    [InlineData("etl.chaos", "mapper-crash=2")]
    [InlineData("etl.host.jobs", "0")]
    [InlineData("etl.host.queue", "-1")]
    [InlineData("etl.jobs.unacked-window", "99999999999999")]
    [InlineData("etl.jobs.ack-deadline", "99ms")]
    [InlineData("etl.load.backoff", "0")]
    [InlineData("etl.load.max-attempts", "101")]
    [InlineData("etl.map.max-attempts", "0")]
    [InlineData("etl.reduce.compact-after", "0")]
    [InlineData("etl.supervision.journal.min-backoff", "0")]
    [InlineData("etl.supervision.journal.max-backoff", "1ms")]
    [InlineData("etl.supervision.journal.max-restarts", "many")]
    [InlineData(EtlConfig.MapperInstances, "0")]
    public void A_value_out_of_range_is_named(string key, string value) =>
        Assert.Contains(key, Assert.Throws<ConfigurationException>(() => From((key, value))).Message, StringComparison.Ordinal);

    [Fact]
    public void An_override_wins()
    {
        var settings = From(
            ("etl.extract.page-batch-rows", "7"), ("etl.extract.window", "3"), ("etl.jobs.unacked-window", "9"), ("etl.jobs.ack-deadline", "2s"),
            ("etl.jobs.checkpoint-interval", "30ms"), ("etl.map.max-attempts", "5"), ("etl.reduce.checkpoint-interval", "40ms"), ("etl.reduce.compact-after", "5"),
            ("etl.load.max-attempts", "2"), ("etl.load.backoff", "1m"), ("etl.supervision.journal.min-backoff", "1s"),
            ("etl.supervision.journal.max-backoff", "2s"), ("etl.supervision.journal.max-restarts", "0"), (EtlConfig.MapperInstances, "11"),
            ("etl.fault", "after-ack:1"));
        Assert.Equal((7, 3, 11, "after-ack:1"), (settings.PageBatchRows, settings.ExtractWindow, settings.Mappers, settings.Fault));
        Assert.Equal(new(9, TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(30), 5), settings.Jobs);
        Assert.Equal(new(TimeSpan.FromMilliseconds(40), 4, 5), settings.Reduce);
        Assert.Equal(new(2, TimeSpan.FromMinutes(1)), settings.Load);
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), 0),
            (settings.Supervision.JournalMinBackoff, settings.Supervision.JournalMaxBackoff, settings.Supervision.JournalMaxRestarts));
    }

    [Fact]
    public void A_setting_wins_over_files_the_last_file_over_the_first_and_all_over_the_reference()
    {
        using var directory = new TempDirectory();
        var (first, second) = (directory.File("1.conf"), directory.File("2.conf"));
        File.WriteAllText(first, "etl { extract.window = 1, map.max-attempts = 1, load.max-attempts = 1 }");
        File.WriteAllText(second, "etl { extract.window = 2, map.max-attempts = 2 }");
        var settings = EtlSettings.From(EtlConfig.Compose([first, second], [new("etl.extract.window", "3"), new("etl.extract.window", "4")], "x"));
        Assert.Equal((4, 2, 1, 64), (settings.ExtractWindow, settings.Jobs.MaxAttempts, settings.Load.MaxAttempts, settings.PageBatchRows));
    }

    [Fact]
    public void The_journal_is_the_durable_one_and_its_connection_is_taken_as_it_is()
    {
        const string connection = @"Data Source=C:\a ""b"" ${c}.db";
        var config = EtlConfig.Compose([], [], connection);
        Assert.Equal("akka.persistence.journal.sql", config.GetString("akka.persistence.journal.plugin"));
        Assert.Equal("akka.persistence.no-snapshot-store", config.GetString("akka.persistence.snapshot-store.plugin"));
        Assert.Equal(connection, config.GetString("akka.persistence.journal.sql.connection-string"));
        Assert.Contains("RefusingSerializer", config.GetString("akka.actor.serializers.json"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("etl.x\"y")]
    [InlineData("etl x")]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("a=b")]
    public void A_setting_with_another_path_is_refused(string path) =>
        Assert.Contains("--set", Assert.Throws<ConfigurationException>(() => EtlConfig.Compose([], [new(path, "1")], "x")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"")]
    [InlineData("a\\")]
    [InlineData("1\n akka.loglevel = OFF")]
    [InlineData("${HOME}")]
    [InlineData("{ }")]
    public void A_value_of_a_setting_is_text_whatever_stands_in_it(string value)
    {
        var config = EtlConfig.Compose([], [new("etl.fault", value)], "x");
        Assert.Equal(value, config.GetString("etl.fault"));
        Assert.Equal("WARNING", config.GetString("akka.loglevel"));
    }

    [Fact]
    public void A_key_of_ours_that_does_not_exist_is_refused_and_the_nearest_told() => Assert.Contains(
        "etl.extract.window", Assert.Throws<ConfigurationException>(() => From(("etl.extract.windows", "3"))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_cannot_be_read_is_named()
    {
        using var directory = new TempDirectory();
        var absent = directory.File("absent.conf");
        Assert.Contains(absent, Assert.Throws<ConfigurationException>(() => EtlConfig.Compose([absent], [], "x")).Message, StringComparison.Ordinal);
        var broken = directory.File("broken.conf");
        File.WriteAllText(broken, "etl.extract.window = ${no.such.key}");
        Assert.Contains(broken, Assert.Throws<ConfigurationException>(() => EtlConfig.Compose([broken], [], "x")).Message, StringComparison.Ordinal);
    }

    private static EtlSettings From(params (string Key, string Value)[] settings) =>
        EtlSettings.From(EtlConfig.Compose([], settings.Select(s => KeyValuePair.Create(s.Key, s.Value)), "x"));
}
