namespace Etl.Host.Screen;

/// <summary>The signs a screen is drawn with.</summary>
/// <param name="Bars">Fills of one cell, from the least to the full one.</param>
public sealed record Glyphs(string Check, string Cross, string Dot, string Arrow, string Times, string AtLeast, string Ellipsis, string Bars)
{
    /// <summary>For a terminal that shows UTF-8.</summary>
    public static Glyphs Unicode { get; } = new("✓", "✗", "·", "→", "×", "≥", "…", "▏▎▍▌▋▊▉█");

    /// <summary>For every other terminal.</summary>
    public static Glyphs Ascii { get; } = new("ok", "!!", "|", "->", "x", ">=", "...", "-#");

    /// <summary>The signs that <paramref name="terminal"/> can show.</summary>
    public static Glyphs For(Terminal terminal) => terminal.Unicode ? Unicode : Ascii;

    /// <summary>A bar of at most <paramref name="width"/> cells; what is more than nothing shows at least the least fill.</summary>
    /// <param name="share">0 to 1.</param>
    public string Bar(double share, int width)
    {
        if (!(share > 0)) return "";
        var steps = (int)Math.Round(Math.Min(share, 1) * width * Bars.Length, MidpointRounding.AwayFromZero);
        var (full, part) = Math.DivRem(Math.Max(steps, 1), Bars.Length);
        return new string(Bars[^1], full) + (part == 0 ? "" : Bars[part - 1]);
    }
}
