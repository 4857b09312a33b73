using System.Text;

namespace Etl.Host;

/// <summary>Where this process writes, and what those places can show. The only reader of the console and of its environment.</summary>
/// <param name="Out">Data, and nothing else.</param>
/// <param name="Error">Progress, log, diagnostics.</param>
/// <param name="Width">Cells of a line of <paramref name="Out"/>.</param>
/// <param name="Color">Colours are wanted and understood on <paramref name="Out"/>.</param>
/// <param name="Unicode">False: draw with ASCII, whoever looks at it would see garbage otherwise.</param>
public sealed record Terminal(TextWriter Out, TextWriter Error, bool ErrorIsTerminal, int Width, bool Color, bool Unicode)
{
    /// <summary>Lines are not made narrower than this, whatever the terminal says.</summary>
    public const int MinWidth = 80;

    /// <summary>Longer lines are hard to read.</summary>
    public const int MaxWidth = 160;

    /// <summary>Width of a file or a pipe.</summary>
    public const int RedirectedWidth = 100;

    private const int Utf8CodePage = 65001;

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfProcess()
    {
        var isTerminal = !Console.IsOutputRedirected;
        if (OperatingSystem.IsWindows() && isTerminal) TrySetUtf8();
        // Own writers: one flush per screen rather than one per line, and UTF-8 without a byte order mark whatever the locale says.
        return new(
            Writer(Console.OpenStandardOutput(), autoFlush: false), Writer(Console.OpenStandardError(), autoFlush: true),
            !Console.IsErrorRedirected, isTerminal ? WindowWidth() : RedirectedWidth, isTerminal && WantsColor(),
            !isTerminal || Console.OutputEncoding.CodePage == Utf8CodePage);
    }

    private static bool WantsColor() =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";

    private static int WindowWidth()
    {
        try
        {
            return Math.Clamp(Console.WindowWidth, MinWidth, MaxWidth);
        }
        catch (IOException)
        {
            return RedirectedWidth;
        }
    }

    private static void TrySetUtf8()
    {
        try
        {
            Console.OutputEncoding = Encoding.UTF8;
        }
        catch (IOException)
        {
            // Some consoles refuse; then the screen is drawn in ASCII.
        }
    }

    private static StreamWriter Writer(Stream stream, bool autoFlush) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 4096) { AutoFlush = autoFlush };
}
