using System.Diagnostics;
using System.Globalization;
using Etl.Actors.Load.Sinks;
using Etl.Domain.Jobs;
using Etl.Domain.Load;
using static Etl.Actors.Tests.Sinks.Database;

namespace Etl.Actors.Tests.Sinks;

public sealed class SqliteSinkTests
{
    [Fact]
    public async Task Answers_stand_in_the_tables_and_sql_agrees()
    {
        using var directory = new TempDirectory();
        var result = await LoadAsync(directory, Samples.Report(Samples.World));

        Assert.Equal("SQL agrees: 5 at or above 100, 3 averages", result.CrossCheck);
        Assert.Equal([SqliteSink.FileName], directory.Names());
        Assert.Equal(AtomicFileTests.HashOf(directory.File(SqliteSink.FileName)), Assert.Single(result.Files).Sha256);
        Assert.Equal(
            [
                "United States|USA|North America|2025|30337.16|30337162|30337162|1", "Türkiye|TUR|Asia|2025|550.9|550905|550905|2",
                "Canada|CAN|North America|2024|100|100000|100000|3", "서울|KOR|Asia|null|100|100000|100000|3",
                "Côte d'Ivoire|CIV|Africa|2025|100|99995.000001|99995.000001|5", "Mexico|MEX|North America|2025|99.99|99994|99994|6",
                "The \"Other\" </script> & co|XKX|null|2025|6.95|6946.5|6946.5|7",
            ],
            Query(directory, "SELECT * FROM Countries_by_GDP"));
        Assert.Equal(
            [
                "Africa|null|2025|2025|2|100|99.995000001|[{\"Country\":\"Côte d'Ivoire\",\"Code\":\"CIV\",\"Year\":2025,\"GDP_USD_billion\":100.00}]",
            ],
            Query(directory, "SELECT * FROM Region_Top WHERE Region = 'Africa'"));
        Assert.Equal(
            [
                "Africa|null|2025|2025|2|100|Côte d'Ivoire|CIV", "Asia|null|2025|2025|2|325.45|Türkiye, 서울|TUR KOR",
                "North America|null|2024|2025|2|15218.58|United States, Canada|USA CAN",
            ],
            Query(directory, "SELECT * FROM Region_Top_SQL"));
    }

    [Fact]
    public async Task Results_per_year_are_averaged_per_year()
    {
        using var directory = new TempDirectory();
        CountryRow[] rows =
        [
            Samples.Row("France", "FRA", "Europe", 2023, 300_000m, 1), Samples.Row("Spain", "ESP", "Europe", 2023, 100_000m, 2),
            Samples.Row("Spain", "ESP", "Europe", 2024, 500_000m, 1), Samples.Row("France", "FRA", "Europe", 2024, 400_000m, 2),
            Samples.Row("Italy", "ITA", "Europe", 2024, 1m, 3),
        ];
        var result = await LoadAsync(directory, Samples.Report(rows, new YearRule.All()));

        Assert.Equal("SQL agrees: 4 at or above 100, 2 averages", result.CrossCheck);
        Assert.Equal(
            ["Europe|2023|2023|2023|2|200|France, Spain|FRA ESP", "Europe|2024|2024|2024|2|450|Spain, France|ESP FRA"],
            Query(directory, "SELECT * FROM Region_Top_SQL"));
        Assert.Equal(["2023|200", "2024|450"], Query(directory, "SELECT Year, Average_GDP_USD_billion FROM Region_Top"));
    }

    [Fact]
    public async Task Another_load_replaces_the_answer_and_adds_a_run()
    {
        using var directory = new TempDirectory();
        var rejection = new Domain.Map.Rejection(new Place(0, 7), 12, "IMF", "'); DROP TABLE Runs; --", "not a number");
        await LoadAsync(directory, Samples.Report(Samples.World, rejections: [rejection]));
        var before = Contents(directory);
        await LoadAsync(directory, Samples.Report(Samples.World, rejections: [rejection]), run: 2);
        await LoadAsync(directory, Samples.Report(Samples.World, rejections: [rejection]), run: 2);

        Assert.Equal(before, Contents(directory));
        Assert.Equal(["page.html|12|7|null|IMF|'); DROP TABLE Runs; --|not a number|map"], Query(directory, "SELECT * FROM Quarantine"));
        Assert.Equal(
            ["00000001000000000000000000000000|11|7|2.25|4.9|2025-12-30T08:00:00.000Z", "00000002000000000000000000000000|11|7|2.25|4.9|2025-12-30T08:00:00.000Z"],
            Query(directory, "SELECT Run_Id, Read, Counted, Seconds, Rows_Per_Second, Started FROM Runs"));

        await LoadAsync(directory, Samples.Report([Samples.World[0]], top: 1), run: 3);
        Assert.Equal(["USA"], Query(directory, "SELECT Code FROM Countries_by_GDP"));
        Assert.Equal(["North America|1"], Query(directory, "SELECT Region, Top FROM Region_Top_SQL"));
        Assert.Equal(["3"], Query(directory, "SELECT COUNT(*) FROM Runs"));
    }

    [Fact]
    public async Task What_people_added_to_the_database_stays()
    {
        using var directory = new TempDirectory();
        await LoadAsync(directory, Samples.Report(Samples.World));
        Query(directory, "CREATE TABLE Mine (a); CREATE INDEX Mine_Too ON Countries_by_GDP (Region); PRAGMA journal_mode = WAL;");
        await LoadAsync(directory, Samples.Report(Samples.World), run: 2);

        Assert.Equal(["2"], Query(directory, "SELECT COUNT(*) FROM sqlite_master WHERE name LIKE 'Mine%'"));
        Assert.Equal([SqliteSink.FileName], directory.Names());
    }

