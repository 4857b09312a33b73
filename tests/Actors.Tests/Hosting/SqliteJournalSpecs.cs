using Akka.Actor;
using Akka.Actor.Setup;
using Etl.Actors.Hosting;
using Etl.Actors.Protocol;
using Etl.Actors.Reduce;
using Etl.Actors.Tests.Sinks;
using Etl.Domain.Countries;
using Etl.Domain.Jobs;
using Etl.Domain.Reduce;
using Microsoft.Data.Sqlite;

namespace Etl.Actors.Tests.Hosting;

/// <summary>The journal on its real file: how large it gets while a job runs, and what is left of one that is over.</summary>
public sealed class SqliteJournalSpecs : IDisposable
{
    private const int Writes = 500;
    private readonly TempDirectory directory = new();
    private readonly JobId job = new(Guid.NewGuid());

    private string File => directory.File("journal.db");

    [Fact]
    public async Task The_file_does_not_grow_with_the_number_of_writes_and_is_small_again_in_the_end()
    {
        SqliteJournal.Prepare(File);
        var system = Start();
        var heard = system.ActorOf(Props.Create(() => new Counter()));
        var reducers = system.ActorOf(RegionParentActor.Props(
            new RegionMessageExtractor(),
            RegionReducerActor.Entities(Kit.Given.Policy, new(TimeSpan.Zero, 1, 16), heard, FaultPoints.None), heard, Kit.Given.Policy));
        long largest = 0;
        for (var write = 0; write < Writes; write++)
        {
            reducers.Tell(new ReduceProtocol.MergePartial(job, 0, new(0, write), Partial(write), heard));
            if (await heard.Ask<int>("heard", TimeSpan.FromSeconds(20)) < write - 4) await Task.Delay(1);
            largest = Math.Max(largest, SqliteJournal.Size(File));
        }

        // So many events are written: all of them would be far more than what the file ever had.
        Assert.InRange(largest, 1, Writes * 3_000);
        var total = await reducers.Ask<ReduceProtocol.RegionTotalReply>(new ReduceProtocol.GetRegionTotal(job, 0), TimeSpan.FromSeconds(20));
        Assert.Equal(Writes, total.Merged.Count);
        Assert.Equal(Enumerable.Range(0, Writes).Select(Partial).Aggregate(PartialAggregate.Combine), total.Total);

        reducers.Tell(new ReduceProtocol.ForgetRegion(job, 0, heard));
        await Eventually(() => Count("deleted = 0") == 0);
        await system.Terminate();
        SqliteJournal.Shrink(File, 0);
        Assert.InRange(SqliteJournal.Size(File), 1, 100_000);
        // The last event stays, for its number, and is nearly nothing.
        Assert.Equal(1, Count("length(message) < 16"));
    }

    [Fact]
    public void A_file_that_is_small_enough_is_left_alone_and_one_that_is_not_there_is_no_failure()
    {
        SqliteJournal.Shrink(File, 0);
        SqliteJournal.Prepare(File);
        var before = System.IO.File.GetLastWriteTimeUtc(File);
        SqliteJournal.Shrink(File, 1_000_000);
        Assert.Equal(before, System.IO.File.GetLastWriteTimeUtc(File));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        directory.Dispose();
    }

    // 500 entries, about 5 KB an event, different in each.
    private static PartialAggregate Partial(int write) => PartialAggregate.Of(Enumerable.Range(0, 500).Select(i =>
        new AggregateEntry(new(1990 + (i / 20), CountryDirectory.Default.Countries[i % 20].Code), Aggregate.OfContribution(new(((write * 7919L) + i + 1) * 1_000_003)))));

    private static async Task Eventually(Func<bool> holds)
    {
        for (var i = 0; i < 400 && !holds(); i++) await Task.Delay(50);
        Assert.True(holds());
    }

    private ActorSystem Start()
    {
        var config = EtlConfig.Compose([], [], SqliteJournal.ConnectionString(File));
        return ActorSystem.Create("etl", ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config), SqliteJournal.SetupFor(config)!));
    }

    private long Count(string where)
    {
        using var connection = new SqliteConnection(SqliteJournal.ConnectionString(File));
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"select count(*) from journal where {where}";
        return (long)command.ExecuteScalar()!;
    }

    private sealed class Counter : UntypedActor
    {
        private int heard;

        protected override void OnReceive(object message)
        {
            if (message is ReduceProtocol.PartialsAcked) heard++;
            else if (message is string) Sender.Tell(heard);
        }
    }
}
