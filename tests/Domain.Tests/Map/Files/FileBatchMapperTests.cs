using System.Text;
using Etl.Domain.Map;
using Etl.Domain.Map.Files;

namespace Etl.Domain.Tests.Map.Files;

public sealed class FileBatchMapperTests
{
    private static readonly RowPath[] Paths = Enum.GetValues<RowPath>();

    public static TheoryData<string, string, string, string> Rejected => new()
    {
        { "Atlantis,2020,1", "country", "Atlantis", RowMapper.UnknownCountry },
        { "\"Atlantis, the \"\"lost\"\" one\",2020,1", "country", "Atlantis, the \"lost\" one", RowMapper.UnknownCountry },
        { "Japan,20,1", "year", "20", FileReasons.NoYear },
        { "Japan,2020,", "gdp", "", FileReasons.NoValue },
        { "Japan,2020,n/a", "gdp", "n/a", FileReasons.NoValue },
        { "Japan,2020,-1", "gdp", "-1", NumberReasons.Negative },
        { "Japan,2020,1.", "gdp", "1.", NumberReasons.NotANumber },
        { "Japan,2020,12 345", "gdp", "12 345", FileReasons.UnquotedGroups },
        { "Japan,2020", "", "Japan,2020", FileReasons.FieldCount },
        { "Japan,2020,1,", "", "Japan,2020,1,", FileReasons.FieldCount },
        { "\"Japan\"s,2020,1", "", "\"Japan\"s,2020,1", FileReasons.AfterQuote },
        { "Atlantis,x,y", "country", "Atlantis", RowMapper.UnknownCountry },
        { "Japan,x,y", "year", "x", FileReasons.NoYear },
    };

    [Theory]
    [MemberData(nameof(Rejected))]
    public void A_row_that_cannot_be_read_is_set_aside_with_its_place_and_a_stable_reason(string row, string column, string text, string reason)
    {
        var mapped = Map($"Japan,2020,1\n\n{row}\nFrance,2020,1", FileFragments.Plan(), headerLines: 1);
        Assert.Equal([new Rejection(new(3, 1014), 3, column, text, reason)], mapped.Batch.Tally.Rejections);
        Assert.Equal((3, 2, 1, 5), (mapped.Batch.Tally.Read, mapped.Batch.Tally.Records, mapped.Batch.Tally.Quarantined, mapped.Lines));
    }

    [Theory]
    [InlineData("\"country\":\"Japan\"", "", FileReasons.NotAnObject)]
    [InlineData("{\"country\":\"Japan\"", "", FileReasons.NotAnObject)]
    [InlineData("{} {}", "", FileReasons.NotAnObject)]
    [InlineData("{\"gdp\":1}", "country", FileReasons.NoCountry)]
    [InlineData("{\"country\":null,\"gdp\":1}", "country", FileReasons.NoCountry)]
    [InlineData("{\"country\":\"Japan\",\"gdp\":1}", "year", FileReasons.NoYear)]
    [InlineData("{\"country\":\"Japan\",\"year\":2020}", "gdp", FileReasons.NoValue)]
    [InlineData("{\"country\":\"Japan\",\"year\":2020,\"gdp\":null}", "gdp", FileReasons.NoValue)]
    [InlineData("{\"country\":\"Japan\",\"year\":2020,\"gdp\":[1]}", "gdp", NumberReasons.NotANumber)]
    [InlineData("{\"country\":\"Japan\",\"year\":2020,\"gdp\":-1}", "gdp", NumberReasons.Negative)]
    [InlineData("{\"country\":\"\\ud800\",\"year\":2020,\"gdp\":1}", "country", RowMapper.UnknownCountry)]
    public void A_line_of_json_that_cannot_be_read_is_set_aside(string line, string column, string reason)
    {
        var mapped = Map(line + "\n", FileFragments.Plan(FileFragments.Json()));
        var rejection = Assert.Single(mapped.Batch.Tally.Rejections);
        Assert.Equal((column, reason), (rejection.Column, rejection.Reason));
    }

