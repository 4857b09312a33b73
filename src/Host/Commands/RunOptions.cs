using System.CommandLine;

namespace Etl.Host.Commands;

/// <summary>
/// The argument and the options of <c>etl run</c>. All are text to System.CommandLine: <see cref="RunArguments"/> reads the values, so that
/// every problem is said in one way.
/// </summary>
internal sealed class RunOptions
{
    public Argument<string[]> Input { get; } = new("INPUT")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "A saved page, or the URL of one; or files of records (CSV, JSON lines, also .gz and .zst), patterns such as 'data/**/*.csv', "
            + "or - for standard input. Without it: the edition that comes with the program, or what --source has at its publisher's",
    };

    public Option<string[]> InputOption { get; } = Texts("--input", "FILE", "The same as INPUT; may be repeated");

    public Option<string?> Source { get; } = Text("--source", "NAME", "wikipedia, imf, worldbank, csv, ndjson. Default: recognised from the input");

    public Option<bool> Offline { get; } = Flag("--offline", "Fetch nothing: of a URL, use what was fetched last with this --state");

    public Option<bool> AllowPrivateHosts { get; } = Flag("--allow-private-hosts", "Fetch also from this machine and its network, and from any port");

    public Option<string?> Publisher { get; } = Text("--publisher", "NAME", "Whose estimate: imf (default), worldbank, un");

    public Option<string?> Unit { get; } = Text("--unit", "UNIT", "usd, thousand, million, billion: when the input does not tell");

    public Option<string?> Columns { get; } = Text(
        "--columns", "KEY=NAME,...", "Columns or JSON properties: country=NAME,year=NAME,gdp=NAME, those that are not recognised");

    public Option<string?> Delimiter { get; } = Text("--delimiter", "MARK", "comma, semicolon, tab, pipe, or the mark itself. Default: recognised");

    public Option<string?> Empty { get; } = Text("--empty", "RULE", "A record without a value: quarantine (default), or missing");

    public Option<bool> Multiline { get; } = Flag("--multiline", "Quoted fields may run over line ends; read from start to end");

    public Option<bool> NoMultiline { get; } = Flag("--no-multiline", "They may not, whatever the configuration says (etl.csv.multiline)");

    public Option<bool> NoSpool { get; } = Flag("--no-spool", "Keep no copy of standard input: such a run cannot be resumed");

    public Option<string?> Regions { get; } =
        Text("--regions", "SCHEME|FILE.csv", "continent (default), un-region, un-subregion, wb-region, wb-income, or a file country,region");

    public Option<string?> Year { get; } = Text("--year", "YEAR", "auto (default), a year, all, latest-per-country. A year is also that of files whose rows tell none");

    public Option<string?> AsOf { get; } = Text("--as-of", "DATE", "Date of the edition, for a source without one");

    public Option<string?> Duplicates { get; } = Text("--duplicates", "RULE", "Two rows of one country and year: same (default), sum, fail");

    public Option<string?> Top { get; } = Text("--top", "N", "Economies per region, 1 to 1000. Default: 5");

    public Option<string?> Threshold { get; } = Text("--threshold", "BILLIONS", "List the economies at or above it. Default: 100");

    public Option<string?> Out { get; } = Text("--out", "DIR", "Where the results go. Default: out");

    public Option<string?> Sink { get; } = Text("--sink", "NAMES", "json, sqlite, html, csv, ndjson, parquet, markdown, postgres, with commas. Default: json,sqlite");

    public Option<string?> State { get; } = Text("--state", "DIR", "Where the journal is. Default: .etl inside --out");

    public Option<string[]> Config { get; } = Texts("--config", "FILE.conf", "HOCON settings; may be repeated, later ones win");

    public Option<string[]> Set { get; } = Texts("--set", "PATH=VALUE", "One setting; may be repeated, wins over files");

    public Option<bool> Fresh { get; } = Flag("--fresh", "Start over instead of resuming an unfinished run");

    public Option<bool> DryRun { get; } = Flag("--dry-run", "Show what would be read; write nothing");

    public Option<bool> Strict { get; } = Flag("--strict", "Exit 3 on any warning, quarantined row or country without a region");

    public Option<string?> MaxQuarantined { get; } = Text("--max-quarantined", "N|P%", "Exit 3 when more rows are set aside: at once for N, at the end for P%. Default: no limit");

    public Option<string?> QuarantineLimit { get; } =
        Text("--quarantine-limit", "N", "Keep the details of the first N rows set aside, 0 to 1000000. Default: 10000; all are counted");

    public Option<string?> Chaos { get; } = Text("--chaos", "SPEC", "Make things fail, to see supervision at work, such as seed=7,mapper-crash=0.02; also extractor-io, journal-fail, message-drop, slow-batch");

    public Option<string?> Host { get; } = Text("--host", "URL", "Have a running etl host do the work, and show it here");

    public Option<string?> Format { get; } = Text("--format", "FORMAT", "table (default); json, csv, md: the data alone on stdout");

    public Option<bool> Quiet { get; } = Flag("--quiet", "Nothing but errors, and data when --format is given");

    public Option<bool> NoColor { get; } = Flag("--no-color", "No colours; NO_COLOR does the same");

    /// <summary>In the order of the help, by its headings.</summary>
    public IReadOnlyList<(string Heading, Option[] Options)> Groups =>
    [
        ("Input", [InputOption, Source, Publisher, Unit]),
        ("Fetching", [Offline, AllowPrivateHosts]),
        ("Files of records", [Columns, Delimiter, Empty, Multiline, NoMultiline, NoSpool]),
        ("Answer", [Regions, Year, AsOf, Duplicates, Top, Threshold]),
        ("Results and state", [Out, Sink, State, Config, Set]),
        ("Run", [Fresh, DryRun, Strict, MaxQuarantined, QuarantineLimit, Chaos, Host]),
        ("Display", [Format, Quiet, NoColor]),
    ];

    /// <summary>Those that are not of the job: it has the others in the journal.</summary>
    public IReadOnlyList<Option> OfResume => [Chaos, Out, Sink, State, Config, Set, Strict, MaxQuarantined, Format, Quiet, NoColor];

    private static Option<string?> Text(string name, string value, string about) => new(name) { HelpName = value, Description = about };

    private static Option<string[]> Texts(string name, string value, string about) => new(name)
    {
        HelpName = value,
        Description = about,
        AllowMultipleArgumentsPerToken = false,
        Arity = ArgumentArity.OneOrMore,
    };

    private static Option<bool> Flag(string name, string about) => new(name) { Description = about, Arity = ArgumentArity.Zero };
}
