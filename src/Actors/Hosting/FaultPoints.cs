using System.Diagnostics;
using System.Globalization;
using System.Text;
using Etl.Domain.Map;

namespace Etl.Actors.Hosting;

/// <summary>
/// Named places in the code where a crash can be asked for (<c>etl.fault</c>), so that what a random kill seldom hits is tested on
/// purpose. Off unless asked for: then a call costs one comparison.
/// </summary>
/// <remarks>
/// The form is <c>name:count[:action]</c>, several separated by commas: at the count-th passage of <c>name</c> the process is killed
/// as by <c>kill -9</c> (action <c>kill</c>, the default), or an exception is thrown (<c>throw</c>; <c>throw-always</c> from the count-th
/// passage on). <c>poison-row=TEXT[:action]</c> makes every row poisonous that contains the text: mapping it throws (action <c>throw</c>, the
/// default), throws where no row is known (<c>throw-unnamed</c>), or kills the process (<c>kill</c>).
/// </remarks>
public sealed class FaultPoints
{
    private const string PoisonRow = "poison-row=";

    private readonly Dictionary<string, Fault> faults;
    private readonly FileStream? log;

    private FaultPoints(Dictionary<string, Fault> faults, RowTrap? rows = null, FileStream? log = null) =>
        (this.faults, Rows, this.log) = (faults, rows, log);

    /// <summary>Crashes at rows, where that was asked for; else null.</summary>
    public RowTrap? Rows { get; }

    /// <summary>No fault.</summary>
    public static FaultPoints None { get; } = new([]);

    /// <summary>The points that exist.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        // The catalog's and the coordinator's journal, whatever they write.
        "before-catalog-write", "after-catalog-write", "before-job-write", "after-job-write",
        // Batches: mapped, durable in a region, acknowledged, completed, and the last of a split.
        "map-batch", "map-probe", "before-persist", "after-persist", "before-ack", "after-ack", "before-complete", "after-complete",
        "before-collapse", "after-collapse",
        // A region's event that holds all, and the deletion of the older ones.
        "before-compact", "after-compact", "after-trim",
        // Loading.
        "before-load", "before-sink", "before-rename", "after-rename", "before-commit", "after-commit", "after-sink", "before-run-json",
        "after-run-json", "before-finish", "after-finish",
        // What is left of a job that is over.
        "before-forget", "after-forget", "before-summary", "after-summary",
    ];

    /// <summary>Reads the setting; an unknown name or a malformed count is a configuration error.</summary>
    /// <param name="log">A file that gets the name of every point that is passed, a line each; null or empty for none.</param>
    /// <exception cref="FormatException">The text is not of the form above.</exception>
    public static FaultPoints Parse(string? text, string? log = null)
    {
        if (string.IsNullOrWhiteSpace(text) && string.IsNullOrEmpty(log)) return None;
        var faults = new Dictionary<string, Fault>(StringComparer.Ordinal);
        PoisonRows? rows = null;
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = part.Split(':');
            if (part.StartsWith(PoisonRow, StringComparison.Ordinal) && PoisonOf(fields) is { } poison && fields[0].Length > PoisonRow.Length)
            {
                (rows ??= new()).Add(fields[0][PoisonRow.Length..], poison);
                continue;
            }

            if (fields.Length is < 2 or > 3 || !Names.Contains(fields[0])
                || !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1
                || (fields.Length == 3 && fields[2] is not ("kill" or "throw" or "throw-always")))
                throw new FormatException(
                    $"etl.fault: '{part}' is neither poison-row=TEXT[:throw|throw-unnamed|kill] nor name:count[:kill|throw|throw-always]; names: "
                    + string.Join(' ', Names));
            faults[fields[0]] = new Fault(count, fields.Length == 3 ? fields[2] : "kill");
        }

        // Without a buffer of ours: what was passed before a kill is in the file.
        return new(
            faults, rows is null ? null : rows.Meet,
            string.IsNullOrEmpty(log) ? null : new FileStream(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, 0));
    }

    private static Poison? PoisonOf(string[] fields) => fields switch
    {
        [_] or [_, "throw"] => Poison.Throw,
        [_, "throw-unnamed"] => Poison.ThrowUnnamed,
        [_, "kill"] => Poison.Kill,
        _ => null,
    };

    /// <summary>Passes a point; kills or throws when that was asked for.</summary>
    /// <exception cref="InjectedFaultException">As asked for.</exception>
    public void Pass(string name)
    {
        if (log is not null) lock (log) log.Write(Encoding.ASCII.GetBytes(name + "\n"));
        if (faults.Count == 0 || !faults.TryGetValue(name, out var fault)) return;
        var passage = Interlocked.Increment(ref fault.Passed);
        if (passage < fault.Count || (passage > fault.Count && fault.Action != "throw-always")) return;
        if (fault.Action == "kill") Process.GetCurrentProcess().Kill();
        throw new InjectedFaultException($"injected fault at {name}, passage {passage.ToString(CultureInfo.InvariantCulture)}");
    }

    /// <summary>An action that passes a point first.</summary>
    public Action Before(string name, Action then) => () =>
    {
        Pass(name);
        then();
    };

    private sealed class Fault(int count, string action)
    {
        public int Passed;

        public int Count { get; } = count;

        public string Action { get; } = action;
    }
}

/// <summary>A failure that was asked for by <c>etl.fault</c>.</summary>
public sealed class InjectedFaultException(string message) : Exception(message);
