using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace Etl.Host.Commands;

/// <summary>The help of a command: what it does, its options by their purpose, and examples to copy.</summary>
internal sealed class HelpPage : SynchronousCommandLineAction
{
    private const int FirstColumn = 32;
    private const int Width = 100;

    private static readonly Dictionary<string, string[]> Examples = new()
    {
        ["etl"] =
        [
            "etl run                         the edition that comes with the program",
            "etl run page.html               a page that you saved",
            "etl run data.csv                a file of country, year and GDP, of any size",
            "etl run --dry-run page.html     look before anything is written",
            "etl run --help                  all options",
            "etl jobs                        what the journal knows: jobs, and how far they are",
            "etl resume                      go on with the newest unfinished job",
            "etl formats                     sources, sinks, region schemes",
        ],
        ["etl run"] =
        [
            "etl run                                         the edition that comes with the program",
            "etl run page.html --out results                 a page that you saved",
            "etl run data.csv --year all                     a file of records, an answer per year",
            "etl run 'data/*.csv.gz' --duplicates sum        many files, whose rows add up",
            "etl run data.csv --columns gdp=BIP --unit usd    a column of another name",
            "zcat big.gz | etl run - --source csv            from another program",
            "etl run --regions un-region --top 3             other regions, fewer economies",
            "etl run --publisher worldbank --threshold 500   another estimate, a higher bar",
            "etl run --format csv > gdp.csv                  the table for a spreadsheet",
            "etl run --max-quarantined 1%                    for a pipeline: exit 3 when too many rows are set aside",
        ],
        ["etl extract"] =
        [
            "etl extract page.html --out E          rows of a page, and what was chosen",
            "etl extract 'data/*.csv.gz' --out E    records, decompressed",
            "etl extract https://data.example.org/gdp.csv --out E",
            "etl extract --source imf --year 2025 --out E    what the publisher has now",
        ],
        ["etl transform"] =
        [
            "etl transform E --out T                the answer, as files for etl load",
            "etl transform E --out T --regions un-region --top 3",
            "etl transform E --out T --year all --duplicates sum",
            "etl transform E --out T --fresh        start over instead of resuming",
        ],
        ["etl load"] =
        [
            "etl load T                             json and sqlite, into ./out",
            "etl load T --sink csv,html --out results",
            "etl load T --sink postgres --config hocon/postgres.conf",
            "etl load T --max-quarantined 1%        for a pipeline",
        ],
        ["etl host"] =
        [
            "etl host                        pages and API on http://127.0.0.1:5080, for this machine alone",
            "etl host --input-root /data --output-root /var/lib/etl --port 8080",
            "etl host --bind 0.0.0.0 --tls-certificate cert.pem --tls-key key.pem --token-file token",
            "etl host --allow-chaos          with buttons that crash actors",
        ],
        ["etl jobs"] =
        [
            "etl jobs                        the jobs of ./out",
            "etl jobs --out results          those of another folder",
            "etl jobs --format json          an array for a program",
            "etl jobs prune --keep 10        remove the oldest of those that are over",
        ],
        ["etl jobs prune"] =
        [
            "etl jobs prune                  keep the 50 newest jobs that are over",
            "etl jobs prune --keep 0         keep unfinished jobs alone",
            "etl jobs prune --out results    in another folder",
            "etl jobs prune --format json    what was removed, for a program",
        ],
        ["etl status"] =
        [
            "etl status 94988a8c             one job, by the beginning of its id (etl jobs lists them)",
            "etl status 94988a8c --out results",
            "etl status 94988a8c --state /var/lib/etl",
            "etl status 94988a8c --format json",
        ],
        ["etl resume"] =
        [
            "etl resume                      the newest unfinished job of ./out",
            "etl resume 94988a8c             that one",
            "etl resume --out results --sink json",
            "etl resume 94988a8c --set akka.actor.deployment./etl/mappers.nr-of-instances=8",
        ],
        ["etl events"] =
        [
            "etl events 94988a8c             what happened, in order",
            "etl events 94988a8c --out results",
            "etl events 94988a8c --format json",
            "etl events 94988a8c --format json | jq '.[] | select(.kind == \"mapper_restarted\")'",
        ],
        ["etl explain"] =
        [
            "etl explain                     all of it, as a run without options would have it",
            "etl explain supervision --set etl.supervision.loader.retries=5",
            "etl explain config --config scale.conf",
            "etl explain --format json | jq '.config[] | select(.origin != \"reference.conf\")'",
        ],
        ["etl formats"] =
        [
            "etl formats                     as a table",
            "etl formats --format json       for a program",
            "etl run --source wikipedia      the words go into the options of run",
            "etl run --regions wb-income     a region scheme",
        ],
    };

