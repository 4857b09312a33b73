using Etl.Domain.Jobs;
using Etl.Domain.Map;
using Etl.Domain.Reduce;

namespace Etl.Domain.Tests.Jobs;

/// <summary>
/// The actor system as a toy: messages in a bag, delivered in any order, twice or never; reducers that forget what they have not
/// written; mappers that crash; a process that dies. Only the journals survive. Every decision is the core's.
/// </summary>
internal sealed class SimulatedRun
{
    private const int Regions = 3, Credit = 4;

    private readonly Random random;
    private readonly int[] splits;
    private readonly List<JobEvent> journal = [];
    private readonly List<RegionEvent>[] regionJournals = [.. Enumerable.Range(0, Regions).Select(_ => new List<RegionEvent>())];
    private readonly List<PartialOffer>[] unwritten = [.. Enumerable.Range(0, Regions).Select(_ => new List<PartialOffer>())];
    private readonly RegionState[] regions = [.. Enumerable.Repeat(RegionState.Initial, Regions)];
    private readonly List<Action> bag = [];
    private Flight flight = Flight.Empty;
    private DateTimeOffset now = Generators.Now;
    private int runs;

    public SimulatedRun(int seed, int[] splits)
    {
        random = new Random(seed);
        this.splits = splits;
        Begin();
    }

    public JobState Durable { get; private set; } = Job.Initial;

    public IReadOnlyList<RegionState> Reduced => regions;

    public IReadOnlyList<JobEvent> Journal => journal;

    public JobState.Running Running => Assert.IsType<JobState.Running>(Durable);

    public IEnumerable<BatchId> Planned => splits.SelectMany((batches, split) => Enumerable.Range(0, batches).Select(o => new BatchId(split, o)));

    /// <summary>What the mapper makes of a batch: a function of its id, as in the product it is of its content.</summary>
    public static int[] RegionsOf(BatchId id) => [.. Enumerable.Range(0, Regions).Where(region => (((id.Ordinal * 5) + id.Split) >> region) % 2 == 0)];

    public static PartialAggregate PartialOf(BatchId id, int region) =>
        PartialAggregate.Of([new(new(2025, Generators.Code(region)), Aggregate.OfWitnessed(new(id.Split, id.Ordinal), new Money(1 << id.Ordinal)))]);

    /// <summary>One random step, faults included.</summary>
    public void Step()
    {
        switch (random.Next(50))
        {
            case 0: Die(); break;
            case 1: CrashReducer(random.Next(Regions)); break;
            case 2: CrashMapper(); break;
            case 3: Tick(); break;
            case < 8: Plan(random.Next(splits.Length)); break;
            case < 14: Issue(); break;
            case < 20: Write(random.Next(Regions)); break;
            case < 26: Settle(); break;
            default: Deliver(repeat: random.Next(5) == 0, lose: random.Next(12) == 0); break;
        }
    }

    /// <summary>No more faults, but late and lost messages stay what they are.</summary>
    public void StepWithoutFaults()
    {
        for (var split = 0; split < splits.Length; split++) Plan(split);
        Issue();
        while (bag.Count > 0) Deliver(repeat: false, lose: false);
        for (var region = 0; region < Regions; region++) Write(region);
        while (bag.Count > 0) Deliver(repeat: false, lose: false);
        Settle();
        Tick();
    }

    private void Begin() => Carry(new JobCommand.Begin(Generators.TheJob, Generators.Spec(splits.Length), Generators.Run(++runs), now));

    private void Plan(int split) => Carry(new JobCommand.Plan(split, splits[split], Generators.Choice));

    private void Issue()
    {
        var owed = Job.Owed(Durable, flight.Ids, Credit - flight.Count);
        Assert.DoesNotContain(owed, id => Running.Completed.Contains(id) || flight.Batches.ContainsKey(id));
        flight = flight.Issue(owed, now.AddSeconds(random.Next(1, 20)));
        foreach (var id in owed) bag.Add(() => MapBatch(id));
    }

    private void MapBatch(BatchId id)
    {
        foreach (var region in RegionsOf(id)) bag.Add(() => unwritten[region].Add(new(id, PartialOf(id, region))));
        bag.Add(() => flight = flight.Mapped(id, Generators.TallyOf(id), RegionsOf(id)));
    }

    private void Deliver(bool repeat, bool lose)
    {
        if (bag.Count == 0) return;
        var index = random.Next(bag.Count);
        var message = bag[index];
        if (!repeat) bag.RemoveAt(index);
        if (!lose) message();
    }

    private void Write(int region)
    {
        var group = unwritten[region].ToArray();
        unwritten[region].Clear();
        if (RegionReduction.Decide(regions[region], group) is Decision<RegionEvent, string>.Accepted accepted)
        {
            regionJournals[region].AddRange(accepted.Events);
            regions[region] = RegionReduction.Fold(regions[region], accepted.Events);
        }

        var acked = BatchSet.Of(group.Select(offer => offer.Batch));
        if (acked.Count > 0) bag.Add(() => flight = flight.Ack(region, acked));
    }

    private void Settle()
    {
        var settled = flight.Settled;
        Carry(new JobCommand.Complete(settled));
        flight = flight.Remove(settled.Keys);
    }

    private void Tick()
    {
        now = now.AddSeconds(random.Next(1, 15));
        GiveBack(flight.Overdue(now), "overdue");
    }

    private void CrashMapper()
    {
        if (flight.Count == 0) return;
        var id = flight.Batches.Keys.ElementAt(random.Next(flight.Count));
        Carry(new JobCommand.Crash("/user/etl/mappers/$a", "boom", "Restart", id, null, now = now.AddTicks(1)));
        flight = flight.Remove([id]);
    }

    private void CrashReducer(int region)
    {
        unwritten[region].Clear();
        regions[region] = RegionReduction.Fold(RegionState.Initial, regionJournals[region]);
        GiveBack(flight.WaitingOn(region), "its reducer was replaced");
    }

    private void GiveBack(BatchSet batches, string reason)
    {
        Assert.DoesNotContain(batches.Ids(), id => !flight.Batches.ContainsKey(id));
        if (Job.Decide(Durable, new JobCommand.Retry(batches, reason, now)) is Decision<JobEvent, string>.Accepted accepted) Persist(accepted);
        flight = flight.Remove(batches.Ids());
    }

    private void Die()
    {
        flight = Flight.Empty;
        for (var region = 0; region < Regions; region++) CrashReducer(region);
        // Messages die with the process; a few are kept all the same, as if the network held them.
        bag.RemoveAll(_ => random.Next(4) > 0);
        Durable = Job.Fold(Job.Initial, journal);
        Begin();
    }

    private void Carry(JobCommand command)
    {
        var decision = Job.Decide(Durable, command);
        Assert.IsNotType<Decision<JobEvent, string>.Rejected>(decision);
        if (decision is Decision<JobEvent, string>.Accepted accepted) Persist(accepted);
        Assert.IsType<Decision<JobEvent, string>.AlreadyDone>(Job.Decide(Durable, command));
    }

    private void Persist(Decision<JobEvent, string>.Accepted accepted)
    {
        journal.AddRange(accepted.Events);
        Durable = Job.Fold(Durable, accepted.Events);
    }
}
