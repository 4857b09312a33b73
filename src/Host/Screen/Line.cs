namespace Etl.Host.Screen;

/// <summary>What a piece of text is, from which its colour follows.</summary>
public enum Tone
{
    /// <summary>As the terminal has it.</summary>
    Plain,

    /// <summary>Labels and hints.</summary>
    Dim,

    /// <summary>What the eye should find first.</summary>
    Strong,

    /// <summary>A check that holds.</summary>
    Good,

    /// <summary>A check that does not hold.</summary>
    Bad,

    /// <summary>Something to look at.</summary>
    Warning,

    /// <summary>A bar.</summary>
    Bar,
}

/// <summary>Text of one tone. Safe to print: it went through <see cref="Inert"/> where others wrote it.</summary>
public readonly record struct Span(string Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Span(string text) => new(text);
}

/// <summary>A line of the screen, or a part of one.</summary>
public sealed class Line(params Span[] spans)
{
    private readonly List<Span> spans = [.. spans];

    /// <summary>Its text, piece by piece.</summary>
    public IReadOnlyList<Span> Spans => spans;

    /// <summary>Width in cells.</summary>
    public int Width => spans.Sum(s => Cells.Width(s.Text));

    /// <summary>The empty line.</summary>
    public static Line Empty => new();

    public static implicit operator Line(string text) => new(text);

    /// <summary>Adds at the end.</summary>
    public Line Add(Span span)
    {
        spans.Add(span);
        return this;
    }

    /// <summary>Adds at the end.</summary>
    public Line Append(Line other)
    {
        spans.AddRange(other.spans);
        return this;
    }

    /// <summary>Fills up with blanks.</summary>
    public Line PadTo(int width) => Width < width ? Add(new string(' ', width - Width)) : this;

    /// <summary>Without colour.</summary>
    public override string ToString() => string.Concat(spans.Select(s => s.Text)).TrimEnd();
}