    [Fact]
    public void Names_and_texts_that_are_no_unicode_are_shown_with_replacement_characters()
    {
        var plan = FileFragments.Plan(FileFragments.Json());
        byte[] line = [.. "{\"country\":\""u8, 0xFF, .. "\",\"year\":2020,\"gdp\":1}"u8];
        Assert.Equal("\uFFFD", Assert.Single(Map(line, plan).Batch.Tally.Rejections).Text);
        Assert.Equal("\uFFFD", Assert.Single(Map([0xFF, .. ",2020,1"u8], FileFragments.Plan()).Batch.Tally.Rejections).Text);
    }

    [Fact]
    public void A_long_text_is_cut_after_200_bytes_but_not_inside_a_character()
    {
        Assert.Equal(new string('x', 200), Shown(new string('x', 300)));
        Assert.Equal(new string('x', 199), Shown(new string('x', 199) + "é"));
        Assert.Equal(new string('x', 197), Shown(new string('x', 197) + "😀"));
        Assert.Equal(new string('x', 196) + "😀", Shown(new string('x', 196) + "😀x"));

        static string Shown(string name) => Assert.Single(Map($"{name},2020,1", FileFragments.Plan()).Batch.Tally.Rejections).Text;
    }

    [Theory]
    [InlineData("Japan,2020,1\n\n\"Jap\nan\",2020,1\n", 2, 1014, FileReasons.OpenQuote, "multiline")]
    [InlineData("Japan,2020,1\n\"Japan,2020,1", 1, 1013, FileReasons.OpenQuote, "multiline")]
    [InlineData("Japan,2020,1\nJapan,2020,1000000000000000000000000000000000000000000000000000000000000\n", 1, 1013, "a line of more than 64 bytes", "max-line-bytes")]
    public void What_cannot_be_read_as_it_was_meant_ends_the_job_with_its_place_and_a_remedy(string rows, long line, long offset, string reason, string remedy)
    {
        foreach (var path in Paths)
        {
            var refused = Assert.IsType<FileBatch.Refused>(new FileBatchMapper(path).Map(Batch(rows), FileFragments.Plan(maxLineBytes: 64), new RowCursor()));
            Assert.Equal((line, offset, reason), (refused.Line, refused.Offset, refused.Reason));
            Assert.Contains(remedy, refused.Remedy);
        }
    }

    [Fact]
    public void A_quoted_field_runs_over_line_ends_where_that_is_asked_for()
    {
        var mapped = Map("\"Jap\r\nan\",2020,1\r\nAtlantis,2020,1\r\n", FileFragments.Plan(multiline: true));
        Assert.Equal([0L, 2L], mapped.Batch.Tally.Rejections.Select(r => r.Line ?? -1));
        Assert.Equal(3, mapped.Lines);
    }

    [Fact]
    public void What_a_mapper_did_before_shows_in_no_result()
    {
        // With faults, refusals and other plans in between.
        var random = new Random(11);
        var plans = FileFragments.Plans;
        foreach (var path in Paths)
        {
            var worn = new FileBatchMapper(path);
            for (var turn = 0; turn < 600; turn++)
            {
                var plan = plans[random.Next(plans.Count)] with { Input = random.Next(3) };
                for (var again = random.Next(3); again >= 0; again--)
                {
                    var batch = FileFragments.Batch(FileFragments.Rows(plan, random), random);
                    if (random.Next(4) == 0)
                        _ = Record.Exception(() => worn.Map(batch, plan, null!));
                    Assert.Equal(new FileBatchMapper(path).Map(batch, plan, new RowCursor()), worn.Map(batch, plan, new RowCursor()));
                }
            }
        }
    }

