using System.Text.Json;

namespace Etl.Dashboard.Api;

/// <summary>The answer as it stands in a job's JSON files: what the page of results shows, also of a run of yesterday.</summary>
public sealed record AnswerFile(IReadOnlyList<AnswerFile.Region> Regions, IReadOnlyList<AnswerFile.Country> Countries)
{
    private const long MostBytes = 32 << 20;

    /// <summary>Reads it; null when there is none, or it cannot be read.</summary>
    public static AnswerFile? Read(IReadOnlyList<FileInfo> files)
    {
        try
        {
            if (Of(files, "Region_Top.json") is not { } regions || Of(files, "Countries_by_GDP.json") is not { } countries) return null;
            using (regions)
            using (countries)
                return new(
                    [.. regions.RootElement.EnumerateArray().Select(r => new Region(
                        Text(r, "Region"), Decimal(r, "Average_GDP_USD_billion"),
                        [.. r.GetProperty("Countries").EnumerateArray().Select(m => new Member(Text(m, "Country"), Decimal(m, "GDP_USD_billion")))]))],
                    [.. countries.RootElement.EnumerateArray().Select(c => new Country(
                        Text(c, "Country"), Text(c, "Region"), c.GetProperty("Year") is { ValueKind: JsonValueKind.Number } year ? year.GetInt32() : null,
                        Decimal(c, "GDP_USD_billion"), c.GetProperty("Rank").GetInt32()))]);
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static JsonDocument? Of(IReadOnlyList<FileInfo> files, string name)
    {
        if (files.FirstOrDefault(f => f.Name == name) is not { } file || file.Length > MostBytes) return null;
        using var stream = file.OpenRead();
        return JsonDocument.Parse(stream);
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString() ?? "";

    private static decimal Decimal(JsonElement of, string name) => of.GetProperty(name).GetDecimal();

    /// <summary>A region's top.</summary>
    public sealed record Region(string Name, decimal Average, IReadOnlyList<Member> Members);

    /// <summary>A member of it.</summary>
    public sealed record Member(string Country, decimal Billions);

    /// <summary>A country.</summary>
    public sealed record Country(string Name, string Region, int? Year, decimal Billions, int Rank);
}
