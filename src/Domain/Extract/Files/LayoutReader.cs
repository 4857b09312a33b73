using System.Collections.Immutable;
using System.Globalization;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Domain.Extract.Files;

/// <summary>Finds out from a file's first bytes how its records are written and which columns are meant. Pure.</summary>
public static class LayoutReader
{
    private const int Failed = 1;
    private const int Usage = 2;

    /// <summary>Reads the layout, or refuses with what was looked for, what was seen, and what to do.</summary>
    /// <param name="head">The first bytes, decompressed: at least the first line, and some rows for the delimiter.</param>
    /// <param name="headIsWhole">True when the file has no further bytes.</param>
    /// <param name="unit">The unit that was asked for, null: as the value column's name says.</param>
    public static LayoutReading Read(ReadOnlySpan<byte> head, bool headIsWhole, RecordFormat format, RecordOptions options, Unit? unit)
    {
        if (HeadText.Problem(head) is { } foreign)
            return new LayoutReading.Refused(Failed, foreign);
        var mark = HeadText.MarkLength(head);
        var text = head[mark..];
        if (text.TrimStart(" \t\r\n"u8).IsEmpty && headIsWhole)
            return new LayoutReading.Refused(Failed, $"the file is empty: expected {Sought(format)}");
        if (!HeadText.TryFirstLine(text, headIsWhole, out var line, out var next) || line.Length > options.MaxLineBytes)
            return new LayoutReading.Refused(Failed, TooLong(line.Length, options, format));
        return format switch
        {
            RecordFormat.Csv => ReadCsv(text, headIsWhole, line, mark + next, next, options, unit),
            RecordFormat.Ndjson => ReadNdjson(text, headIsWhole, mark, options, unit),
            _ => throw new System.Diagnostics.UnreachableException(format.ToString()),
        };
    }

    /// <summary>
    /// The year of all rows by the name of the value column ("gdp_2024_usd"), when no column tells it; null when the name has none, or several.
    /// </summary>
    public static int? YearOf(FileLayout layout) =>
        layout.YearName is null ? CellKind.OnlyYear(layout.ValueName.Replace('_', '-')) : null;

    /// <summary>
    /// The year of rows that tell none: the value column's, or else the one year that is asked for, since a file without years is of the
    /// year its owner says.
    /// </summary>
    public static int? YearOf(FileLayout layout, YearRule asked) =>
        YearOf(layout) ?? (layout.YearName is null && asked is YearRule.Only one ? one.Year : null);

    private static LayoutReading ReadCsv(
        ReadOnlySpan<byte> text, bool isWhole, ReadOnlySpan<byte> line, int dataOffset, int next, RecordOptions options, Unit? unit)
    {
        if (line.Trim(" \t"u8).IsEmpty)
            return new LayoutReading.Refused(Failed, $"line 1 is blank: expected {Sought(RecordFormat.Csv)}; remove the blank lines before it");
        if (HeadText.ProblemOfHeader(line) is { } foreign)
            return new LayoutReading.Refused(Failed, foreign);
        if (options.Delimiter is { } asked && !Delimiters.IsKnown(asked))
            return new LayoutReading.Refused(Usage, $"fields cannot be parted by '{asked}': --delimiter takes a comma, semicolon, tab or |");

        var delimiter = options.Delimiter is { } given ? (byte)given : Delimiters.Choose(line, text[next..], isWhole);
        // A header of one field under every mark: it is read as such, so that an open quote is told before the missing mark.
        var header = HeaderLine.Read(line, delimiter == 0 ? (byte)',' : delimiter);
        if (header.Problem is { } malformed)
            return new LayoutReading.Refused(Failed, malformed);
        if (header.Names.Length < 2)
            return new LayoutReading.Refused(Usage, OneColumn(header.Names[0], delimiter));

        return Choose(header.Names, options, unit, "column", (columns, names) => new FileLayout(
            RecordFormat.Csv, delimiter, names.Length, columns.Country, columns.Year, columns.Value, names[columns.Country],
            columns.Year < 0 ? null : names[columns.Year], names[columns.Value], dataOffset));
    }

    private static LayoutReading ReadNdjson(ReadOnlySpan<byte> text, bool isWhole, int dataOffset, RecordOptions options, Unit? unit)
    {
        var found = PropertyNames.Read(text, isWhole);
        if (found.Problem is { } problem)
            return new LayoutReading.Refused(Failed, problem);
        return Choose(found.Names, options, unit, "property", (columns, names) => new FileLayout(
            RecordFormat.Ndjson, 0, 0, -1, -1, -1, names[columns.Country], columns.Year < 0 ? null : names[columns.Year],
            names[columns.Value], dataOffset));
    }

    private static LayoutReading Choose(
        ImmutableArray<string> names, RecordOptions options, Unit? asked, string noun, Func<RecordColumns, ImmutableArray<string>, FileLayout> layoutOf)
    {
        var columns = RecordColumns.Choose(names, options, noun);
        if (columns.Refusal is { } unclear)
            return unclear;
        var unit = RecordUnit.Of(names[columns.Value], asked);
        if (unit.Refusal is { } wrong)
            return wrong;
        return new LayoutReading.Chosen(layoutOf(columns, names), unit.Unit!.Value, unit.Warning is { } warning ? [warning] : []);
    }

    private static string Sought(RecordFormat format) =>
        format == RecordFormat.Csv ? "a header line with the columns' names, such as country,year,gdp_usd_million" : "one JSON object per line";

    private static string OneColumn(string name, byte delimiter) => delimiter == 0
        ? $"line 1 has one column, {RefusedNames.Quoted(name)}, and neither comma, semicolon, tab nor | parts it; expected a country and a value"
        : $"line 1 has one column, {RefusedNames.Quoted(name)}, when {Delimiters.Name(delimiter)} parts it; give another --delimiter, or leave it out";

    private static string TooLong(int seen, RecordOptions options, RecordFormat format)
    {
        var limit = Math.Min(seen, options.MaxLineBytes).ToString("N0", CultureInfo.InvariantCulture);
        return $"line 1 is longer than {limit} bytes: expected {Sought(format)}; check that lines end in LF or CRLF";
    }
}
