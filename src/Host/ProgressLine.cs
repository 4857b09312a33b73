using System.Diagnostics;
using System.Globalization;
using Etl.Actors.Hosting;
using Etl.Domain.Jobs;
using Etl.Host.Screen;

namespace Etl.Host;

/// <summary>
/// Tells on stderr how a run gets on. Progress is one line that is written over, on a terminal alone; what happened once (a resume, a
/// restart) is a line of its own and stays.
/// </summary>
public sealed class ProgressLine(Terminal terminal, bool quiet) : IRunObserver, IDisposable
{
    // A storm of restarts must not bury the result; run.json has them all.
    private const int MaxRestartsShown = 3;
    private const int MaxDiagnosticsShown = 20;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private readonly Glyphs glyphs = Glyphs.For(terminal);
    private readonly Pace pace = new();
    private readonly long started = Stopwatch.GetTimestamp();
    private long last;
    private int shown;
    private int restarts;
    private int diagnostics;

    /// <inheritdoc />
    public void Chosen(SourceChoice choice)
    {
        // The finished screen tells it, with everything else.
    }

    /// <inheritdoc />
    public void Resumed(JobId job, long batchesDone, long batchesPlanned) => Note(string.Create(
        CultureInfo.InvariantCulture, $"resuming job {job}: {batchesDone} of {batchesPlanned} batches were already done"));

    /// <inheritdoc />
    public void Progress(RunProgress progress)
    {
        if (quiet || !terminal.ErrorIsTerminal) return;
        lock (gate)
        {
            if (last != 0 && Stopwatch.GetElapsedTime(last) < Interval) return;
            last = Stopwatch.GetTimestamp();
            // The terminal of stderr may be narrower than what stdout is written for. One cell short, or the cursor would wrap.
            Write(ProgressText.Of(progress, pace.Add(Stopwatch.GetElapsedTime(started), progress), glyphs, Terminal.MinWidth - 1));
        }
    }

    /// <inheritdoc />
    public void Restarted(Restart restart)
    {
        var count = Interlocked.Increment(ref restarts);
        if (count > MaxRestartsShown) return;
        var row = restart.Row is { } number ? string.Create(CultureInfo.InvariantCulture, $", row {number}") : "";
        var more = count == MaxRestartsShown ? " (further ones are in run.json)" : "";
        Note(string.Create(CultureInfo.InvariantCulture,
            $"{restart.Directive} {restart.Actor} at batch {restart.Batch}{row}, attempt {restart.Attempt}: {restart.Cause}{more}"));
    }

    /// <inheritdoc />
    public void Diagnostic(string level, string source, string text)
    {
        var count = Interlocked.Increment(ref diagnostics);
        if (count > MaxDiagnosticsShown) return;
        var more = count == MaxDiagnosticsShown ? " (further ones are not shown)" : "";
        Note($"{level}: {source}: {text}{more}");
    }

    /// <inheritdoc />
    /// <remarks>A line that stays.</remarks>
    public void Note(string text)
    {
        if (quiet) return;
        lock (gate)
        {
            Clear();
            terminal.Error.WriteLine(Inert.Text(text));
        }
    }

    /// <summary>Takes the progress away.</summary>
    public void Dispose()
    {
        lock (gate) Clear();
    }

    private void Write(string text)
    {
        // Blanks rather than an escape sequence: they work on every terminal.
        terminal.Error.Write("\r" + Cells.PadRight(text, shown) + "\r");
        shown = Cells.Width(text);
    }

    private void Clear()
    {
        if (shown == 0) return;
        terminal.Error.Write("\r" + new string(' ', shown) + "\r");
        shown = 0;
    }
}
