using Etl.Domain.Extract;

namespace Etl.Domain.Tests.Extract;

/// <summary>Builds small pages: a row is a text with cells parted by "|"; "!" before a cell makes it a header, "{r,c}" gives its spans.</summary>
internal static class Pages
{
    public const string Title = "List of countries by GDP (nominal)";

    public static Grid Grid(params string[] rows) => GridBuilder.Build([.. rows.Select(row => Row(row))]);

    public static PageTable Table(string? caption, params string[] rows) => new(caption, Grid(rows));

    public static PageOutline Page(params PageTable[] tables) => new(Title, Title, new DateOnly(2025, 12, 30), [.. tables]);

    public static SourceRow Row(string text) => new([.. text.Split('|').Select(Cell)]);

    public static TableReading.Chosen Chosen(PageOutline page, TableRequest? request = null)
    {
        var reading = TableReader.Read(page, request ?? new TableRequest());
        return reading is TableReading.Chosen chosen
            ? chosen
            : throw new Xunit.Sdk.XunitException(((TableReading.Refused)reading).Refusal.Message);
    }

    public static TableRefusal Refused(PageOutline page, TableRequest? request = null) =>
        Assert.IsType<TableReading.Refused>(TableReader.Read(page, request ?? new TableRequest())).Refusal;

    public static string[] Values(TableReading.Chosen chosen) => [.. chosen.Rows.Select(row => $"{row.Name}={row.Value}@{row.Year}")];

    private static SourceCell Cell(string text)
    {
        text = text.Trim();
        var header = text.StartsWith('!');
        text = header ? text[1..] : text;
        if (!text.EndsWith('}'))
            return new SourceCell(text, header);
        var open = text.LastIndexOf('{');
        var spans = text[(open + 1)..^1].Split(',');
        return new SourceCell(
            text[..open], header, int.Parse(spans[0], System.Globalization.CultureInfo.InvariantCulture),
            int.Parse(spans[1], System.Globalization.CultureInfo.InvariantCulture));
    }
}
