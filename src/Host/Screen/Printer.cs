using Spectre.Console;

namespace Etl.Host.Screen;

/// <summary>Writes lines, with colours where they are wanted.</summary>
public static class Printer
{
    /// <summary>Writes to stdout.</summary>
    public static void Print(Terminal terminal, IEnumerable<Line> lines)
    {
        // Without colours Spectre.Console would only cost its loading.
        if (terminal.Color) PrintColored(terminal, lines);
        else PrintPlain(terminal.Out, lines);
        terminal.Out.Flush();
    }

    /// <summary>Writes without colours.</summary>
    public static void PrintPlain(TextWriter writer, IEnumerable<Line> lines)
    {
        foreach (var line in lines) writer.WriteLine(line.ToString());
    }

    private static void PrintColored(Terminal terminal, IEnumerable<Line> lines)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = OperatingSystem.IsWindows() ? AnsiSupport.Detect : AnsiSupport.Yes,
            // The sixteen colours of the terminal's own theme, so that it is readable on dark and on light.
            ColorSystem = ColorSystemSupport.Standard,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(terminal.Out),
        });
        // The lines are laid out already; Spectre.Console must not fold them once more.
        console.Profile.Width = short.MaxValue;
        foreach (var line in lines)
        {
            // Text, not markup: a name such as [red] means nothing to it.
            foreach (var span in line.Spans) console.Write(new Text(span.Text, StyleOf(span.Tone)));
            console.WriteLine();
        }
    }

    private static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Plain => Style.Plain,
        Tone.Dim => new Style(decoration: Decoration.Dim),
        Tone.Strong => new Style(decoration: Decoration.Bold),
        Tone.Good => new Style(Color.Green),
        Tone.Bad => new Style(Color.Red),
        Tone.Warning => new Style(Color.Olive),
        Tone.Bar => new Style(Color.Teal),
        _ => throw new System.Diagnostics.UnreachableException(tone.ToString()),
    };
}
