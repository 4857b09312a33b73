using Etl.Actors.Load.Sinks;
using Etl.Domain;
using Etl.Domain.Load;
using static Etl.Actors.Tests.Sinks.Database;

namespace Etl.Actors.Tests.Sinks;

public sealed class SqlCrossCheckTests
{
    [Fact]
    public async Task A_disagreement_names_the_difference_and_leaves_the_old_database()
    {
        using var directory = new TempDirectory();
        var good = Samples.Report(Samples.World);
        var wrong = good with { Regions = good.Regions.Select(r => r.Region == "Asia" ? r with { Average = "325.47" } : r).ToEquatableArray() };

        var first = await Assert.ThrowsAsync<SinkException>(() => LoadAsync(directory, wrong));
        Assert.Contains("the average of Asia is 325.47 in the report and 325.45 by SQL", first.Message, StringComparison.Ordinal);
        Assert.Equal((1, false), (first.ExitCode, first.IsTransient));
        Assert.Empty(directory.Names());

        await LoadAsync(directory, good);
        var hash = AtomicFileTests.HashOf(directory.File(SqliteSink.FileName));
        await Assert.ThrowsAsync<SinkException>(() => LoadAsync(directory, wrong, run: 2));
        Assert.Equal(hash, AtomicFileTests.HashOf(directory.File(SqliteSink.FileName)));
        Assert.Equal([SqliteSink.FileName], directory.Names());
    }

    [Fact]
    public async Task Other_members_are_a_disagreement_unless_their_rounded_values_are_equal()
    {
        using var directory = new TempDirectory();
        var good = Samples.Report(Samples.World, top: 1);
        Report With(CountryRow member) => good with
        {
            Regions = good.Regions.Select(r => r.Region == "Asia" ? r with { Members = [member] } : r).ToEquatableArray(),
        };

        var failure = await Assert.ThrowsAsync<SinkException>(() => LoadAsync(directory, With(Samples.World[3])));
        Assert.Contains("number 1 of Asia is KOR in the report and TUR by SQL", failure.Message, StringComparison.Ordinal);
        await LoadAsync(directory, With(Samples.World[3] with { Gdp = Samples.Millions(550_901m) }));
    }

    [Fact]
    public async Task The_check_asks_the_database()
    {
        using var directory = new TempDirectory();
        var report = Samples.Report(Samples.World);
        await LoadAsync(directory, report);
        using var connection = Open(directory);
        foreach (var (change, difference) in new[]
        {
            ("UPDATE Countries_by_GDP SET GDP_USD_billion = 99.99 WHERE Code = 'CIV'", "CIV (2025) is at or above 100 billion USD in the report, and not by SQL"),
            ("UPDATE Countries_by_GDP SET GDP_USD_billion = 100 WHERE Code = 'MEX'", "MEX (2025) is at or above 100 billion USD by SQL, and not in the report"),
            ("DELETE FROM Countries_by_GDP WHERE Code = 'KOR'", "KOR is at or above 100 billion USD in the report, and not by SQL"),
            ("UPDATE Countries_by_GDP SET Region = 'Atlantis' WHERE Code = 'XKX'", "Atlantis has an average by SQL, and none in the report"),
            ("UPDATE Countries_by_GDP SET Region = NULL WHERE Code = 'CIV'", "Africa has no average by SQL"),
            ("UPDATE Countries_by_GDP SET GDP_USD_million = GDP_USD_million + 100 WHERE Code = 'TUR'", "the average of Asia is 325.45 in the report and 325.5 by SQL"),
        })
        {
            using var transaction = connection.BeginTransaction();
            Query(connection, change, transaction);
            var failure = Assert.Throws<SinkException>(() => SqlCrossCheck.Run(connection, transaction, report, "x.db"));
            Assert.Contains(difference, failure.Message, StringComparison.Ordinal);
        }
    }
}