    [Fact]
    public async Task A_reader_sees_the_old_answer_or_the_new()
    {
        using var directory = new TempDirectory();
        await LoadAsync(directory, Samples.Report(Samples.World));
        using var open = Open(directory);
        Assert.Equal(["7"], Query(open, "SELECT COUNT(*) FROM Countries_by_GDP"));
        await LoadAsync(directory, Samples.Report([Samples.World[0]]), run: 2);
        Assert.Equal(["1"], Query(open, "SELECT COUNT(*) FROM Countries_by_GDP"));

        using (var transaction = open.BeginTransaction(deferred: true))
        {
            Assert.Equal(["1"], Query(open, "SELECT COUNT(*) FROM Countries_by_GDP", transaction));
            var failure = await Assert.ThrowsAsync<SinkException>(() => LoadAsync(directory, Samples.Report(Samples.World), run: 3));
            Assert.True(failure.IsTransient);
            Assert.Contains("another program", failure.Message, StringComparison.Ordinal);
            Assert.Equal(["1"], Query(open, "SELECT COUNT(*) FROM Countries_by_GDP", transaction));
        }

        // A reader that comes to its end within the time is waited for.
        var reading = open.BeginTransaction(deferred: true);
        Query(open, "SELECT COUNT(*) FROM Countries_by_GDP", reading);
        var load = new SqliteSink(TimeSpan.FromSeconds(30)).LoadAsync(Samples.Input(Samples.Report(Samples.World), directory, 3), default);
        await Task.WhenAny(load, Task.Delay(300));
        Assert.False(load.IsCompleted);
        reading.Dispose();
        await load;
        Assert.Equal(["7"], Query(open, "SELECT COUNT(*) FROM Countries_by_GDP"));
    }

    [Theory]
    [InlineData("CREATE TABLE Countries_by_GDP (Country TEXT, GDP_USD_billion REAL)", "Countries_by_GDP")]
    [InlineData("CREATE TABLE runs (Runner TEXT)", "Runs")]
    [InlineData("CREATE VIEW Region_Top AS SELECT 1 AS Region", "Region_Top")]
    [InlineData("CREATE TABLE Region_Top_SQL (Region TEXT)", "Region_Top_SQL")]
    public async Task A_foreign_database_is_left_alone(string sql, string name)
    {
        using var directory = new TempDirectory();
        Query(directory, sql);
        await Refuses(directory, name);
    }

    [Theory]
    [InlineData("Country,GDP\nFrance,1\n")]
    [InlineData("SQLite format 3\0 and then nothing of the kind, padded until the library would read a page of it ..........................................")]
    public async Task A_file_that_is_no_database_is_left_alone(string content)
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory.File(SqliteSink.FileName), content);
        await Refuses(directory, SqliteSink.FileName);
    }

    [Fact]
    public async Task An_empty_file_is_an_empty_database()
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory.File(SqliteSink.FileName), "");
        await LoadAsync(directory, Samples.Report(Samples.World));
        Assert.Equal(["7"], Query(directory, "SELECT COUNT(*) FROM Countries_by_GDP"));
    }

    [Fact]
    public async Task Two_hundred_rows_take_no_time()
    {
        using var directory = new TempDirectory();
        var rows = Enumerable.Range(0, 200).Select(i => Samples.Row(
            "Country " + i.ToString(CultureInfo.InvariantCulture), $"{(char)('A' + i / 26)}{(char)('A' + i % 26)}A", "Region " + (char)('A' + i % 6), 2025, 1_000_000m - (i * 997.125m), i + 1)).ToArray();
        var report = Samples.Report(rows, top: 5);
        await LoadAsync(directory, report);
        var best = TimeSpan.MaxValue;
        for (var run = 2; run < 12; run++)
        {
            var watch = Stopwatch.StartNew();
            await LoadAsync(directory, report, run);
            if (watch.Elapsed < best) best = watch.Elapsed;
        }

        // Far above what it takes on an idle machine: this catches a statement per row that is not prepared, or a flush per row.
        Assert.True(best < TimeSpan.FromMilliseconds(250), $"best of 10 loads: {best.TotalMilliseconds} ms");
    }

    [Fact]
    public async Task A_file_in_place_of_the_directory_is_a_clear_error()
    {
        using var directory = new TempDirectory();
        var file = directory.File("out");
        File.WriteAllText(file, "mine");
        var input = new SinkInput(Samples.Report(Samples.World), Samples.Facts(), file);

        foreach (var sink in new ISink[] { new JsonSink(), new QuarantineSink(), new SqliteSink() })
        {
            var failure = await Assert.ThrowsAsync<SinkException>(() => sink.LoadAsync(input, default));
            Assert.Contains(file, failure.Message, StringComparison.Ordinal);
            Assert.Contains("--out", failure.Message, StringComparison.Ordinal);
            Assert.Equal(SinkException.DiskExitCode, failure.ExitCode);
        }

        Assert.Equal("mine", File.ReadAllText(file));
    }

    private static async Task Refuses(TempDirectory directory, string named)
    {
        var path = directory.File(SqliteSink.FileName);
        var before = File.ReadAllBytes(path);
        var failure = await Assert.ThrowsAsync<SinkException>(() => LoadAsync(directory, Samples.Report(Samples.World)));
        Assert.Equal((1, false), (failure.ExitCode, failure.IsTransient));
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.Contains("Move the file away", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([SqliteSink.FileName], directory.Names());
    }
}
