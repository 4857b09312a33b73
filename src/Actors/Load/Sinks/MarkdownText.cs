using System.Text;

namespace Etl.Actors.Load.Sinks;

/// <summary>Texts of others in a table of Markdown.</summary>
public static class MarkdownText
{
    // Beside what Markdown knows: "&", which begins an entity of HTML.
    private const string Special = "\\|`*_[]<>~&";

    /// <summary>A cell: on one line, and without a meaning to Markdown or HTML.</summary>
    public static string Cell(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (Special.Contains(letter)) escaped.Append('\\');
            escaped.Append(char.IsControl(letter) || letter is '\u2028' or '\u2029' ? ' ' : letter);
        }

        return escaped.ToString();
    }
}
