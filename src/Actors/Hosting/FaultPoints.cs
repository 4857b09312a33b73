using System.Diagnostics;
using System.Globalization;
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

    private FaultPoints(Dictionary<string, Fault> faults, RowTrap? rows = null) => (this.faults, Rows) = (faults, rows);

    /// <summary>Crashes at rows, where that was asked for; else null.</summary>
    public RowTrap? Rows { get; }

    /// <summary>No fault.</summary>
    public static FaultPoints None { get; } = new([]);

    /// <summary>The points that exist.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "before-persist", "after-persist", "after-ack", "map-batch", "map-probe", "before-complete", "after-complete", "before-load", "after-sink",
        "before-run-json", "after-run-json", "before-finish", "after-finish", "after-compact", "before-forget", "after-summary",
    ];

    /// <summary>Reads the setting; an unknown name or a malformed count is a configuration error.</summary>
    /// <exception cref="FormatException">The text is not of the form above.</exception>
    public static FaultPoints Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return None;
        var faults = new Dictionary<string, Fault>(StringComparer.Ordinal);
        PoisonRows? rows = null;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
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
                    $"etl.fault: '{part}' is not name:count[:kill|throw|throw-always] with a name of {string.Join(", ", Names)}, "
                    + "nor poison-row=TEXT[:throw|throw-unnamed|kill]");
            faults[fields[0]] = new Fault(count, fields.Length == 3 ? fields[2] : "kill");
        }

        return new(faults, rows is null ? null : rows.Meet);
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
        if (faults.Count == 0 || !faults.TryGetValue(name, out var fault)) return;
        var passage = Interlocked.Increment(ref fault.Passed);
        if (passage < fault.Count || (passage > fault.Count && fault.Action != "throw-always")) return;
        if (fault.Action == "kill") Process.GetCurrentProcess().Kill();
        throw new InjectedFaultException($"injected fault at {name}, passage {passage.ToString(CultureInfo.InvariantCulture)}");
    }

    private sealed class Fault(int count, string action)
    {
        public int Passed;

        public int Count { get; } = count;

        public string Action { get; } = action;
    }
}

/// <summary>A failure that was asked for by <c>etl.fault</c>.</summary>
public sealed class InjectedFaultException(string message) : Exception(message);
