namespace Etl.Actors.Extract.Sources.Wikipedia;

/// <summary>
/// The limits of a page. They keep a hostile file within five seconds and 300 MB for the whole process; a real page needs a twentieth
/// of each at most (0.6 MB, 6,000 elements, 30 levels, 0.05 s).
/// </summary>
public static class PageLimits
{
    /// <summary>
    /// Bytes of a page. Text, parser and tree each hold a copy in two bytes per character, so 16 MiB becomes up to 150 MB.
    /// </summary>
    public const int MaximumBytes = 16 * 1024 * 1024;

    /// <summary>Levels of nested elements; a parser needs quadratic time beyond.</summary>
    public const int MaximumDepth = 512;

    /// <summary>Elements of the tree, about 600 bytes each with their text and cell; thirty times a real page.</summary>
    public const int MaximumElements = 200_000;

    /// <summary>Attributes of all elements together, about 100 bytes each.</summary>
    public const int MaximumAttributes = 1_000_000;

    /// <summary>Attributes of one element; a parser compares each with all before it.</summary>
    public const int MaximumAttributesOfElement = 1_000;

    /// <summary>Formatting elements left open; a parser opens all of them again in every paragraph.</summary>
    public const int MaximumOpenFormatting = 64;

    /// <summary>
    /// Time for parsing, in case a file is hostile in a way that no limit counts. It is the clock's and not the processor's, so it is far
    /// from what a good page needs: on a machine with nine busy threads per core, three seconds refused a real page.
    /// </summary>
    public static readonly TimeSpan MaximumTime = TimeSpan.FromSeconds(30);
}