    [Fact]
    public void Files_that_are_alike_are_told_apart_by_their_places()
    {
        foreach (var duplicates in Enum.GetValues<DuplicateRule>())
        {
            var mapper = new FileBatchMapper();
            for (var input = 0; input < 3; input++)
            {
                var plan = FileFragments.Plan(duplicates: duplicates) with { Input = input };
                Assert.Equal(SlowFileReader.Read(Batch("Japan,2020,1\nx"), plan), mapper.Map(Batch("Japan,2020,1\nx"), plan, new RowCursor()));
            }
        }
    }

    [Fact]
    public void A_fault_leaves_the_cursor_at_the_record_under_way()
    {
        var plan = FileFragments.Plan() with { Map = FileFragments.Plan().Map with { Directory = null! } };
        var cursor = new RowCursor();
        Assert.ThrowsAny<NullReferenceException>(() => new FileBatchMapper().Map(Batch("\nJapan,2020,1\n"), plan, cursor));
        Assert.Equal(1001, cursor.Position);
    }

    [Fact]
    public void Plain_numbers_of_every_shape_are_read_as_other_numbers_are()
    {
        var rows = new StringBuilder();
        for (var whole = 0; whole <= 18; whole++)
        {
            for (var decimals = -1; decimals <= 18; decimals++)
            {
                var digits = "987654321987654321"[..whole] + (decimals < 0 ? "" : "." + "123456789123456789"[..decimals]);
                rows.Append($"Japan,2020,{digits}\nFrance,2021,\"{digits}\"\nBrazil,2020,{digits.Replace('9', '0')}\n");
            }
        }

        foreach (var unit in Enum.GetValues<Unit>())
            Agree(rows.ToString(), FileFragments.Plan(unit: unit));
    }

    [Fact]
    public void Keys_and_spellings_may_be_many()
    {
        var random = new Random(5);
        var names = FileFragments.Directory.Names.SelectMany(name => new[] { name, $"\"{name}\"", name + " ", " " + name, $"\" {name}\"" }).ToArray();
        var rows = string.Join('\n', Enumerable.Range(0, 60_000).Select(_ => $"{names[random.Next(names.Length)]},{random.Next(1895, 2105)},{random.Next(1_000_000)}"));
        Assert.InRange(names.Length, 1_025, 100_000);
        Agree(rows, FileFragments.Plan());
        Agree(rows.Replace("\n", "\r\n") + "\r\n", FileFragments.Plan());
        Agree(rows, FileFragments.Plan(duplicates: DuplicateRule.Fail));
    }

    [Fact]
    public void A_year_s_place_in_the_kernel_s_table_is_its_own() =>
        Assert.Equal(201, Enumerable.Range(1900, 201).Select(year => YearTable.PlaceOf(YearTable.CharactersOf(year))).Distinct().Count());

    private static void Agree(string rows, FilePlan plan)
    {
        var expected = SlowFileReader.Read(Batch(rows), plan);
        foreach (var path in Paths)
        {
            var mapper = new FileBatchMapper(path);
            Assert.Equal(expected, mapper.Map(Batch(rows), plan, new RowCursor()));
            // Now that it knows all names and years, the kernel sees all rows.
            Assert.Equal(expected, mapper.Map(Batch(rows), plan, new RowCursor()));
        }
    }

    private static FileBatch.Mapped Map(string rows, FilePlan plan, int headerLines = 0) => Map(Encoding.UTF8.GetBytes(rows), plan, headerLines);

    private static FileBatch.Mapped Map(byte[] rows, FilePlan plan, int headerLines = 0) =>
        Assert.IsType<FileBatch.Mapped>(new FileBatchMapper().Map(Batch(rows, headerLines), plan, new RowCursor()));

    private static BatchBytes Batch(string rows) => Batch(Encoding.UTF8.GetBytes(rows), 0);

    private static BatchBytes Batch(byte[] rows, int headerLines) =>
        new([.. rows, .. new byte[BatchBytes.Padding]], 0, rows.Length, 1000, headerLines);
}
