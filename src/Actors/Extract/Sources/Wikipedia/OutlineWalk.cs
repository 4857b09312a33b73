using System.Text;
using AngleSharp.Dom;
using Etl.Domain.Extract;

namespace Etl.Actors.Extract.Sources.Wikipedia;

/// <summary>
/// Walks once over a document with a stack of its own (a deep page must not end the process) and by index (asking a node for its next
/// sibling is a search), and collects title, heading, date and every table.
/// </summary>
internal sealed class OutlineWalk
{
    private readonly Stack<Frame> stack = new();
    private readonly List<TableDraft> drafts = [];
    private TableDraft? table;
    private StringBuilder? text;
    private string? title;
    private string? heading;
    private DateOnly? declared;
    private DateOnly? footnote;

    /// <summary>The outline of a document.</summary>
    public static PageOutline Of(IDocument document)
    {
        var walk = new OutlineWalk();
        walk.Run(document);

        var tables = new List<PageTable>(walk.drafts.Count);
        foreach (var draft in walk.drafts)
            tables.Add(draft.Finish(tables));
        return new PageOutline(walk.title, walk.heading, walk.declared ?? walk.footnote, [.. tables]);
    }

    private void Run(INode root)
    {
        stack.Push(new Frame(root.ChildNodes, null, null, null));
        while (stack.Count > 0)
        {
            var frame = stack.Peek();
            if (frame.Next == frame.Children.Length)
            {
                stack.Pop();
                Leave(frame);
                continue;
            }

            switch (frame.Children[frame.Next++])
            {
                case IElement element:
                    Enter(element);
                    break;
                case IText node:
                    OnText(node.Data);
                    break;
            }
        }
    }

    private void OnText(string data)
    {
        if (text is not null)
            TableDraft.Append(text, data);
        else
            footnote ??= EditionDates.FromFootnote(data);
    }

    private void Enter(IElement element)
    {
        var name = element.LocalName;
        if (text is not null && Visibility.IsSilent(element) && name is not ("td" or "th"))
            return;
        switch (name)
        {
            case "script":
                if (element.GetAttribute("type") == "application/ld+json")
                    declared ??= EditionDates.FromLinkedData(element.TextContent);
                return;
            case "style" or "noscript" or "template":
                return;
            case "meta":
                var key = element.GetAttribute("name") ?? element.GetAttribute("property") ?? element.GetAttribute("http-equiv");
                declared ??= EditionDates.FromMeta(key, element.GetAttribute("content"));
                return;
            case "td" or "th" when Visibility.IsGone(element):
                return;
        }

        if (text is not null && Visibility.IsBreak(element))
            text.Append(' ');
        stack.Push(new Frame(element.ChildNodes, element, text, table));
        switch (name)
        {
            case "title" when title is null && table is null && element.NamespaceUri != NamespaceNames.SvgUri:
            case "h1" when heading is null && table is null:
            case "caption" or "td" or "th":
                text = new StringBuilder();
                break;
            case "table":
                table = new TableDraft(table, drafts.Count);
                drafts.Add(table);
                text = null;
                break;
            case "thead" or "tbody" or "tfoot":
                table?.BeginGroup(name == "thead");
                break;
        }
    }

    private void Leave(Frame frame)
    {
        if (frame.Element is not { } element)
            return;
        var own = text;
        (text, table) = (frame.Text, frame.Table);
        if (text is not null && Visibility.IsBreak(element))
            text.Append(' ');
        switch (element.LocalName)
        {
            case "title" when own is not null && title is null && !ReferenceEquals(own, text):
                title = CellText.Clean(own.ToString());
                break;
            case "h1" when own is not null && heading is null && !ReferenceEquals(own, text):
                heading = CellText.Clean(own.ToString());
                break;
            case "caption" when own is not null:
                table?.EndCaption(own);
                break;
            case "td" or "th" when own is not null:
                var shown = Visibility.IsSilent(element) ? own.Clear() : own;
                table?.EndCell(shown, element.LocalName == "th", Span(element, "rowspan", 0), Span(element, "colspan", 1));
                break;
            case "tr":
                table?.EndRow(element.SourceReference?.Position.Line);
                break;
        }
    }

    /// <summary>A span; what is no number is 1, and too large a number is the grid's to clamp.</summary>
    private static int Span(IElement element, string attribute, int least)
    {
        if (element.GetAttribute(attribute) is not { } value)
            return 1;
        var digits = value.AsSpan().Trim();
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        digits = end < 0 ? digits : digits[..end];
        if (digits.IsEmpty)
            return 1;
        return int.TryParse(digits, System.Globalization.CultureInfo.InvariantCulture, out var span) ? Math.Max(least, span) : int.MaxValue;
    }

    /// <summary>An element whose children are being walked over, and what is to be gone on with after it.</summary>
    private sealed class Frame(INodeList children, IElement? element, StringBuilder? text, TableDraft? table)
    {
        public INodeList Children { get; } = children;

        public IElement? Element { get; } = element;

        public StringBuilder? Text { get; } = text;

        public TableDraft? Table { get; } = table;

        public int Next { get; set; }
    }
}
