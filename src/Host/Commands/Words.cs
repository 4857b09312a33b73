using Etl.Domain;
using Etl.Domain.Extract;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Host.Commands;

/// <summary>A word of the command line and what it stands for.</summary>
public sealed record Word(string Name, string About);

/// <summary>The words that options take: validation, help and <c>etl formats</c> read them here.</summary>
public static class Words
{
    /// <summary>Of <c>--source</c>.</summary>
    public static IReadOnlyList<Word> Sources { get; } =
    [
        new("wikipedia", "saved page \"List of countries by GDP (nominal)\" of the English Wikipedia"),
        new("imf", "files of the IMF: DataMapper JSON, World Economic Outlook text (WEO_Data.xls), SDMX-JSON"),
        new("worldbank", "files of the World Bank: CSV download, with or without the countries' metadata; pages of the API as JSON"),
        new("csv", "records with a header line (RFC 4180) of any size, parted by , ; tab or |; also .gz and .zst, and from standard input"),
        new("ndjson", "one JSON object per line (.ndjson, .jsonl) of any size; also .gz and .zst, and from standard input"),
    ];

    /// <summary>Of <c>--sink</c>.</summary>
    public static IReadOnlyList<Word> Sinks { get; } =
    [
        new("json", "Countries_by_GDP.json and Region_Top.json"),
        new("sqlite", "World_Economies.db; the averages are checked by SQL on it"),
        new("html", "report.html: tables, charts, counts and warnings on one page that needs nothing else"),
        new("csv", "Countries_by_GDP.csv and Region_Top.csv (RFC 4180); a text that a spreadsheet would take for a formula has an apostrophe before it"),
        new("ndjson", "Countries_by_GDP.ndjson and Region_Top.ndjson: one JSON object per line"),
        new("parquet", "Countries_by_GDP.parquet and Region_Top.parquet: amounts as DECIMAL, members as lists"),
        new("markdown", "Countries_by_GDP.md and Region_Top.md: tables"),
        new("postgres", "the same tables in a schema on PostgreSQL, checked by SQL too; needs a connection string (--config hocon/postgres.conf)"),
    ];

    /// <summary>Of <c>--regions</c>, beside a file.</summary>
    public static IReadOnlyList<Word> Schemes { get; } =
    [
        new("continent", "Africa, Asia, Europe, North America, Oceania, South America"),
        new("un-region", "the United Nations' five regions; the Americas are one"),
        new("un-subregion", "the United Nations' sub-regions, such as Western Asia"),
        new("wb-region", "the World Bank's regions"),
        new("wb-income", "the World Bank's income groups"),
    ];

    /// <summary>Of <c>--publisher</c>.</summary>
    public static IReadOnlyList<Word> Publishers { get; } =
    [
        new("imf", "International Monetary Fund"),
        new("worldbank", "World Bank"),
        new("un", "United Nations"),
    ];

    /// <summary>Of <c>--unit</c>.</summary>
    public static IReadOnlyList<Word> Units { get; } =
    [
        new("usd", "US dollars"),
        new("thousand", "thousands of US dollars"),
        new("million", "millions of US dollars"),
        new("billion", "billions of US dollars"),
    ];

    /// <summary>Of <c>--duplicates</c>.</summary>
    public static IReadOnlyList<Word> Duplicates { get; } =
    [
        new("same", "equal values collapse, differing ones end the job"),
        new("sum", "values add up"),
        new("fail", "any duplicate ends the job"),
    ];

    /// <summary>Of <c>--format</c>.</summary>
    public static IReadOnlyList<Word> Formats { get; } =
    [
        new("table", "a screen for people"),
        new("json", "countries and regions, as in the files"),
        new("csv", "the countries"),
        new("md", "regions and countries as Markdown tables"),
    ];

    /// <summary>What <c>--year</c> takes beside a year; <see cref="YearRule.Parse"/> reads it.</summary>
    public static IReadOnlyList<string> Years { get; } =
        [new YearRule.Auto().ToString(), new YearRule.All().ToString(), new YearRule.LatestPerCountry().ToString()];

    internal static IReadOnlyDictionary<string, Publisher> PublisherByWord { get; } = new Dictionary<string, Publisher>
    {
        ["imf"] = Publisher.Imf,
        ["worldbank"] = Publisher.WorldBank,
        ["un"] = Publisher.UnitedNations,
    };

    internal static IReadOnlyDictionary<string, Unit> UnitByWord { get; } = new Dictionary<string, Unit>
    {
        ["usd"] = Unit.Usd,
        ["thousand"] = Unit.Thousand,
        ["million"] = Unit.Million,
        ["billion"] = Unit.Billion,
    };

    internal static IReadOnlyDictionary<string, char> DelimiterByWord { get; } = new Dictionary<string, char>
    {
        ["comma"] = ',',
        ["semicolon"] = ';',
        ["tab"] = '\t',
        ["pipe"] = '|',
    };

    /// <summary>Of <c>etl explain</c>.</summary>
    internal static IReadOnlyList<Word> Explained { get; } =
    [
        new("all", "all of it"), new("tree", "the actors"), new("routing", "the pool of mappers, the journal"),
        new("supervision", "what is done about which failure"), new("config", "the settings in force, with their origins"),
    ];

    /// <summary>True for JSON.</summary>
    internal static IReadOnlyDictionary<string, bool> TableOrJson { get; } = new Dictionary<string, bool>
    {
        ["table"] = false,
        ["json"] = true,
    };

    /// <summary>True when a record without a value counts as missing.</summary>
    internal static IReadOnlyDictionary<string, bool> EmptyByWord { get; } = new Dictionary<string, bool>
    {
        ["quarantine"] = false,
        ["missing"] = true,
    };

    internal static IReadOnlyDictionary<string, DuplicateRule> DuplicateByWord { get; } = new Dictionary<string, DuplicateRule>
    {
        ["same"] = DuplicateRule.Same,
        ["sum"] = DuplicateRule.Sum,
        ["fail"] = DuplicateRule.Fail,
    };

    /// <summary>The names of words.</summary>
    internal static IEnumerable<string> Names(this IEnumerable<Word> words) => words.Select(w => w.Name);

    /// <summary>"; did you mean x?", or all the words when none is near.</summary>
    internal static string Suggest(string given, IReadOnlyCollection<string> words)
    {
        var started = given.Length == 0 ? [] : words.Where(w => w.StartsWith(given, StringComparison.OrdinalIgnoreCase)).ToArray();
        var nearest = NearestWord.Find(given, words) ?? (started.Length == 1 ? started[0] : null);
        return nearest is null ? $"; valid: {string.Join(", ", words)}" : $"; did you mean {nearest}?";
    }
}
