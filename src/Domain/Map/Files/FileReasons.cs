namespace Etl.Domain.Map.Files;

/// <summary>Why a row of a file is set aside, beside <see cref="NumberReasons"/>. The texts stand in files that are compared byte by byte.</summary>
public static class FileReasons
{
    /// <summary>The row has more or fewer fields than the header.</summary>
    public const string FieldCount = "wrong number of fields";

    /// <summary>A quoted field goes on after its closing quote.</summary>
    public const string AfterQuote = "text after a closing quote";

    /// <summary>The year's column holds none.</summary>
    public const string NoYear = "not a year of 1900 to 2100";

    /// <summary>The value's column is empty or says that there is none, and the job does not count that as missing.</summary>
    public const string NoValue = "no value";

    /// <summary>
    /// A number of a delimited file with a comma, or with spaces between digits, that is not in quotes: as likely a decimal comma as thousands.
    /// </summary>
    public const string UnquotedGroups = "a comma or space between digits without quotes: decimal comma, or thousands?";

    /// <summary>A line of newline-delimited JSON that is not exactly one object.</summary>
    public const string NotAnObject = "not a JSON object";

    /// <summary>An object without the country's property, or with one that is no string.</summary>
    public const string NoCountry = "no country";

    internal const string OpenQuote = "a quoted field runs over the line end";

    internal const string OpenQuoteRemedy =
        "if its fields really hold line ends, read it with --set etl.csv.multiline=on (sequentially); otherwise mend the quote";

    internal const string NeverClosed = "a quoted field is never closed";

    internal const string NeverClosedRemedy = "mend the quote";

    internal static string TooLong(int maximum) => $"a line of more than {maximum} bytes";

    internal const string TooLongRemedy = "raise etl.csv.max-line-bytes if the line is meant so, or mend the file";
}
