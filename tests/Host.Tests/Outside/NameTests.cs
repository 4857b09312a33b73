using System.Text;
using Etl.Tests.Outside;
using Microsoft.Data.Sqlite;

namespace Etl.Host.Tests.Outside;

/// <summary>Names in any script, on the screen and in the files.</summary>
public sealed class NameTests
{
    private const string Korean = "유럽";
    private const string Arabic = "أوروبا الغربية";
    private const string Latin = "Côte & Türkiye \"x\"";

    [Fact]
    public async Task Regions_of_a_users_file_keep_their_script_everywhere()
    {
        using var workspace = new Workspace();
        var regions = workspace.Write("regions.csv",
            $"country,region\r\nFrance,{Korean}\r\nGermany,{Korean}\r\nItaly,{Arabic}\r\nSpain,{Arabic}\r\nUnited States,\"{Latin.Replace("\"", "\"\"")}\"\r\n");

        var run = (await workspace.RunAsync(workspace.Write("page.html", Pages.Of(Pages.Rows)), "--regions", regions)).ExitsWith(0);

        string[] expected = [$"{Latin} 30615.74", $"{Korean} 4187.57", $"{Arabic} 2217.52"];
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            workspace.Json("Region_Top.json").EnumerateArray()
                .Select(r => $"{r.GetProperty("Region").GetString()} {r.GetProperty("Average_GDP_USD_billion").GetRawText()}").Order(StringComparer.Ordinal));
        foreach (var name in new[] { Korean, Arabic, Latin }) Assert.Contains(name, run.Out, StringComparison.Ordinal);
        // As text, not as escapes: people search these files.
        foreach (var file in new[] { "Countries_by_GDP.json", "Region_Top.json" })
            foreach (var name in new[] { Korean, Arabic, "Côte & Türkiye" })
                Assert.Contains(name, await File.ReadAllTextAsync(Path.Combine(workspace.Out, file), new UTF8Encoding(false, true)), StringComparison.Ordinal);
        Assert.Equal(new[] { Korean, Arabic, Latin }.Order(StringComparer.Ordinal), Regions(workspace));
        // Who is in no region of the file stays in the table, and is counted as such.
        Assert.Equal(15, workspace.Json("run.json").GetProperty("unassigned").GetInt32());
        Assert.Equal(20, workspace.Json("Countries_by_GDP.json").GetArrayLength());
    }

    [Fact]
    public async Task A_country_is_known_by_its_name_with_marks_and_in_any_composition()
    {
        using var workspace = new Workspace();
        string[] names = ["Côte d'Ivoire", "Co\u0302te d\u2019Ivoire", "São Tomé and Príncipe", "Curaçao[n 1]", "Türkiye"];

        var run = (await workspace.RunAsync(
            workspace.Write("page.html", Pages.Of(names.Select(n => (n, "1,000")))), "--format", "csv")).ExitsWith(0);

        Assert.Equal(["CIV", "CUW", "STP", "TUR"], run.Out.Split("\r\n").Skip(1).Where(l => l.Length > 0).Select(l => l.Split(',')[1]).Order());
        Assert.Equal(1, workspace.Json("run.json").GetProperty("superseded").GetInt32());
    }

    private static IEnumerable<string> Regions(Workspace workspace)
    {
        using var database = new SqliteConnection($"Data Source={Path.Combine(workspace.Out, "World_Economies.db")};Mode=ReadOnly;Pooling=False");
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = "SELECT DISTINCT Region FROM Countries_by_GDP WHERE Region IS NOT NULL";
        using var reader = command.ExecuteReader();
        var regions = new List<string>();
        while (reader.Read()) regions.Add(reader.GetString(0));
        return regions.Order(StringComparer.Ordinal);
    }
}
