using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Etl.Actors.Load.Sinks.Html;

/// <summary>
/// A piece of HTML. It is made of an interpolated string alone, whose literal parts are markup and whose values are text: every value that
/// is not markup itself is encoded, so that a text of others cannot become an element or leave an attribute.
/// </summary>
internal readonly record struct Markup
{
    // Letters of any language as they are; what HTML knows, and what is no character, as references.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly string? text;

    private Markup(string text) => this.text = text;

    /// <summary>Nothing.</summary>
    public static Markup None => default;

    /// <summary>Markup of literals and encoded values.</summary>
    public static Markup Of(ref Handler content) => new(content.Text());

    /// <summary>Markup of ours that is a constant.</summary>
    public static Markup Trusted(string constant) => new(constant);

    /// <summary>One behind the other.</summary>
    public static Markup Join(IEnumerable<Markup> parts) => new(string.Concat(parts));

    /// <summary>One behind the other, with this text between them.</summary>
    public static Markup Join(string separator, IEnumerable<Markup> parts) => new(string.Join(Encoder.Encode(separator), parts));

    /// <inheritdoc />
    public override string ToString() => text ?? "";

    /// <summary>Takes an interpolated string apart.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Handler(int literals, int values)
    {
        private readonly StringBuilder built = new(literals + (values * 16));

        public void AppendLiteral(string literal) => built.Append(literal);

        public void AppendFormatted(Markup markup) => built.Append(markup.ToString());

        public void AppendFormatted(string? value) => built.Append(Encoder.Encode(value ?? ""));

        public void AppendFormatted(long value) => built.Append(value.ToString(CultureInfo.InvariantCulture));

        public string Text() => built.ToString();
    }
}
