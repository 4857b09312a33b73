using System.Text;
using Etl.Domain.Extract.Files;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Extract.Files;

/// <summary>What is refused of a file, with what words: each names what was seen and what to do.</summary>
public sealed class LayoutRefusalTests
{
    private static readonly RecordOptions Default = RecordOptions.Default;

    /// <summary>Head; exit code; words of the text.</summary>
    public static TheoryData<string, int, string[]> Csv => new()
    {
        { "", 1, ["the file is empty", "country,year,gdp_usd_million"] },
        { "\uFEFF \r\n\n", 1, ["the file is empty"] },
        { "\ncountry,gdp_usd\n", 1, ["line 1 is blank"] },
        { "country\nFrance\n", 2, ["one column, 'country'", "neither comma, semicolon, tab nor |"] },
        { "country,\"gdp usd\nmillion\"\nFrance,1\n", 1, ["line 1: column 2 of the header", "not closed"] },
        { "\"country,gdp\n", 1, ["line 1: column 1 of the header", "not closed"] },
        { "country,\"gdp\" usd\n", 1, ["line 1: column 2", "goes on after its closing quote"] },
        { "country,gdp_usd\rFrance,1\r", 1, ["bare carriage return", "LF or CRLF"] },
        { "country,code,2021,2022,2023\n", 2, ["its columns are years", "--columns country=NAME,gdp=2023 --year 2023 --unit"] },
        { "land,jahr,bip\n", 2, ["no column of countries", "'land', 'jahr', 'bip'", "--columns country=NAME,year=NAME,gdp=NAME"] },
        { "country,jahr,bip\n", 2, ["no column of GDP values", "'country', 'jahr', 'bip'", "--columns"] },
        { "country,Country Name,1960,1961\n", 2, ["no column of GDP values", "'1960', '1961'"] },
        { "country,gdp_2023_usd,gdp_2024_usd\n", 2, ["2 columns could be the values ('gdp_2023_usd', 'gdp_2024_usd')", "--columns"] },
        { "country,Country,gdp_usd\n", 2, ["2 columns could be the countries ('country', 'Country')"] },
        { "country,value,amount\n", 2, ["could be the values ('value', 'amount')"] },
        { "country,gdp\n", 2, ["unit of the values 'gdp' is not determined", "no scale and no currency", "--unit million"] },
        { "country,gdp_million\n", 2, ["million and no currency", "--unit million"] },
        { "country,gdp_usd_trillion\n", 2, ["trillion and US dollars"] },
        { "country,gdp_ppp_usd_million\n", 1, ["'gdp_ppp_usd_million'", "the name says ppp"] },
        { "country,GDP per capita (current US$)\n", 1, ["the name says per capita", "--unit does not change that"] },
        { "country,gdp_eur_million\n", 1, ["are in eur, not in US dollars"] },
        { "PK\u0003\u0004abc", 1, ["ZIP archive or a spreadsheet"] },
        { "PAR1abc", 1, ["Parquet"] },
        { "country,gdp\0_usd\n", 1, ["NUL bytes", "UTF-8"] },
    };

    /// <summary>Head; words of the text.</summary>
    public static TheoryData<string, string> Json => new()
    {
        { "", "the file is empty: expected one JSON object per line" },
        { "[\n{}\n]\n", "one JSON array" },
        { "{\n\"country\": 1\n}\n", "line 1 is no JSON object" },
        { "{\"country\":1} {\"country\":2}\n", "line 1 is no JSON object" },
        { "{\"land\":1}\n", "no property of countries was recognised; the properties are 'land'" },
        { "{}\n{}\n", "the file has no records" },
    };

    /// <summary>Options; words of the text.</summary>
    public static TheoryData<RecordOptions, string> Named => new()
    {
        { Default with { Country = "countri" }, "there is no column 'countri' for country; did you mean country?" },
        { Default with { Year = "x" }, "there is no column 'x' for year; the columns are 'country', 'year', 'gdp_usd', 'Note', 'note'" },
        { Default with { Value = "NOTE" }, "2 columns are called 'NOTE'" },
        { Default with { Value = "Country", Country = "country" }, "the column 'Country' is asked for twice" },
    };

