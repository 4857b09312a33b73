using Akka.Actor;
using Etl.Actors.Protocol;
using Etl.Domain;
using Etl.Domain.Countries;
using Etl.Domain.Extract;
using Etl.Domain.Jobs;
using Etl.Domain.Jobs.Queueing;
using Etl.Domain.Map;
using Etl.Domain.Reduce;

namespace Etl.Actors.Tests.Serialization;

/// <summary>A value that must come back as it was written. The name is stable: stored samples are found by it.</summary>
public sealed record Example(string Name, object Value);

/// <summary>At least one of everything that is journaled or sent, and the edges.</summary>
public static class Examples
{
    private static readonly JobId Job = new(Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"));
    private static readonly RunId Run = new(Guid.Parse("7c9e6679-7425-40de-944b-e07fc1f90ae7"));
    private static readonly DateTimeOffset At = new DateTimeOffset(2026, 11, 22, 18, 1, 2, TimeSpan.Zero).AddTicks(3_456_789);
    private static readonly StoredInput Page = new("GDP page ✓ «été».html", new string('a', 64), 123_456);
    private static readonly Place Somewhere = new(1, 4_000_000_000);

    private static readonly JobSpec Spec = new(
        "wikipedia", [Page], AnswerOptions.Default, new string('d', 64), 50, "0.1.0");

    private static readonly JobSpec SpecWithEverything = new(
        "csv",
        [Page, new("-", new string('0', 64), 0), new("大きい.csv", new string('f', 64), long.MaxValue)],
        new(Publisher.UnitedNations, Unit.Billion, "mine.csv", Page, new YearRule.Only(2024), new DateOnly(2025, 12, 30), DuplicateRule.Fail, 3,
            -0.10m),
        "", int.MaxValue, "");

    private static readonly JobSpec OfFiles = new(
        "ndjson",
        [
            new("a.csv", new string('b', 64), 5) { File = new("/données/a.csv", 639_000_000_000_000_000, Compression.None) },
            new("-", new string('c', 64), 0) { File = new("-", 0, Compression.Zstandard) },
        ],
        AnswerOptions.Default with
        {
            Records = new("País", null, "gdp \"x\"", '\t', true, true, 77),
            QuarantineLimit = 0,
        },
        "", 1, "0.1.0")
    {
        BatchBytes = 4096,
    };

    private static readonly SourceChoice Choice = new("GDP", "Table 1", "IMF (2026)", Unit.Million, 2026, "as printed", null, []);

    private static readonly BatchTally Tally = new(
        222, 194, 27, 1, 2, 3, ["AFG", "CUB"],
        [new("World", 2026, 1, new(-(Int128)1), 1), new("Ελλάς", 0, 2, new(Int128.MinValue), 0)],
        [new(Somewhere, null, "Country", "Atlántida \0 \U0001F600", "unknown country"), new(new(0, 1), 17, "", "", "")],
        [new(new(0, 2), "Côte d'Ivoire: a note")], 4);

    private static readonly BatchTally Counts = Tally with { MissingCountries = [], AggregatesSeen = [], Rejections = [], Notes = [] };

    private static readonly BatchSet Few = BatchSet.FromRanges([new(0, 0, 0), new(0, 5, 9), new(2, 3, 3), new(int.MaxValue, 7, int.MaxValue - 1)]);

    private static readonly BatchSet Many = BatchSet.FromRanges(
        Enumerable.Range(0, 10_000).Select(i => new BatchRange(i / 100, i % 100 * 7, (i % 100 * 7) + 2)));

    private static readonly PartialAggregate Small = PartialAggregate.Of(
    [
        Entry(0, "", Aggregate.OfContribution(default)),
        Entry(-44, "ROM", Aggregate.OfContribution(new(-5))),
        Entry(2026, "AAA", Aggregate.OfWitnessed(new(0, 1), Million(30_507_217))),
        Entry(2026, "ZZZ", new(new(3), 2, new(new(0, 1), new(1)), new(Somewhere, new(2)), new(Somewhere, new(2)))),
        Entry(2026, "USA", new(Million(2), 2, new(new(0, 1), Million(1)), new(new(0, 2), Million(1)), null)),
        Entry(
            int.MaxValue, "USA",
            new(new(Int128.MaxValue), long.MaxValue, new(new(int.MaxValue, long.MaxValue), new(Int128.MinValue)), null, null)),
        Entry(int.MinValue, "USA", new(new(Int128.MinValue), 0, null, new(new(0, -1), new(7)), new(new(0, 0), default))),
    ]);

    private static readonly PartialAggregate InMillions = PartialAggregate.Of(
    [
        Entry(2026, "DEU", Aggregate.OfWitnessed(new(0, 4), Million(5_013_574))),
        Entry(2026, "FRA", Aggregate.OfWitnessed(new(0, 7), Million(3_361_557))),
    ]);

    private static readonly QueueWishes Wishes = new("/données/out", ["json", "sqlite"], true, 17, 2.5, true);

    private static readonly QueueWishes NoWishes = new("", [], false, null, null, false);

    private static readonly JobSpec Bare = new("", [], AnswerOptions.Default with { Year = new YearRule.All() }, "", 0, "");

    private static readonly JobSpec Latest = Spec with
    {
        Options = Spec.Options with
        {
            Year = new YearRule.LatestPerCountry(),
            Duplicates = DuplicateRule.Sum,
            ThresholdBillions = decimal.MaxValue,
        },
    };

    private static readonly Restart Crash =
        new("/user/etl/mappers/$a", "InvalidOperationException: ¡no!", "Restart", new(0, 3), 151, 2, At);

    private static readonly ActorRestart Failure =
        new("/user/etl/reducers/x-1/reducer", "SqliteException: ¡lleno!", ActorRestart.AfterBackoff, 3, At);

    /// <summary>5,000 entries: the most that a reducer's event is expected to carry.</summary>
    public static PartialAggregate Large { get; } = PartialAggregate.Of(Enumerable.Range(0, 5_000).Select(i =>
        Entry(1960 + (i / 80), Code(i % 80 * 200), Aggregate.OfWitnessed(new(0, i), Million(1_000 + (i * 6_007))))));

    /// <summary>What a journal holds.</summary>
    public static IReadOnlyList<Example> Journaled { get; } =
    [
        new("started", new JobEvent.Started(Job, Spec, At)),
        new("started, everything set", new JobEvent.Started(Job, SpecWithEverything, DateTimeOffset.MaxValue)),
        new("started, nothing set", new JobEvent.Started(new(Guid.Empty), Bare, default)),
        new("started, latest per country", new JobEvent.Started(Job, Latest, At)),
        new("run began", new JobEvent.RunBegan(Run, "0.1.0", At)),
        new("split planned", new JobEvent.SplitPlanned(0, 5, Choice)),
        new("split planned, edition and warnings", new JobEvent.SplitPlanned(
            3, 0, Choice with { Edition = new(2025, 12, 30), Warnings = ["", "à voir"], HeaderYear = 0 })),
        new("split planned, open", new JobEvent.SplitPlanned(0, SplitPlan.Unknown, Choice)),
        new("split ended", new JobEvent.SplitEnded(3, 17)),
        new("split ended, empty", new JobEvent.SplitEnded(0, 0)),
        new("started, files", new JobEvent.Started(Job, OfFiles, At)),
        new("batches of files completed", new JobEvent.BatchesCompleted(Few, [0, 3, 17], Tally) { Lines = [0, 1, 2, long.MaxValue] }),
        new("batches completed", new JobEvent.BatchesCompleted(Few, [0, 3, 17], Tally)),
        new("batches completed, none", new JobEvent.BatchesCompleted(BatchSet.Empty, [], BatchTally.Empty)),
        new("batches completed, large", new JobEvent.BatchesCompleted(Many, [1], Tally with { Rejections = ManyRejections() })),
        new("batch crashed", new JobEvent.BatchCrashed(Crash)),
        new("batch crashed, no row", new JobEvent.BatchCrashed(new("", "", "", new(0, 0), null, 0, DateTimeOffset.MinValue))),
        new("batch crashed, row 0", new JobEvent.BatchCrashed(new("a", "b", "c", new(0, 0), 0, 1, At))),
        new("batch suspected", new JobEvent.BatchSuspected(new(3, 4), new(4_194_304, 8_388_608))),
        new("batch suspected, at the beginning", new JobEvent.BatchSuspected(new(0, 0), new(0, 0))),
        new("rows cleared", new JobEvent.RowsCleared(new(3, 4), new(4_194_304, 4_456_448))),
        new("rows condemned", new JobEvent.RowsCondemned(new(0, 3), [151, long.MaxValue], "FormatException", "¡no!", At)),
        new("rows condemned by a process", new JobEvent.RowsCondemned(new(0, 0), [], "", "", At)),
        new("attempt began", new JobEvent.AttemptBegan(new(7, 0), null)),
        new("attempt began, a part", new JobEvent.AttemptBegan(new(0, 9), new(5, 6))),
        new("batches retried", new JobEvent.BatchesRetried(Few, "no ack in time", At)),
        new("sink loaded", new JobEvent.SinkLoaded("sqlite")),
        new("sink loaded, no name", new JobEvent.SinkLoaded("")),
        new("sink loaded, place", new JobEvent.SinkLoaded("json")
        {
            Place = new("/données/out", new string('7', 64), [new("Region_Top.json", 4_953, new string('9', 64)), new("", long.MaxValue, "")], null),
        }),
        new("sink loaded, server", new JobEvent.SinkLoaded("postgres") { Place = new("host:5432/gdp, schema etl", "", [], "SQL agrees") }),
        new("finished", new JobEvent.Finished(At)),
        new("failed", new JobEvent.Failed(3, "two rows differ", At)),
        new("failed, negative", new JobEvent.Failed(int.MinValue, "", At.AddTicks(-1))),
        new("job opened", new CatalogEvent.JobOpened(new string('e', 64), Job, At)),
        new("job closed", new CatalogEvent.JobClosed(Job, 130, At)),
        new("regions counted", new CatalogEvent.RegionsCounted(Job, 6)),
        new("regions counted, none", new CatalogEvent.RegionsCounted(Job, 0)),
        new("job forgotten", new CatalogEvent.JobForgotten(Job, At)),
        new("queue: submitted", new QueueEvent.Submitted(Job, Spec, Wishes, At)),
        new("queue: submitted, no limits", new QueueEvent.Submitted(Job, Bare, NoWishes, At)),
        new("queue: begun", new QueueEvent.Begun(Job, At)),
        new("queue: left", new QueueEvent.Left(Job, 0, null, At)),
        new("queue: left, failed", new QueueEvent.Left(Job, 74, "¡no disk!", At)),
        new("queue: resubmitted", new QueueEvent.Resubmitted(Job, At)),
        new("queue: probed", new QueueEvent.Probed(At)),
        new("queue: compacted", new QueueEvent.Compacted([
            new(Job, Bare, NoWishes, QueuePlace.Waiting, At, null, null, null, null),
            new(Job, Bare, Wishes, QueuePlace.Failed, At, At.AddSeconds(1), At.AddSeconds(2), 3, "two rows differ")])),
        new("queue: compacted, none", new QueueEvent.Compacted([])),
        new("summarised", new JobEvent.Summarised(Job, Spec, 0, null, At, new(
            At.AddMinutes(-1), [new(Run, "0.1.0", At)], [Crash], 17, 2, 5, 6, Counts, ["json", "sqlite"]))),
        new("summarised, a failed one", new JobEvent.Summarised(Job, Spec, 3, "two rows differ", At, new(
            At, [], [], 0, 0, 0, 0, BatchTally.Empty, []))),
        new("summarised, with actors", new JobEvent.Summarised(Job, Spec, 0, null, At, new(
            At.AddMinutes(-1), [new(Run, "0.1.0", At)], [Crash], 1, 2, 5, 6, Counts, []) { Actors = [Failure], ActorsTotal = long.MaxValue })),
        new("actors restarted", new JobEvent.ActorsRestarted([Failure, new("", "", "", 0, DateTimeOffset.MinValue)])),
        new("actors restarted, at a batch", new JobEvent.ActorsRestarted(
            [Failure with { Directive = ActorRestart.Escalated, Batch = new(2, int.MaxValue), Row = long.MaxValue }])),
        new("actors restarted, recovered", new JobEvent.ActorsRestarted([Failure with { RecoveredAfter = TimeSpan.FromMilliseconds(207) }])),
        new("summarised, with recoveries", new JobEvent.Summarised(Job, Spec, 0, null, At, new(
            At.AddMinutes(-1), [new(Run, "0.1.0", At)], [Crash with { RecoveredAfter = TimeSpan.Zero }, Crash with { RecoveredAfter = TimeSpan.MaxValue }], 2, 0, 5, 6,
            Counts, []) { Actors = [Failure with { RecoveredAfter = TimeSpan.FromTicks(1) }], ActorsTotal = 1 })),
        new("recovered", new JobEvent.Recovered([
            new("/user/etl/mappers/$a", new(0, 0), At, TimeSpan.FromSeconds(1)), new("/user/etl/reducers/x-1/reducer", null, At, TimeSpan.Zero)])),
        new("recovered, none", new JobEvent.Recovered([])),
        new("actors restarted, none", new JobEvent.ActorsRestarted([])),
        new("run stopped", new JobEvent.RunStopped(Run, "interrupted", At)),
        new("partials merged", new RegionEvent.PartialsMerged(BatchSet.Of(new BatchId(0, 1)), InMillions)),
        new("partials merged, edges", new RegionEvent.PartialsMerged(Few, Small)),
        new("partials merged, none", new RegionEvent.PartialsMerged(BatchSet.Empty, PartialAggregate.Empty)),
        new("region compacted", new RegionEvent.RegionCompacted(BatchSet.FromRanges([new(0, 0, 23)]), InMillions)),
        new("region compacted, forgotten", new RegionEvent.RegionCompacted(BatchSet.Empty, PartialAggregate.Empty)),
        new("partials merged, large", new RegionEvent.PartialsMerged(Many, Large)),
    ];

    /// <summary>What is sent to other nodes.</summary>
    public static IReadOnlyList<Example> Sent(IActorRef coordinator) =>
    [
        new("extract split", new ExtractProtocol.ExtractSplit(Job, 1, Page, SpecWithEverything)),
        new("issue batches", new ExtractProtocol.IssueBatches(Job, Few)),
        new("issue batches, none", new ExtractProtocol.IssueBatches(Job, BatchSet.Empty)),
        new("batches held", new ExtractProtocol.BatchesHeld(Job, Few)),
        new("split over", new ExtractProtocol.SplitOver(Job, 3)),
        new("stream read", new ExtractProtocol.StreamRead(Job, 3, 5L << 40)),
        new("split read", new ExtractProtocol.SplitRead(Job, 0, 5, Choice)),
        new("split failed", new ExtractProtocol.SplitFailed(Job, 0, 2, "kein Zugriff: größer")),
        new("split ended", new ExtractProtocol.SplitEnded(Job, 4, 7)),
        new("batch of a file mapped", new MapProtocol.BatchMapped(Job, new(0, 1), Tally, [0, 5]) { Lines = 0 }),
        new("batch mapped", new MapProtocol.BatchMapped(Job, new(0, 1), Tally, [0, 5, int.MaxValue])),
        new("batch mapped, nothing", new MapProtocol.BatchMapped(Job, new(0, 1), BatchTally.Empty, [])),
        new("batch crashed in mapper", new MapProtocol.BatchCrashed(Job, new(0, 1), 17, "/user/etl/mappers/$a", "cause", "Restart")),
        new("batch crashed in mapper, no row", new MapProtocol.BatchCrashed(Job, new(0, 1), null, "", "", "")),
        new("batch crashed in mapper, a part", new MapProtocol.BatchCrashed(Job, new(0, 1), 17, "a", "b", "c") { Probe = new(0, 18) }),
        new("probe passed", new MapProtocol.ProbePassed(Job, new(2, 1), new(0, 0))),
        new("issue batches with caution", new ExtractProtocol.IssueBatches(Job, Few)
        {
            Cautions =
            [
                new(new(0, 5), new([new(77, "crashed: é"), new(long.MaxValue, "")], true, new(3, 3))),
                new(new(2, 3), new([], false, null)),
            ],
        }),
        new("merge partial", new ReduceProtocol.MergePartial(Job, 2, new(0, 1), Small, coordinator)),
        new("flush region", new ReduceProtocol.FlushRegion(Job, 0, coordinator)),
        new("get region total", new ReduceProtocol.GetRegionTotal(Job, 0)),
        new("forget region", new ReduceProtocol.ForgetRegion(Job, 6, coordinator)),
        new("region forgotten", new ReduceProtocol.RegionForgotten(Job, 0)),
        new("partials acked", new ReduceProtocol.PartialsAcked(Job, 1, Many)),
        new("region recovered", new ReduceProtocol.RegionRecovered(Job, 1, long.MaxValue)),
        new("region total reply", new ReduceProtocol.RegionTotalReply(Job, 1, Many, Small)),
        new("actor failed", new SupervisionProtocol.ActorFailed(Job, Failure)),
        new("actor failed, of every job", new SupervisionProtocol.ActorFailed(null, Failure with { Attempt = 0 })),
        new("region lost", new ReduceProtocol.RegionLost(Job, 1, "the journal is gone")),
    ];

    private static Money Million(long amount) => new((Int128)amount * 1_000_000_000_000_000_000);

    private static AggregateEntry Entry(int year, string code, Aggregate value) =>
        CountryCode.TryParse(code, out var country) || code.Length == 0 ? new(new(year, country), value) : throw new ArgumentException(code);

    private static string Code(int number) =>
        $"{(char)('A' + (number / 676))}{(char)('A' + (number / 26 % 26))}{(char)('A' + (number % 26))}";

    private static EquatableArray<Rejection> ManyRejections() =>
        [.. Enumerable.Range(0, 1_000).Select(i => new Rejection(new(0, i), i + 1, "Value", $"n/a {i}", "not a number"))];
}
