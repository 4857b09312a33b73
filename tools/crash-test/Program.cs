using System.Collections.Concurrent;
using System.CommandLine;
using Etl.Actors.Hosting;
using Etl.CrashTest;
using Etl.Tests.Outside;

const int BadUsage = 2;
string[] kinds = ["kill", "image", "fault"], inputs = ["page", "csv"];

var kind = Word("--kind", "kill: kill -9 at 5 to 95 % of a run; image: copies of a run's disk; fault: named points; all", [.. kinds, "all"], "all");
var input = Word("--input", "page: the bundled edition; csv: a generated file of 200,000 rows; both. Faults are those of the page", [.. inputs, "both"], "both");
var journal = Word(
    "--journal", "sqlite: journal and tables in files; postgres: on a private server, started for the time; both. Images are of files, faults with files",
    [Backends.Sqlite, Backends.Postgres, "both"], Backends.Sqlite);
var seed = new Option<int>("--seed") { Description = "Of the first trial; the next has the next one", HelpName = "N", DefaultValueFactory = _ => 1 };
var trials = new Option<int?>("--trials") { Description = "Trials for each kind and input. Default: 30 kills, 100 images", HelpName = "N" };
var point = Word("--point", "Only this fault point", FaultPoints.Names, null);
var program = new Option<string?>("--program") { Description = "The etl to kill. Default: the one of the same build", HelpName = "PATH" };
var jobs = new Option<int>("--jobs")
{
    Description = "Trials at a time. Default: one for each processor",
    HelpName = "N",
    DefaultValueFactory = _ => Environment.ProcessorCount,
};
var thorough = new Option<bool>("--thorough") { Description = "Kill at every named point also at each of three starts in a row" };
var verbose = new Option<bool>("--verbose") { Description = "A line for each trial" };
var root = new RootCommand(
    "Kills etl in many ways and holds what it comes to against a run that nothing disturbs: SHA-256 of the result files, and of a dump of their "
    + "tables. Exit code 0: every promise was kept. 1: one was not; its seed and the command that repeats it are printed. 2: bad usage.")
{
    kind, input, journal, seed, trials, point, program, jobs, thorough, verbose,
};
root.SetAction(RunAsync);
var parse = root.Parse(args);
if (parse.Errors.Count > 0)
{
    foreach (var error in parse.Errors) Console.Error.WriteLine($"error: {error.Message}");
    return BadUsage;
}

return await parse.InvokeAsync(new() { ProcessTerminationTimeout = null });

async Task<int> RunAsync(ParseResult asked, CancellationToken cancellation)
{
    var folder = Directory.CreateTempSubdirectory("etl-crash-test-").FullName;
    var etl = asked.GetValue(program) is { } path ? Path.GetFullPath(path) : EtlProcess.Program;
    if (!File.Exists(etl))
    {
        Console.Error.WriteLine($"error: --program: there is no {etl}");
        return BadUsage;
    }

    var works = new[] { Work.Page, Work.Csv(folder) }.ToDictionary(work => work.Name);
    var outcomes = new ConcurrentBag<Outcome>();
    var (from, given) = (asked.GetValue(seed), asked.GetValue(trials));
    var parallel = new ParallelOptions { MaxDegreeOfParallelism = asked.GetValue(jobs), CancellationToken = cancellation };
    try
    {
        foreach (var name in inputs.Where(i => Wanted(asked.GetValue(input), i, "both")))
        {
            if (Wanted(asked.GetValue(journal), Backends.Postgres, "both") && Wanted(asked.GetValue(kind), "kill", "all"))
                await KillAsync(await Undisturbed.OfAsync(works[name] with { On = Backend.Postgres }, etl).ConfigureAwait(false));
            if (!Wanted(asked.GetValue(journal), Backends.Sqlite, "both")) continue;
            var undisturbed = await Undisturbed.OfAsync(works[name], etl).ConfigureAwait(false);
            if (Wanted(asked.GetValue(kind), "kill", "all")) await KillAsync(undisturbed);
            if (Wanted(asked.GetValue(kind), "image", "all"))
                await Parallel.ForEachAsync(Enumerable.Range(from, given ?? 100).Chunk(ImageTrial.PerRun), parallel, async (some, _) =>
                {
                    foreach (var outcome in await new ImageTrial(undisturbed, etl).RunAsync(some)) Note(outcome);
                });
            if (Wanted(asked.GetValue(kind), "fault", "all") && (name == "page" || asked.GetValue(kind) == "fault")) await FaultsAsync(undisturbed);
        }
    }
    catch (BrokenPromiseException broken)
    {
        Console.Error.WriteLine($"error: {broken.Message}");
        return 1;
    }

    Directory.Delete(folder, recursive: true);
    return Summary.Print([.. outcomes], works, "dotnet run --project tools/crash-test -c Release --", Console.Out) ? 0 : 1;

    Task KillAsync(Undisturbed undisturbed) =>
        Parallel.ForEachAsync(Enumerable.Range(from, given ?? 30), parallel, async (n, _) => Note(await new KillTrial(undisturbed, etl).RunAsync(n)));

    async Task FaultsAsync(Undisturbed undisturbed)
    {
        var trial = new FaultTrial(undisturbed, etl);
        var passages = await trial.PassagesAsync();
        var points = passages.Keys.Where(p => asked.GetValue(point) is not { } only || only == p);
        // Those that are thrown wait for most of their time: for a back-off, or a sink that is tried again.
        await Parallel.ForEachAsync(
            FaultTrial.Ways(asked.GetValue(thorough)).SelectMany(way => points.Select(p => (Way: way, Point: p))),
            new ParallelOptions { MaxDegreeOfParallelism = parallel.MaxDegreeOfParallelism * 2, CancellationToken = cancellation },
            async (t, _) => Note(await trial.RunAsync(t.Point, t.Way, passages[t.Point], from)));
    }

    void Note(Outcome outcome)
    {
        outcomes.Add(outcome);
        if (asked.GetValue(verbose) || outcome.Failure is not null)
            Console.Error.WriteLine($"{outcome.Group,-18} {outcome.Failure ?? outcome.Story}{(outcome.Counted ? "" : " (not counted)")}");
    }
}

static bool Wanted(string? given, string word, string all) => given == word || given == all;

static Option<string?> Word(string name, string description, IReadOnlyCollection<string> words, string? otherwise)
{
    var option = new Option<string?>(name) { Description = description, HelpName = words.Count > 9 ? "NAME" : string.Join('|', words) };
    if (otherwise is not null) option.DefaultValueFactory = _ => otherwise;
    option.Validators.Add(result =>
    {
        if (result.Tokens.Count > 0 && !words.Contains(result.Tokens[0].Value)) result.AddError($"{name} takes one of {string.Join(", ", words)}");
    });
    return option;
}
