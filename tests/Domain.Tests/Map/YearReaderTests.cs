using Etl.Domain.Map;

namespace Etl.Domain.Tests.Map;

public sealed class YearReaderTests
{
    [Theory]
    [InlineData("2025", 2025)]
    [InlineData("[n 1]2025", 2025)]
    [InlineData("[14] 2021", 2021)]
    [InlineData("2023 ", 2023)]
    [InlineData("\u00A02023[1][a]", 2023)]
    [InlineData("\u200E2023\u2020", 2023)]
    [InlineData("1900", 1900)]
    [InlineData("2100", 2100)]
    [InlineData("1899", null)]
    [InlineData("2101", null)]
    [InlineData("", null)]
    [InlineData("\u2014", null)]
    [InlineData("[2021]", null)]
    [InlineData("2021-22", null)]
    [InlineData("2021 2022", null)]
    [InlineData("20234", null)]
    [InlineData("+202", null)]
    [InlineData("\u0662\u0660\u0662\u0663", null)]
    public void A_cell_has_one_year_or_none(string text, int? expected) => Assert.Equal(expected, YearReader.Read(text));

    [Fact]
    public void The_length_is_bounded() => Assert.Null(YearReader.Read(new string(' ', 200) + "2025"));
}
