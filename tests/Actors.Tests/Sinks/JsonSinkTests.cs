using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Etl.Actors.Load.Sinks;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Actors.Tests.Sinks;

public sealed class JsonSinkTests
{
    [Fact]
    public async Task Countries_are_these_bytes()
    {
        using var directory = new TempDirectory();
        await new JsonSink().LoadAsync(Samples.Input(Samples.Report([Samples.World[0], Samples.World[3], Samples.World[4], Samples.World[6]]), directory), default);

        const string expected = """
            [
              {
                "Country": "United States",
                "Code": "USA",
                "Region": "North America",
                "Year": 2025,
                "GDP_USD_billion": 30337.16,
                "GDP_USD_million": 30337162,
                "Rank": 1
              },
              {
                "Country": "서울",
                "Code": "KOR",
                "Region": "Asia",
                "Year": null,
                "GDP_USD_billion": 100.00,
                "GDP_USD_million": 100000,
                "Rank": 3
              },
              {
                "Country": "Côte d'Ivoire",
                "Code": "CIV",
                "Region": "Africa",
                "Year": 2025,
                "GDP_USD_billion": 100.00,
                "GDP_USD_million": 99995.000001,
                "Rank": 5
              },
              {
                "Country": "The \"Other\" \u003C/script> & co",
                "Code": "XKX",
                "Region": null,
                "Year": 2025,
                "GDP_USD_billion": 6.95,
                "GDP_USD_million": 6946.5,
                "Rank": 7
              }
            ]

            """;
        Assert.Equal(Bytes(expected), File.ReadAllBytes(directory.File(JsonSink.CountriesFile)));
    }

    [Fact]
    public async Task Regions_are_these_bytes()
    {
        using var directory = new TempDirectory();
        var report = Samples.Report([Samples.World[0], Samples.World[1], Samples.World[2], Samples.World[3] with { Region = "Oceania" }, Samples.World[6]]);
        await new JsonSink().LoadAsync(Samples.Input(report, directory), default);

        const string expected = """
            [
              {
                "Region": "Asia",
                "Year_From": 2025,
                "Year_To": 2025,
                "Top": 2,
                "Average_GDP_USD_billion": 550.90,
                "Sum_exact": "550.905",
                "Countries": [
                  {
                    "Country": "Türkiye",
                    "Code": "TUR",
                    "Year": 2025,
                    "GDP_USD_billion": 550.90
                  }
                ]
              },
              {
                "Region": "North America",
                "Year_From": 2024,
                "Year_To": 2025,
                "Top": 2,
                "Average_GDP_USD_billion": 15218.58,
                "Sum_exact": "30437.162",
                "Countries": [
                  {
                    "Country": "United States",
                    "Code": "USA",
                    "Year": 2025,
                    "GDP_USD_billion": 30337.16
                  },
                  {
                    "Country": "Canada",
                    "Code": "CAN",
                    "Year": 2024,
                    "GDP_USD_billion": 100.00
                  }
                ]
              },
              {
                "Region": "Oceania",
                "Year_From": null,
                "Year_To": null,
                "Top": 2,
                "Average_GDP_USD_billion": 100.00,
                "Sum_exact": "100",
                "Countries": [
                  {
                    "Country": "서울",
                    "Code": "KOR",
                    "Year": null,
                    "GDP_USD_billion": 100.00
                  }
                ]
              }
            ]

            """;
        Assert.Equal(Bytes(expected), File.ReadAllBytes(directory.File(JsonSink.RegionsFile)));
    }

    [Fact]
    public async Task Loading_twice_is_loading_once_and_the_hashes_are_of_the_files()
    {
        using var directory = new TempDirectory();
        var sink = new JsonSink();
        var first = await sink.LoadAsync(Samples.Input(Samples.Report(Samples.World), directory), default);
        var second = await sink.LoadAsync(Samples.Input(Samples.Report(Samples.World), directory, run: 2), default);

        Assert.Equal(first.Files.AsEnumerable(), second.Files);
        Assert.Null(first.CrossCheck);
        Assert.Equal([JsonSink.CountriesFile, JsonSink.RegionsFile], directory.Names());
        foreach (var file in second.Files)
        {
            var bytes = File.ReadAllBytes(directory.File(file.Name));
            Assert.Equal((bytes.LongLength, Convert.ToHexStringLower(SHA256.HashData(bytes))), (file.Bytes, file.Sha256));
        }
    }

    [Fact]
    public async Task Quarantine_names_the_file_and_not_the_machine()
    {
        using var directory = new TempDirectory();
        Rejection[] rejections =
        [
            new(new Place(0, 7), 123, "Country", "Atlantis <b>\n\"sunk\"", "unknown country"),
            new(new Place(0, 9), null, "IMF", "\uD800 cut", "not a number"),
        ];
        var report = Samples.Report(Samples.World, rejections: rejections, label: "/home/somebody/pages/2025.html");
        await new QuarantineSink().LoadAsync(Samples.Input(report, directory), default);

        const string expected = """
            {"Source":"2025.html","Line":123,"Row":7,"Offset":null,"Column":"Country","Text":"Atlantis \u003Cb>\n\"sunk\"","Reason":"unknown country","Stage":"map"}
            {"Source":"2025.html","Line":null,"Row":9,"Offset":null,"Column":"IMF","Text":"\uFFFD cut","Reason":"not a number","Stage":"map"}

            """;
        Assert.Equal(expected.ReplaceLineEndings("\n"), File.ReadAllText(directory.File(QuarantineSink.FileName)));
    }

    [Theory]
    [InlineData("page.html", "page.html")]
    [InlineData(@"C:\pages\page.html", "page.html")]
    [InlineData("what?#1.html", "what?#1.html")]
    [InlineData("https://example.org/wiki/List_of_GDP?token=secret#top", "List_of_GDP")]
    [InlineData("pages/", "pages")]
    [InlineData("-", "-")]
    public async Task The_source_is_the_last_part_of_the_label(string label, string source)
    {
        using var directory = new TempDirectory();
        var report = Samples.Report(Samples.World, rejections: [new(new Place(0, 7), 1, "c", "t", "r")], label: label);
        await new QuarantineSink().LoadAsync(Samples.Input(report, directory), default);

        using var line = JsonDocument.Parse(File.ReadAllText(directory.File(QuarantineSink.FileName)));
        Assert.Equal(source, line.RootElement.GetProperty("Source").GetString());
    }

    [Fact]
    public async Task Nothing_in_quarantine_is_an_empty_file()
    {
        using var directory = new TempDirectory();
        var result = await new QuarantineSink().LoadAsync(Samples.Input(Samples.Report(Samples.World), directory), default);

        Assert.Empty(File.ReadAllBytes(directory.File(QuarantineSink.FileName)));
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Assert.Single(result.Files).Sha256);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n"));
}
