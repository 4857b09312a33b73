namespace Etl.Actors.Extract.Sources.Wikipedia;

/// <summary>Tag names as numbers, and the sets of them that matter for nesting.</summary>
internal static class Tags
{
    public static readonly ulong Paragraph = Code("p");
    public static readonly ulong Anchor = Code("a");

    public static readonly HashSet<ulong> Void =
        Codes("area base br col embed frame hr image img input keygen link meta param source track wbr");

    /// <summary>Elements that a parser opens again after the block that they were left open in.</summary>
    public static readonly ulong[] Formatting = [.. Codes("a b big code em font i nobr s small strike strong tt u")];

    public static readonly HashSet<ulong> Foreign = Codes("svg math");

    /// <summary>Cells: an end tag inside never reaches out of them, and formatting left open in one ends with it.</summary>
    public static readonly HashSet<ulong> Cells = Codes("td th caption");

    /// <summary>What an end tag of ordinary content never reaches beyond.</summary>
    public static readonly HashSet<ulong> Boundaries = Codes("table td th caption object applet marquee template button");

    /// <summary>What an end tag of a table's part never reaches beyond.</summary>
    public static readonly HashSet<ulong> TableOnly = Codes("table");

    /// <summary>The parts of a table, whose end tags reach to the table.</summary>
    public static readonly HashSet<ulong> TableParts = Codes("table caption colgroup thead tbody tfoot tr td th");

    /// <summary>Elements that end an open paragraph.</summary>
    public static readonly HashSet<ulong> Blocks = Codes(
        "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header "
        + "hgroup hr main menu nav ol p pre search section summary table ul li dd dt");

    private static readonly HashSet<ulong> RawText = Codes("script style title textarea xmp iframe noembed noframes");

    // What a start tag closes of the same family, up to which element: "tr" closes an open cell and row of its own table, and so on.
    private static readonly Dictionary<ulong, (HashSet<ulong> Closes, HashSet<ulong> UpTo)> Families = Build();

    private static readonly (HashSet<ulong>, HashSet<ulong>) NoFamily = ([], []);

    public static bool IsRawText(ReadOnlySpan<char> name) => RawText.Contains(Code(name));

    public static bool IsTable(ReadOnlySpan<char> name) => TableOnly.Contains(Code(name));

    public static (HashSet<ulong> Closes, HashSet<ulong> UpTo) FamilyOf(ulong tag) => Families.GetValueOrDefault(tag, NoFamily);

    /// <summary>A number for a name, whatever its case (FNV-1a; two names of one number would only make the estimate rougher).</summary>
    public static ulong Code(ReadOnlySpan<char> name)
    {
        var code = 14695981039346656037UL;
        foreach (var c in name)
            code = (code ^ char.ToLowerInvariant(c)) * 1099511628211UL;
        return code;
    }

    private static HashSet<ulong> Codes(string names) => [.. names.Split(' ').Select(name => Code(name))];

    private static Dictionary<ulong, (HashSet<ulong>, HashSet<ulong>)> Build()
    {
        var families = new Dictionary<ulong, (HashSet<ulong>, HashSet<ulong>)>();
        void Add(string tags, string closes, string upTo)
        {
            foreach (var tag in Codes(tags))
                families[tag] = (Codes(closes), Codes(upTo));
        }

        Add("li", "li", "ul ol menu table td th caption");
        Add("dd dt", "dd dt", "dl table td th caption");
        Add("option optgroup", "option", "select table td th caption");
        Add("td th", "td th caption colgroup", "tr table");
        Add("tr", "tr td th caption colgroup", "tbody thead tfoot table");
        Add("tbody thead tfoot", "tbody thead tfoot tr td th caption colgroup", "table");
        return families;
    }
}
