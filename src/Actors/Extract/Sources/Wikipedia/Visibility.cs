using AngleSharp.Dom;

namespace Etl.Actors.Extract.Sources.Wikipedia;

/// <summary>Which elements of a cell show no text: sort keys, footnote marks, styles, texts for other than eyes.</summary>
internal static class Visibility
{
    private static readonly HashSet<string> SilentTags = new(StringComparer.Ordinal)
    {
        "sup", "style", "script", "template", "noscript", "img", "svg", "math", "input", "select", "textarea", "object", "audio", "video", "rt", "rp",
    };

    private static readonly HashSet<string> BreakingTags = new(StringComparer.Ordinal)
    {
        "br", "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote", "center",
    };

    private static readonly string[] SilentClasses = ["sortkey", "sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "reference"];

    /// <summary>True when the element and all in it is not to be read.</summary>
    public static bool IsSilent(IElement element) =>
        SilentTags.Contains(element.LocalName) || element.HasAttribute("hidden") || IsHiddenByStyle(element) || HasSilentClass(element);

    /// <summary>True when the element is laid out nowhere, so that as a cell it takes no place.</summary>
    public static bool IsGone(IElement element) => element.HasAttribute("hidden") || StyleHas(element, "display:none");

    /// <summary>True when text before and after the element stands apart.</summary>
    public static bool IsBreak(IElement element) => BreakingTags.Contains(element.LocalName);

    private static bool IsHiddenByStyle(IElement element) => StyleHas(element, "display:none") || StyleHas(element, "visibility:hidden");

    private static bool HasSilentClass(IElement element)
    {
        if (element.GetAttribute("class") is not { Length: > 0 } names)
            return false;
        foreach (var range in names.AsSpan().Split(' '))
        {
            var name = names.AsSpan(range);
            foreach (var silent in SilentClasses)
            {
                if (name.Equals(silent, StringComparison.OrdinalIgnoreCase))
                    return true;
            }
        }

        return false;
    }

    /// <summary>True when the style holds a declaration, however it is spaced.</summary>
    private static bool StyleHas(IElement element, string declaration)
    {
        if (element.GetAttribute("style") is not { Length: > 0 } style)
            return false;
        return style.Contains(declaration, StringComparison.OrdinalIgnoreCase)
            || (style.Contains(' ', StringComparison.Ordinal)
                && style.Replace(" ", "", StringComparison.Ordinal).Contains(declaration, StringComparison.OrdinalIgnoreCase));
    }
}
