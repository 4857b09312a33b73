using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Etl.Domain.Extract;
using Etl.Domain.Map;

namespace Etl.Domain.Jobs;

/// <summary>Which years count. Closed.</summary>
public abstract record YearRule
{
    private YearRule() { }

    /// <summary>A page keeps the year of each row; a series takes the latest year with values that is not after the edition's date.</summary>
    public sealed record Auto : YearRule;

    /// <summary>One year; rows of other years are superseded.</summary>
    public sealed record Only(int Year) : YearRule;

    /// <summary>Every year; each result is per year and region.</summary>
    public sealed record All : YearRule;

    /// <summary>Each country's latest year, mixing years knowingly.</summary>
    public sealed record LatestPerCountry : YearRule;

    /// <summary>The word of the command line: "auto", "2024", "all", "latest-per-country".</summary>
    public sealed override string ToString() => this switch
    {
        Auto => "auto",
        Only one => one.Year.ToString(CultureInfo.InvariantCulture),
        All => "all",
        LatestPerCountry => "latest-per-country",
        _ => throw new System.Diagnostics.UnreachableException(GetType().Name),
    };

    /// <summary>Reads what <see cref="ToString"/> writes; null when it is none of these, or a year outside 1900 to 2100.</summary>
    public static YearRule? Parse(string word) => word switch
    {
        "auto" => new Auto(),
        "all" => new All(),
        "latest-per-country" => new LatestPerCountry(),
        _ => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 1900 and <= 2100
            ? new Only(year) : null,
    };
}

/// <summary>A content that is kept under the state directory, by its hash, before anything reads it.</summary>
/// <param name="Label">What the user called it: for people, not for identity.</param>
/// <param name="Sha256">
/// Lower-case hexadecimal hash of the content; of a file that is read where it is, its fingerprint (<see cref="File"/>).
/// </param>
public sealed record StoredInput(string Label, string Sha256, long Bytes)
{
    /// <summary>Set when the input is a file of records that is too large to be copied: it is read where it is. Null: stored.</summary>
    public FileStamp? File { get; init; }

    /// <summary>What it was made of by an earlier stage; null when it is what the user gave.</summary>
    public InputOrigin? Origin { get; init; }
}

/// <summary>What an input was before an earlier stage read it.</summary>
/// <param name="Source">Name of the source that read it.</param>
/// <param name="Sha256">Lower-case hexadecimal hash of the bytes that were given.</param>
/// <param name="Bytes">How many those were.</param>
public sealed record InputOrigin(string Source, string Sha256, long Bytes);

/// <summary>How a file is compressed.</summary>
public enum Compression
{
    /// <summary>Not at all: any part of it can be read alone.</summary>
    None = 1,

    /// <summary>gzip (RFC 1952): read from its beginning.</summary>
    Gzip = 2,

    /// <summary>Zstandard (RFC 8878): read from its beginning.</summary>
    Zstandard = 3,
}

/// <summary>A file that is read where it is, and what tells that it has changed.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="ModifiedTicks">Time of the last change, UTC, in ticks of 100 ns.</param>
public sealed record FileStamp(string Path, long ModifiedTicks, Compression Compression)
{
    /// <summary>In the place of a path: standard input, read once, from its beginning to its end.</summary>
    public const string StandardInput = "-";
}

/// <summary>How files of records (CSV, newline-delimited JSON) are read. All of it changes the answer.</summary>
/// <param name="Country">Name of the country's column; null: recognised.</param>
/// <param name="Year">Name of the year's column; null: recognised, where there is one.</param>
/// <param name="Value">Name of the value's column; null: recognised.</param>
/// <param name="Delimiter">Between fields; null: recognised.</param>
/// <param name="EmptyIsMissing">A record without a value is counted as missing instead of set aside.</param>
/// <param name="Multiline">Quoted fields may run over line ends; the file is then read from its beginning.</param>
/// <param name="MaxLineBytes">A longer line ends the job.</param>
public sealed record RecordOptions(
    string? Country, string? Year, string? Value, char? Delimiter, bool EmptyIsMissing, bool Multiline, int MaxLineBytes)
{
    /// <summary>Everything recognised; lines up to 1 MiB.</summary>
    public static RecordOptions Default { get; } = new(null, null, null, null, false, false, 1 << 20);
}

