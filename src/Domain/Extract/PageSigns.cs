namespace Etl.Domain.Extract;

/// <summary>
/// The texts that speak of a table as a whole, nearest first: its own title rows, caption, outer heading, the page's heading and title.
/// Running text, navigation and other tables have no say.
/// </summary>
internal sealed record PageSigns(EquatableArray<string> Texts)
{
    /// <summary>The texts about one table of a page.</summary>
    public static PageSigns Of(PageOutline page, PageTable table, TableHeader header) =>
        Of(header.Title, table.Caption, table.OuterHeading, page.Heading, page.Title);

    /// <summary>The texts about the page itself.</summary>
    public static PageSigns Of(PageOutline page) => Of(page.Heading, page.Title);

    /// <summary>The publisher that the nearest text names alone; several at once, or nobody, decide nothing.</summary>
    public PublisherSign Publisher => Texts.Select(PublisherSigns.Of).FirstOrDefault(sign => sign != PublisherSign.None);

    public bool NamesGdp => Texts.Any(text => MeasureSign.Of(text).NamesGdp);

    /// <summary>A text names nominal values and purchasing power side by side, so that the column itself must tell.</summary>
    public bool IsMixed => Texts.Any(text => MeasureSign.Of(text).Mixed);

    /// <summary>The first text about another measure, and its words; null when there is none.</summary>
    public (string Text, string Words)? OtherMeasure
    {
        get
        {
            foreach (var text in Texts)
            {
                if (MeasureSign.Of(text).Other is { } words)
                    return (text, words);
            }

            return null;
        }
    }

    private static PageSigns Of(params string?[] texts) => new([.. texts.Where(text => !string.IsNullOrEmpty(text)).Select(text => text!)]);
}
