using System.Text;
using Etl.Domain.Extract.Files;
using Etl.Domain.Jobs;

namespace Etl.Domain.Tests.Extract.Files;

/// <summary>Which files are files of records, and what <c>--columns</c> takes.</summary>
public sealed class RecordFormatsTests
{
    [Theory]
    [InlineData("data.csv", "x", RecordFormat.Csv)]
    [InlineData("DATA.CSV.GZ", "x", RecordFormat.Csv)]
    [InlineData("a/b.tsv.zst", "x", RecordFormat.Csv)]
    [InlineData("b.tab", "", RecordFormat.Csv)]
    [InlineData("b.psv", "{", RecordFormat.Csv)]
    [InlineData("b.ndjson", "a,b", RecordFormat.Ndjson)]
    [InlineData("b.jsonl.gz", "", RecordFormat.Ndjson)]
    [InlineData("b.txt", "a,b\n", RecordFormat.Csv)]
    [InlineData("b.txt", "a\tb", RecordFormat.Csv)]
    [InlineData("b.txt", "ab\na,b\n", null)]
    [InlineData("-", "\uFEFF\n {\"a\":1}", RecordFormat.Ndjson)]
    [InlineData("-", "a|b\n", RecordFormat.Csv)]
    [InlineData("-", "a,\0b\n", null)]
    [InlineData("-", "", null)]
    [InlineData("page.html", "<!DOCTYPE html>, x", null)]
    [InlineData("page.csv", "\uFEFF\r\n<html>", null)]
    public void A_name_or_the_first_line_tells_the_format(string name, string head, RecordFormat? expected) =>
        Assert.Equal(expected, RecordFormats.Recognise(name, Encoding.UTF8.GetBytes(head)));

    [Theory]
    [InlineData(new byte[] { 0x1F, 0x8B, 8 }, Compression.Gzip)]
    [InlineData(new byte[] { 0x28, 0xB5, 0x2F, 0xFD, 0 }, Compression.Zstandard)]
    [InlineData(new byte[] { 0x1F }, Compression.None)]
    [InlineData(new byte[0], Compression.None)]
    public void The_first_bytes_tell_the_compression(byte[] head, Compression expected) => Assert.Equal(expected, RecordFormats.CompressionOf(head));

    [Theory]
    [InlineData("country=a,year=b,gdp=c", "a", "b", "c")]
    [InlineData(" gdp = GDP (US$) ", null, null, "GDP (US$)")]
    [InlineData("year=y=1,country=\"a, \"\"b\"\"\"", "a, \"b\"", "y=1", null)]
    [InlineData("country= \"a\" , gdp=\"b\"", "a", null, "b")]
    public void Columns_are_named_by_key(string text, string? country, string? year, string? value) =>
        Assert.Equal(new ColumnNames(country, year, value), Assert.IsType<Parsed<ColumnNames>.Ok>(ColumnsOption.Parse(text)).Value);

    [Theory]
    [InlineData("", "'' names no column")]
    [InlineData("gdp", "'gdp' names no column")]
    [InlineData("country=a,", "'' names no column")]
    [InlineData("country=", "country has no name")]
    [InlineData("country=\"\"", "country has no name")]
    [InlineData("country=a,country=b", "country is given twice")]
    [InlineData("contry=a", "there is no 'contry', did you mean country?")]
    [InlineData("value=a", "there is no 'value'")]
    [InlineData("gdp=\"a", "is not closed")]
    [InlineData("gdp=\"a\"b", "or text follows it")]
    public void What_cannot_be_a_column_is_refused(string text, string problem)
    {
        var refused = Assert.IsType<Parsed<ColumnNames>.Refused>(ColumnsOption.Parse(text));
        Assert.Contains(problem, refused.Problem, StringComparison.Ordinal);
        Assert.Contains("country=NAME,year=NAME,gdp=NAME", refused.Message, StringComparison.Ordinal);
    }
}
