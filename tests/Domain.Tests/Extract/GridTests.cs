using CsCheck;
using Etl.Domain.Extract;

namespace Etl.Domain.Tests.Extract;

public sealed class GridTests
{
    [Fact]
    public void Spans_cover_the_places_a_browser_gives_them()
    {
        var grid = Pages.Grid("a{2,1} | b{1,2} | c", "d | e | f");

        Assert.Equal(["a", "b", "b", "c"], Texts(grid, 0));
        Assert.Equal(["a", "d", "e", "f"], Texts(grid, 1));
        Assert.Same(grid[0, 1], grid[0, 2]);
        Assert.Same(grid[0, 0], grid[1, 0]);
    }

    [Fact]
    public void A_row_span_is_clamped_to_its_row_group()
    {
        var rows = new[] { Pages.Row("a{9,1} | b"), Pages.Row("c") with { Group = 1 }, Pages.Row("d{0,1} | e") with { Group = 1 }, Pages.Row("f") with { Group = 1 } };
        var grid = GridBuilder.Build([.. rows]);

        Assert.Equal(["c"], Texts(grid, 1));
        Assert.Equal(["d", "f"], Texts(grid, 3)); // 0 means to the end of the group
    }

    [Fact]
    public void Where_two_cells_overlap_the_earlier_keeps_its_place()
    {
        var grid = Pages.Grid("a | b{2,1} | c", "d{1,3}");

        Assert.Equal(["d", "b", "d"], Texts(grid, 1));
    }

    [Theory]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(-5, -5)]
    [InlineData(0, 0)]
    public void Absurd_spans_are_clamped(int rowSpan, int columnSpan)
    {
        var grid = GridBuilder.Build([new SourceRow([new SourceCell("a", false, rowSpan, columnSpan)]), new SourceRow([])]);

        Assert.Equal(2, grid.Rows);
        Assert.InRange(grid.Columns, 1, GridBuilder.MaximumColumns);
    }

    [Fact]
    public void A_table_beyond_the_limits_says_that_it_is_cut()
    {
        var rows = GridBuilder.Build([.. Enumerable.Repeat(new SourceRow([new SourceCell("a")]), GridBuilder.MaximumRows + 1)]);
        var columns = GridBuilder.Build([new SourceRow([.. Enumerable.Repeat(new SourceCell("a"), GridBuilder.MaximumColumns + 1)])]);
        var cells = GridBuilder.Build([new SourceRow([new SourceCell("a", false, 65_534, 1000)]), .. Enumerable.Repeat(new SourceRow([]), 5000)]);

        Assert.Contains("rows", rows.Cut, StringComparison.Ordinal);
        Assert.Contains("columns", columns.Cut, StringComparison.Ordinal);
        Assert.Contains("cells", cells.Cut, StringComparison.Ordinal);
        Assert.True((long)cells.Rows * cells.Columns <= GridBuilder.MaximumSlots);
    }

    [Fact]
    public void Any_cells_give_a_grid_and_any_grid_a_reading()
    {
        string[] texts = ["", "Country", "IMF", "IMF (2025)", "Year", "GDP (US$ million)", "1,234", "—", "World", "UN region", "World Bank", "2025"];
        var cell = Gen.Select(
            Gen.Int[0, texts.Length - 1].Select(i => texts[i]), Gen.Bool, Gen.Int[-1, 5], Gen.Int[-1, 5], (text, header, rowSpan, columnSpan) => new SourceCell(text, header, rowSpan, columnSpan));
        var row = Gen.Select(cell.Array[0, 6], Gen.Int[0, 1], Gen.Bool, (cells, group, head) => new SourceRow([.. cells], group, head));

        row.Array[0, 8].Sample(rows =>
        {
            var grid = GridBuilder.Build([.. rows]);
            foreach (var publisher in Publishers.All)
                _ = TableReader.Read(Pages.Page(new PageTable("GDP", grid)), new TableRequest(publisher));
            for (var r = 0; r < grid.Rows; r++)
            {
                foreach (var placed in grid.Row(r))
                    Assert.True(placed is null || (placed.Row <= r && placed.Width >= 1));
            }
        });
    }

    private static IEnumerable<string> Texts(Grid grid, int row) => grid.Row(row).ToArray().Select(cell => cell?.Text ?? "");
}