    private static readonly Dictionary<string, string> After = new()
    {
        ["etl run"] =
            """
            Exit codes: 0 done; 1 failed; 2 bad usage or configuration; 3 quality gate; 74 journal or disk;
            75 the state directory is in use; 130, 143 interrupted. A run that was interrupted or killed is
            resumed by the next `etl run` of the same input and options.
            """,
        ["etl extract"] = "Exit codes: 0 done; 1 the input is refused; 2 bad usage; 74 disk; 75 the folder is in use. Killed: run it again.",
        ["etl transform"] =
            """
            Exit codes are those of run. Refuses a folder whose manifest or files are not as they were written (1), or that
            is of another stage or a newer version (2). Killed or interrupted: the same command resumes.
            """,
        ["etl load"] = "Exit codes: 0 done; 1 the folder is not as it was written; 2 bad usage; 3 quality gate; 74 disk or server; 75 in use. Killed: run it again.",
        ["etl jobs"] = "Reads beside a run that is going on, without a lock and without writing. No journal: no jobs, exit code 0.",
        ["etl jobs prune"] = "Exit codes: 0 done; 2 bad usage; 74 journal or disk; 75 a run is at work in the state directory.",
        ["etl status"] = "Reads beside a run that is going on. An unknown id: exit code 2, with the nearest or a list.",
        ["etl events"] = "Reads beside a run that is going on. An unknown id: exit code 2, with the nearest or a list.",
        ["etl explain"] = "Starts and writes nothing; passwords are masked. A setting that a run would refuse: exit code 2.",
        ["etl resume"] =
            """
            Input and the options that change the answer are the job's; a page is read from the copy in the state
            directory, files from where they were. Exit codes are those of run; 2 when there is no such unfinished
            job, or its input is gone or has changed.
            """,
        ["etl"] = "Without a command this help is shown, exit code 0. Bad usage: exit code 2, message on stderr.",
    };

    /// <inheritdoc />
    public override bool ClearsParseErrors => true;

    /// <inheritdoc />
    public override int Invoke(ParseResult parseResult) => Write(parseResult);

    /// <summary>Writes the help of the command that was given.</summary>
    public static int Write(ParseResult parse)
    {
        var writer = parse.InvocationConfiguration.Output;
        var command = parse.CommandResult.Command;
        var name = Usage.Name(parse);
        writer.WriteLine(command.Description);
        writer.WriteLine();
        var rest = (command.Subcommands.Count > 0 ? " COMMAND" : "") + string.Concat(command.Arguments.Select(a => a.Arity.MinimumNumberOfValues > 0 ? $" {Shown(a)}" : $" [{Shown(a)}]"));
        writer.WriteLine($"Usage: {name}{rest} [options]");
        Section(writer, "Commands", command.Subcommands.Select(c => (c.Name, c.Description)));
        Section(writer, "Arguments", command.Arguments.Select(a => (Shown(a), a.Description)));
        var grouped = new HashSet<Option>();
        if (command is RunCommand.WithOptions run)
            foreach (var (heading, options) in run.Set.Groups)
            {
                grouped.UnionWith(options);
                Section(writer, heading, options.Select(Row));
            }

        var others = command.Options.Concat(parse.RootCommandResult.Command.Options.Where(o => o.Recursive)).Distinct();
        Section(writer, grouped.Count > 0 ? "Other" : "Options", others.Where(o => !grouped.Contains(o)).Select(Row));
        writer.WriteLine();
        writer.WriteLine("EXAMPLES");
        foreach (var example in Examples[name]) writer.WriteLine("  " + example);
        if (!After.TryGetValue(name, out var after)) return 0;
        writer.WriteLine();
        writer.WriteLine(after);
        return 0;
    }

    private static string Shown(Argument argument) => argument.Name + (argument.Arity.MaximumNumberOfValues > 1 ? "..." : "");

    private static (string Name, string? About) Row(Option option) =>
        (option.HelpName is { } value ? $"{option.Name} {value}" : string.Join(", ", [option.Name, .. option.Aliases.Where(a => a[0] == '-')]), option.Description);

    private static void Section(TextWriter writer, string heading, IEnumerable<(string Name, string? About)> rows)
    {
        var all = rows.ToArray();
        if (all.Length == 0) return;
        writer.WriteLine();
        writer.WriteLine(heading);
        foreach (var (name, about) in all)
        {
            var left = "  " + name.PadRight(FirstColumn - 2);
            foreach (var line in Wrapped(about ?? "", Width - FirstColumn))
            {
                writer.WriteLine(left + line);
                left = new string(' ', FirstColumn);
            }
        }
    }

    private static IEnumerable<string> Wrapped(string text, int width)
    {
        while (text.Length > width)
        {
            var at = text.LastIndexOf(' ', width);
            yield return text[..at];
            text = text[(at + 1)..];
        }

        yield return text;
    }
}

/// <summary>Prints the product's version.</summary>
internal sealed class VersionLine : SynchronousCommandLineAction
{
    /// <summary>The version of this program.</summary>
    public static string Version { get; } =
        typeof(VersionLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <inheritdoc />
    public override bool ClearsParseErrors => true;

    /// <inheritdoc />
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(Version);
        return 0;
    }
}
