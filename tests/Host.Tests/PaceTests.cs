using Etl.Actors.Hosting;
using Etl.Host.Screen;

namespace Etl.Host.Tests;

/// <summary>How fast, and how long yet.</summary>
public sealed class PaceTests
{
    private const int Width = 79;

    [Fact]
    public void A_steady_run_is_forecast_exactly()
    {
        var pace = new Pace();
        PaceReading reading = default;
        for (var second = 0; second <= 10; second++) reading = pace.Add(TimeSpan.FromSeconds(second), Snapshot(1_000_000L * second, second, 40));
        Assert.Equal(0.25, reading.Share);
        Assert.Equal(1_000_000, reading.RowsPerSecond!.Value, 1);
        Assert.Equal(30, reading.Left!.Value.TotalSeconds, 3);
    }

    [Fact]
    public void Rows_per_second_are_those_of_the_last_seconds()
    {
        var pace = new Pace();
        var reading = pace.Add(default, Snapshot(0, 0, 100));
        Assert.Equal((0, null, null), (reading.Share!.Value, reading.RowsPerSecond, reading.Left));
        Assert.Null(pace.Add(TimeSpan.FromSeconds(0.25), Snapshot(100, 0, 100)).RowsPerSecond);
        for (var second = 1; second <= 20; second++)
            reading = pace.Add(TimeSpan.FromSeconds(second), Snapshot(1000 + (second > 10 ? 10 * (second - 10) : 0), 1, 100));
        Assert.Equal(10, reading.RowsPerSecond!.Value, 3);
        Assert.Equal(0, pace.Add(TimeSpan.FromSeconds(40), Snapshot(1100, 1, 100)).RowsPerSecond);
    }

    [Fact]
    public void What_was_done_before_counts_as_done_but_not_as_fast()
    {
        var pace = new Pace();
        pace.Add(default, Snapshot(0, 0, 100));
        // The coordinator has read the journal: 60 batches are there at once.
        pace.Add(TimeSpan.FromSeconds(1), Snapshot(600, 60, 100) with { BatchesResumed = 60 });
        var reading = pace.Add(TimeSpan.FromSeconds(10), Snapshot(800, 80, 100) with { BatchesResumed = 60 });
        Assert.Equal(0.8, reading.Share!.Value, 6);
        Assert.Equal(10, reading.Left!.Value.TotalSeconds, 3);
    }

    [Fact]
    public void Without_a_plan_there_is_a_rate_alone_and_bytes_can_stand_in()
    {
        var pace = new Pace();
        pace.Add(default, Snapshot(0, 0, 0));
        var unknown = pace.Add(TimeSpan.FromSeconds(4), Snapshot(400, 4, 0));
        Assert.Equal((null, 100, null), (unknown.Share, unknown.RowsPerSecond, unknown.Left));

        pace.Add(TimeSpan.FromSeconds(5), Snapshot(500, 5, 0) with { BytesDone = 100, BytesPlanned = 1000 });
        var bytes = pace.Add(TimeSpan.FromSeconds(9), Snapshot(900, 9, 0) with { BytesDone = 500, BytesPlanned = 1000 });
        Assert.Equal((0.5, 5), (bytes.Share!.Value, bytes.Left!.Value.TotalSeconds));
    }

    [Fact]
    public void Nothing_absurd_is_forecast()
    {
        var pace = new Pace();
        pace.Add(default, Snapshot(0, 5, 10));
        Assert.Null(pace.Add(TimeSpan.FromSeconds(1), Snapshot(10, 6, 10)).Left);
        Assert.Equal(1, pace.Add(TimeSpan.FromSeconds(3), Snapshot(10, 12, 10)).Share);
        // Counts that went back begin anew, and no time is negative.
        var back = pace.Add(TimeSpan.FromSeconds(4), Snapshot(5, 1, 10));
        Assert.Equal((null, null), (back.RowsPerSecond, back.Left));
        Assert.Null(pace.Add(TimeSpan.FromSeconds(400), Snapshot(5, 1, 1_000_000)).Left);
        Assert.Null(pace.Add(TimeSpan.FromSeconds(800), Snapshot(5, 2, long.MaxValue)).Left);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(9999, "9999")]
    [InlineData(10_000, "10.0 k")]
    [InlineData(999_949, "999.9 k")]
    [InlineData(999_950, "1.0 M")]
    [InlineData(50_000_000, "50.0 M")]
    [InlineData(1_500_000_000, "1.5 bn")]
    [InlineData(1_500_000_000_000, "1500.0 bn")]
    public void Large_counts_are_short(long count, string expected) => Assert.Equal(expected, ProgressText.Short(count));

    [Fact]
    public void The_line_has_a_bar_rows_and_time()
    {
        var progress = Snapshot(12_345_678, 42, 100) with { RegionsWithRows = 6 };
        PaceReading pace = new(0.42, 5_123_456, TimeSpan.FromSeconds(41.2));
        Assert.Equal("map [██████▊         ]  42 %  12.3 M rows  5.1 M rows/s  0:42 left  6 regions", ProgressText.Of(progress, pace, Glyphs.Unicode, Width));
        Assert.Equal("map [######-         ]  42 %  12.3 M rows  5.1 M rows/s  0:42 left  6 regions", ProgressText.Of(progress, pace, Glyphs.Ascii, Width));
        Assert.Equal("map  12.3 M rows  5.1 M rows/s  6 regions", ProgressText.Of(progress, pace with { Share = null, Left = null }, Glyphs.Unicode, Width));
        Assert.Equal(
            "map [████████████████] 100 %  12.3 M rows  6 regions",
            ProgressText.Of(progress, new(1, null, TimeSpan.Zero), Glyphs.Unicode, Width));
        Assert.Contains("  27:46:40 left", ProgressText.Of(progress, pace with { Left = TimeSpan.FromSeconds(100_000) }, Glyphs.Unicode, Width), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "copy standard input  1 B")]
    [InlineData(1_234_567, "copy standard input  1.2 MB")]
    [InlineData(64_000_000_000, "copy standard input  64.0 GB")]
    public void A_copy_tells_its_bytes_and_does_not_count_as_pace(long bytes, string expected)
    {
        var pace = new Pace();
        for (var second = 0; second < 10; second++)
            Assert.Equal(expected, ProgressText.Of(RunProgress.Copying(bytes), pace.Add(TimeSpan.FromSeconds(second), RunProgress.Copying(bytes)), Glyphs.Unicode, Width));
        pace.Add(TimeSpan.FromSeconds(10), Snapshot(0, 0, 0));
        Assert.Equal(100, pace.Add(TimeSpan.FromSeconds(11), Snapshot(100, 1, 0)).RowsPerSecond);
    }

    [Theory]
    [InlineData(79)]
    [InlineData(50)]
    [InlineData(20)]
    [InlineData(1)]
    public void It_fits(int width)
    {
        var text = ProgressText.Of(
            Snapshot(long.MaxValue, 1, 2) with { Restarts = long.MaxValue, RegionsWithRows = int.MaxValue },
            new(0.999, double.MaxValue, TimeSpan.FromDays(99)), Glyphs.Unicode, width);
        Assert.InRange(Cells.Width(text), 1, width);
        Assert.DoesNotContain("100 %", text, StringComparison.Ordinal);
    }

    private static RunProgress Snapshot(long rows, long done, long planned) => new("Map", rows, done, planned, 0, 0);
}
