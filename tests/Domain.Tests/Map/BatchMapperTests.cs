using Etl.Domain.Countries;
using Etl.Domain.Extract;
using Etl.Domain.Jobs;
using Etl.Domain.Map;
using Etl.Domain.Tests.Load;

namespace Etl.Domain.Tests.Map;

public sealed class BatchMapperTests
{
    private static readonly MapPlan Plan = new(Unit.Billion, 2024, "IMF", DuplicateRule.Same, CountryDirectory.Default, Reports.Continents);

    [Fact]
    public void A_batch_becomes_one_partial_per_region_in_order_and_a_tally()
    {
        var batch = BatchMapper.Map([Row(1, "Japan", "1"), Row(2, "France", "2"), Row(3, "Antarctica", "3"), Row(4, "China", "4"), Row(5, "World", "9")], Plan, new RowCursor());
        Assert.Equal([1, 2, Plan.Unassigned], batch.Partials.Select(p => p.Region));
        Assert.Equal(["CHN JPN", "FRA", "ATA"], batch.Partials.Select(p => string.Join(" ", p.Partial.Entries.Select(e => e.Key.Country))));
        Assert.Equal((5, 4, 1), (batch.Tally.Read, batch.Tally.Records, batch.Tally.Aggregates));
    }

    [Fact]
    public void No_rows_are_no_partials_and_the_empty_tally()
    {
        var batch = BatchMapper.Map([], Plan, new RowCursor());
        Assert.True(batch.Partials.IsEmpty);
        Assert.Equal(BatchTally.Empty, batch.Tally);
    }

    [Fact]
    public void The_cursor_names_the_row_under_way_and_none_at_the_end()
    {
        var cursor = new RowCursor();
        BatchMapper.Map([Row(7, "France", "1")], Plan, cursor);
        Assert.Null(cursor.Position);
        Assert.ThrowsAny<Exception>(() => BatchMapper.Map([Row(7, "France", "1"), Row(8, null!, "1")], Plan, cursor));
        Assert.Equal(8, cursor.Position);
    }

    [Fact]
    public void A_file_s_place_is_its_offset_and_a_page_s_its_row()
    {
        Assert.Equal(new Place(0, 3), RowMapper.PlaceOf(Row(3, "France", "1")));
        Assert.Equal(new Place(0, 999), RowMapper.PlaceOf(Row(3, "France", "1") with { Offset = 999 }));
    }

    [Theory]
    [InlineData("2023", "1", 2023)]
    [InlineData("", "1", 2024)]
    [InlineData("2023", "1 (2022)", 2022)]
    public void The_year_is_the_value_s_own_or_the_row_s_or_the_header_s(string year, string value, int expected) =>
        Assert.Equal(expected, Assert.IsType<MappedRow.Record>(RowMapper.Map(Row(1, "France", value) with { Year = year }, Plan)).Year);

    private static RawRow Row(long number, string name, string value) => new(0, number, null, null, name, value, "");
}