/// <summary>The options that change the answer. Everything else (pool size, router, output, display) may differ between runs of a job.</summary>
/// <param name="Unit">Overrides an undetermined unit; null: as the source says.</param>
/// <param name="Regions">A built-in scheme's name, or the label of a file.</param>
/// <param name="RegionsFile">The stored region file, null for a built-in scheme.</param>
/// <param name="ThresholdBillions">The rounded value is compared, billion USD.</param>
public sealed record AnswerOptions(
    Publisher Publisher, Unit? Unit, string Regions, StoredInput? RegionsFile, YearRule Year, DateOnly? AsOf, DuplicateRule Duplicates,
    int Top, decimal ThresholdBillions)
{
    /// <summary>The defaults of the command line.</summary>
    public static AnswerOptions Default { get; } =
        new(Publisher.Imf, null, "continent", null, new YearRule.Auto(), null, DuplicateRule.Same, 5, 100m);

    /// <summary>How files of records are read.</summary>
    public RecordOptions Records { get; init; } = RecordOptions.Default;

    /// <summary>So many rejected rows are kept with their details, the first by place.</summary>
    public int QuarantineLimit { get; init; } = BatchTally.MaxRejections;
}

/// <summary>A job: inputs, the options that change the answer, and what a resume must find unchanged.</summary>
/// <param name="Source">Name of the source that reads the inputs.</param>
/// <param name="DirectoryHash">Hash of the directory of names.</param>
/// <param name="BatchRows">Rows per batch of a page. Recorded, so that a resume cuts the same batches whatever its configuration says.</param>
/// <param name="ProductVersion">Version of the parsers; a resume by another version is refused.</param>
public sealed record JobSpec(
    string Source, EquatableArray<StoredInput> Inputs, AnswerOptions Options, string DirectoryHash, int BatchRows, string ProductVersion)
{
    /// <summary>Bytes per batch of a file. Recorded for the same reason as <see cref="BatchRows"/>.</summary>
    public int BatchBytes { get; init; } = DefaultBatchBytes;

    /// <summary>Where nothing else is configured.</summary>
    public const int DefaultBatchBytes = 4 << 20;

    /// <summary>The source that the data came from, be it by way of an earlier stage.</summary>
    public string OriginalSource => Inputs.Items.Select(i => i.Origin?.Source).FirstOrDefault(s => s is not null) ?? Source;

    /// <summary>False when standard input is read without being kept: no other process could go on with the job.</summary>
    public bool IsResumable => Inputs.Items.All(i => i.File?.Path != FileStamp.StandardInput);

    /// <summary>
    /// The input key: SHA-256 over everything that changes the answer, as lower-case hexadecimal. Labels, batch size and version are not
    /// in it: the same content under another name is the same job.
    /// </summary>
    public string InputKey()
    {
        var text = new StringBuilder("etl input key 1\n");
        void Line(string name, string? value) => text.Append(name).Append('=').Append(value ?? "-").Append('\n');
        Line("source", Source);
        foreach (var input in Inputs) Line("input", input.Sha256);
        Line("publisher", Options.Publisher.ToString());
        Line("unit", Options.Unit?.ToString());
        Line("regions", Options.RegionsFile?.Sha256 ?? Options.Regions);
        Line("year", Options.Year.ToString());
        Line("as-of", Options.AsOf?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Line("duplicates", Options.Duplicates.ToString());
        Line("top", Options.Top.ToString(CultureInfo.InvariantCulture));
        // Normalised, or 100 and 100.0 would be two jobs.
        Line("threshold", (Options.ThresholdBillions / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture));
        Line("directory", DirectoryHash);
        // Only what differs: a key that was made before there were such options stays what it was.
        if (Options.Records is var records && records != RecordOptions.Default)
        {
            Line("country", records.Country);
            Line("year column", records.Year);
            Line("value", records.Value);
            Line("delimiter", records.Delimiter?.ToString());
            Line("empty", records.EmptyIsMissing ? "missing" : "quarantine");
            Line("multiline", records.Multiline ? "on" : "off");
            Line("line bytes", records.MaxLineBytes.ToString(CultureInfo.InvariantCulture));
        }

        if (Options.QuarantineLimit != BatchTally.MaxRejections) Line("quarantine", Options.QuarantineLimit.ToString(CultureInfo.InvariantCulture));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}

/// <summary>What the source chose when it read a split: shown on the first line of the screen, journaled with the plan.</summary>
/// <param name="Table">The table's caption or heading.</param>
/// <param name="Column">The value column's header.</param>
/// <param name="HeaderYear">Year of a row that tells none itself; 0 when unknown.</param>
/// <param name="Years">How years are told, for people.</param>
/// <param name="Edition">Date of the edition, null when the source does not tell.</param>
public sealed record SourceChoice(
    string Title, string Table, string Column, Unit Unit, int HeaderYear, string Years, DateOnly? Edition, EquatableArray<string> Warnings);
