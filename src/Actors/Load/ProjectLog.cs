using System.Globalization;
using System.Text;
using Etl.Actors.Load.Sinks;
using Microsoft.Win32.SafeHandles;

namespace Etl.Actors.Load;

/// <summary>
/// The project's log: <c>2025-January-07-14-36-16, message</c>, local time, one line per message. Appended, never recreated. A line is
/// handed to the operating system before <see cref="Write"/> returns, so it survives the death of the process.
/// </summary>
public sealed class ProjectLog : IDisposable
{
    /// <summary>The log's name in the output directory.</summary>
    public const string FileName = "etl_project_log.txt";

    private readonly Lock _gate = new();
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly TimeProvider _time;

    private ProjectLog(SafeFileHandle file, string path, TimeProvider time) => (_file, _path, _time) = (file, path, time);

    /// <summary>Opens the log of a directory, which is created when it is absent.</summary>
    /// <exception cref="SinkException">It cannot be written.</exception>
    public static ProjectLog Open(string outDirectory, TimeProvider time)
    {
        var path = Path.Combine(outDirectory, FileName);
        try
        {
            Directory.CreateDirectory(outDirectory);
            return new ProjectLog(
                File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete), path, time);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw SinkException.Of(path, failure);
        }
    }

    /// <summary>Appends a line. Thread-safe.</summary>
    /// <param name="message">Line breaks and other control characters become spaces, so that a message stays one line.</param>
    /// <exception cref="SinkException">It cannot be written.</exception>
    public void Write(string message)
    {
        lock (_gate)
        {
            // Stamped within the gate, so that times in the file do not go backwards.
            var line = _time.GetLocalNow().ToString("yyyy-MMMM-dd-HH-mm-ss", CultureInfo.InvariantCulture) + ", " + OneLine(message) + '\n';
            try
            {
                // The end is looked up each time: another process, or a person with an editor, may have appended meanwhile.
                var end = RandomAccess.GetLength(_file);
                RandomAccess.Write(_file, Encoding.UTF8.GetBytes(EndsMidLine(end) ? '\n' + line : line), end);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw SinkException.Of(_path, failure);
            }
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        lock (_gate) _file.Dispose();
    }

    // A line without its end: cut by a full disk or a power failure, or edited by hand.
    private bool EndsMidLine(long end)
    {
        Span<byte> last = stackalloc byte[1];
        return end > 0 && RandomAccess.Read(_file, last, end - 1) == 1 && last[0] != (byte)'\n';
    }

    private static string OneLine(string message)
    {
        var line = message.ReplaceLineEndings(" ");
        return string.Create(line.Length, line, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++) target[i] = char.IsControl(source[i]) ? ' ' : source[i];
        });
    }
}