    [Theory]
    [MemberData(nameof(Csv))]
    public void A_file_is_refused_with_its_remedy(string head, int exitCode, string[] words) =>
        Refuses(Encoding.UTF8.GetBytes(head), true, RecordFormat.Csv, Default, exitCode, words);

    [Theory]
    [MemberData(nameof(Json))]
    public void Json_lines_are_refused_with_their_remedy(string head, string words) =>
        Refuses(Encoding.UTF8.GetBytes(head), true, RecordFormat.Ndjson, Default, head.StartsWith("{\"land", StringComparison.Ordinal) ? 2 : 1, words);

    [Theory]
    [MemberData(nameof(Named))]
    public void A_name_that_was_given_must_be_there_once(RecordOptions options, string words) =>
        Refuses("country,year,gdp_usd,Note,note\n"u8.ToArray(), true, RecordFormat.Csv, options, 2, words);

    [Fact]
    public void Other_encodings_are_told_by_their_marks()
    {
        Refuses([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("country,gdp\n")], true, RecordFormat.Csv, Default, 1, "UTF-16", "save it as UTF-8");
        Refuses([0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("country,gdp\n")], true, RecordFormat.Csv, Default, 1, "UTF-16");
        Refuses([0xFF, 0xFE, 0, 0, .. Encoding.UTF32.GetBytes("c,g\n")], true, RecordFormat.Csv, Default, 1, "UTF-32");
        Refuses(Encoding.Unicode.GetBytes("country,gdp\n"), true, RecordFormat.Csv, Default, 1, "NUL bytes");
        Refuses(Encoding.Latin1.GetBytes("année,gdp\n"), true, RecordFormat.Csv, Default, 1, "line 1 is not UTF-8");
        Refuses([0x1F, 0x8B, 8, 0], true, RecordFormat.Csv, Default, 1, "compressed twice");
    }

    [Fact]
    public void A_first_line_without_an_end_is_refused_not_swallowed()
    {
        var head = Encoding.UTF8.GetBytes("country,gdp_usd" + new string('x', 2000));
        Refuses(head, false, RecordFormat.Csv, Default, 1, "line 1 is longer than 2,015 bytes");
        Refuses(head, true, RecordFormat.Csv, Default with { MaxLineBytes = 1000 }, 1, "line 1 is longer than 1,000 bytes");
        Refuses([], false, RecordFormat.Ndjson, Default, 1, "line 1 is longer");
    }

    [Fact]
    public void Many_columns_do_not_hide_the_remedy()
    {
        var head = Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Range(1, 500).Select(i => $"column with a rather long name of {i} and no end")) + "\n");
        var refused = Assert.IsType<LayoutReading.Refused>(LayoutReader.Read(head, true, RecordFormat.Csv, Default, null));
        Assert.InRange(refused.Text.Length, 1, 1300);
        Assert.Contains(" and 480 more; name what is meant: --columns", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_give_an_answer()
    {
        var random = new Random(20260101);
        byte[] alphabet = [.. "country,gdp_usd;\t|\"\r\n{}[]:1 "u8, 0xC3, 0xA9, 0xFF, 0];
        for (var i = 0; i < 20_000; i++)
        {
            var head = new byte[random.Next(40)];
            foreach (ref var b in head.AsSpan()) b = alphabet[random.Next(alphabet.Length)];
            var format = (RecordFormat)random.Next(1, 3);
            var reading = LayoutReader.Read(head, random.Next(2) == 0, format, Default, Unit.Usd);
            if (reading is LayoutReading.Chosen { Layout: var layout }) Assert.InRange(layout.DataOffset, 0, head.Length);
            Assert.Equal(RecordFormats.Recognise("-", head), RecordFormats.Recognise("x", head));
        }
    }

    private static void Refuses(byte[] head, bool isWhole, RecordFormat format, RecordOptions options, int exitCode, params string[] words)
    {
        var reading = LayoutReader.Read(head, isWhole, format, options, null);
        var refused = Assert.IsType<LayoutReading.Refused>(reading);
        Assert.All(words, word => Assert.Contains(word, refused.Text, StringComparison.Ordinal));
        Assert.Equal(exitCode, refused.ExitCode);
        Assert.DoesNotContain('\n', refused.Text);
    }
}
