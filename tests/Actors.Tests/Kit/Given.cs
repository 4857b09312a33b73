using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit;
using Etl.Actors.Extract;
using Etl.Actors.Jobs;
using Etl.Actors.Protocol;
using Etl.Actors.Supervision;
using Etl.Domain;
using Etl.Domain.Countries;
using Etl.Domain.Extract;
using Etl.Domain.Extract.Files;
using Etl.Domain.Jobs;
using Etl.Domain.Map;
using Etl.Domain.Map.Files;
using Etl.Domain.Reduce;

namespace Etl.Actors.Tests.Kit;

/// <summary>Jobs, rows and batches of tests.</summary>
internal static class Given
{
    public static readonly RegionScheme Scheme =
        ((Parsed<RegionScheme>.Ok)RegionScheme.TryBuiltIn("continent", CountryDirectory.Default)).Value;

    public static readonly StoredInput Page = new("page.html", new string('a', 64), 1);

    /// <summary>A file of records, as long as it is said to be.</summary>
    public static StoredInput Records(string label, long bytes = 1_000, Compression compression = Compression.None) =>
        new(label, new string('b', 64), bytes) { File = new($"/data/{label}", 1, compression) };

    public static readonly SourceChoice Choice = new("GDP", "Table 1", "IMF", Unit.Million, 2025, "as printed", null, []);

    public static readonly MapPlan Plan = SplitReader.PlanOf(Choice, DuplicateRule.Same, Scheme);

    /// <summary>Reads lines country,year,value in millions.</summary>
    public static FilePlan FilePlan() => new(
        Plan, new(RecordFormat.Csv, (byte)',', 3, 0, 1, 2, "country", "year", "gdp_usd_million", 0), 0, EmptyIsMissing: false, Multiline: false, 1 << 20, 10);

    /// <summary>Restarts fast: what the numbers of production do in seconds.</summary>
    public static readonly SupervisionPolicy Policy = new(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(20), 3);

    private static readonly string[] Names =
        ["Germany", "France", "Kenya", "Nigeria", "Japan", "India", "Brazil", "Chile", "Canada", "Mexico", "Australia", "Fiji"];

    public static JobSpec Spec(int batchRows = 2) =>
        new("wikipedia", [Page], AnswerOptions.Default, CountryDirectory.Default.ContentHash, batchRows, "0.1.0");

    public static JobId Job(int n = 1) => new(new Guid(n, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]));

    public static RunId Run(int n = 1) => new(new Guid(n, 1, 0, [0, 0, 0, 0, 0, 0, 0, 0]));

    public static RawRow Row(long number, string name, string value) => new(0, number, null, null, name, value, "2025");

    /// <summary>Rows of countries of several continents, in turn.</summary>
    public static ImmutableArray<RawRow> Rows(int count) =>
        [.. Enumerable.Range(1, count).Select(i => Row(i, Names[(i - 1) % Names.Length], "1,000"))];

    /// <summary>Rows of every country of the directory, a few unknown names, a missing figure and the World.</summary>
    public static ImmutableArray<RawRow> World() =>
    [
        Row(1, "World", "99,000,000"),
        .. CountryDirectory.Default.Countries.Select((c, i) => Row(i + 2, c.Name, ((i * 7919L) + 1).ToString(System.Globalization.CultureInfo.InvariantCulture))),
        Row(1_000, "Atlantis", "1"),
        Row(1_001, "El Dorado", "2"),
        Row(1_002, "Utopia", "3"),
    ];

    public static SplitReader Reader(ImmutableArray<RawRow> rows) =>
        Reader((_, _, _) => Task.FromResult<SplitReading>(new SplitReading.Rows(Choice, rows)));

    public static SplitReader Reader(Func<JobSpec, int, CancellationToken, Task<SplitReading>> read) => new(read, static _ => Scheme);

    public static PartialAggregate Partial(string country, long amount, int at = 1)
    {
        Assert.True(CountryCode.TryParse(country, out var code));
        return PartialAggregate.Of([new(new(2025, code), Aggregate.OfWitnessed(new(0, at), new(amount)))]);
    }

    public static BatchTally Tally(long rows) => BatchTally.Of(rows, rows, 0, [], [], [], []);

    public static JobProtocol.RunSettings RunSettings(string outDirectory = "nowhere", params string[] sinks) =>
        new(outDirectory, [.. sinks], false, null, null, []);

    public static JobCoordinatorActor.Assignment Assignment(int run = 1, JobId? job = null) =>
        new(job ?? Job(), Spec(), Run(run), RunSettings());

    public static BatchSet Batches(params int[] ordinals) => BatchSet.Of(ordinals.Select(o => new BatchId(0, o)));
}

/// <summary>A parent that makes what it is told to, and shows a probe what its children say to it.</summary>
internal sealed class Parent(Props child, string name, IActorRef probe) : UntypedActor
{
    private IActorRef made = ActorRefs.Nobody;

    public static Props Props(Props child, string name, IActorRef probe) => Akka.Actor.Props.Create(() => new Parent(child, name, probe));

    protected override void PreStart() => made = Context.Watch(Context.ActorOf(child, name));

    protected override void OnReceive(object message)
    {
        if (Sender.Equals(made) || message is Terminated) probe.Forward(message);
        else made.Forward(message);
    }
}

internal static class Probes
{
    /// <summary>The next message of this type; others before it are dropped.</summary>
    public static T Fish<T>(this TestProbe probe, Predicate<T>? wanted = null) =>
        (T)probe.FishForMessage(m => m is T t && (wanted is null || wanted(t)));
}
