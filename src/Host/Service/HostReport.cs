using System.Globalization;
using Etl.Actors.Hosting;
using Etl.Domain.Jobs;
using Etl.Host.Screen;

namespace Etl.Host.Service;

/// <summary>What a host tells on stderr, a line each with its time: a log that lives as long as the process. A storm of equal lines is counted.</summary>
internal sealed class HostReport(Terminal terminal) : IRunObserver
{
    private const int MostPerMinute = 60;
    private readonly Lock gate = new();
    private long minute;
    private int written;
    private int left;

    /// <inheritdoc />
    public void Chosen(SourceChoice choice)
    {
    }

    /// <inheritdoc />
    public void Resumed(JobId job, long batchesDone, long batchesPlanned)
    {
    }

    /// <inheritdoc />
    public void Progress(RunProgress progress)
    {
    }

    /// <inheritdoc />
    public void Note(string text) => Write("info", "host", text);

    /// <inheritdoc />
    public void Restarted(Restart restart)
    {
    }

    /// <inheritdoc />
    public void Diagnostic(string level, string source, string text) => Write(level, source, text);

    private void Write(string level, string source, string text)
    {
        lock (gate)
        {
            var now = Environment.TickCount64 / 60_000;
            if (now != minute)
            {
                if (left > 0) Line("warning", "host", string.Create(CultureInfo.InvariantCulture, $"{left} more lines within a minute were left out"));
                (minute, written, left) = (now, 0, 0);
            }

            if (++written > MostPerMinute) left++;
            else Line(level, source, text);
        }
    }

    private void Line(string level, string source, string text) => terminal.Error.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm:ss}Z {level} {Inert.Text(source)}: {Inert.Text(text)}"));
}
