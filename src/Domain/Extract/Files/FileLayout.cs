namespace Etl.Domain.Extract.Files;

/// <summary>How a file's records are written.</summary>
public enum RecordFormat
{
    /// <summary>Delimited fields after a header line (RFC 4180).</summary>
    Csv = 1,

    /// <summary>One JSON object per line.</summary>
    Ndjson = 2,
}

/// <summary>Where a file's records have what is asked for: a function of its first bytes and the options.</summary>
/// <param name="Delimiter">Between fields; 0 for newline-delimited JSON.</param>
/// <param name="Columns">How many fields the header has; a record with another number of them is malformed. 0 for JSON.</param>
/// <param name="Country">Index of the country's column, from 0; -1 for JSON, which has names alone.</param>
/// <param name="Year">Index of the year's column; -1 when there is none, or for JSON.</param>
/// <param name="Value">Index of the value's column; -1 for JSON.</param>
/// <param name="CountryName">Its name in the header, or the JSON property.</param>
/// <param name="YearName">Null when no column tells the year.</param>
/// <param name="ValueName">Its name in the header, or the JSON property.</param>
/// <param name="DataOffset">
/// Where the first record may start: the length of the byte order mark and the header line. The header is the file's first line.
/// </param>
public sealed record FileLayout(
    RecordFormat Format, byte Delimiter, int Columns, int Country, int Year, int Value, string CountryName, string? YearName,
    string ValueName, int DataOffset);
