namespace Etl.Actors.Extract.Sources.Wikipedia;

/// <summary>The elements that are open at one place of a markup, about as a parser would have them.</summary>
internal sealed class OpenElements
{
    private readonly List<ulong> stack = [];
    private readonly Stack<int[]> outer = new();
    private int[] formatting = new int[Tags.Formatting.Length];
    private int foreign;

    /// <summary>How many are nested.</summary>
    public int Depth => stack.Count;

    /// <summary>How many formatting elements would be opened again by the next paragraph.</summary>
    public int Formatting { get; private set; }

    /// <summary>True inside a drawing or a formula, where other rules hold.</summary>
    public bool IsForeign => foreign > 0;

    /// <summary>A start tag was met.</summary>
    public void Open(ReadOnlySpan<char> name, bool selfClosing)
    {
        var tag = Tags.Code(name);
        if (Tags.Blocks.Contains(tag))
            PopTo(tag => tag == Tags.Paragraph, Tags.Boundaries);
        var (closes, upTo) = Tags.FamilyOf(tag);
        while (closes.Count > 0 && PopTo(closes.Contains, upTo)) { }

        if (Tags.Void.Contains(tag) || (selfClosing && IsForeign))
            return;

        var kind = Array.IndexOf(Tags.Formatting, tag);
        if (kind >= 0 && !(tag == Tags.Anchor && formatting[kind] > 0))
        {
            formatting[kind]++;
            Formatting++;
        }

        stack.Add(tag);
        foreign += Tags.Foreign.Contains(tag) ? 1 : 0;
        if (Tags.Cells.Contains(tag))
        {
            outer.Push(formatting);
            formatting = new int[Tags.Formatting.Length];
            Formatting = 0;
        }
    }

    /// <summary>An end tag was met; false when nothing was open that it ends.</summary>
    public bool Close(ReadOnlySpan<char> name)
    {
        var sought = Tags.Code(name);
        var kind = Array.IndexOf(Tags.Formatting, sought);
        if (kind >= 0 && formatting[kind] > 0)
        {
            formatting[kind]--;
            Formatting--;
        }

        return PopTo(tag => tag == sought, Tags.TableParts.Contains(sought) ? Tags.TableOnly : Tags.Boundaries);
    }

    /// <summary>Closes everything down to the nearest element that fits, unless a boundary stands before it.</summary>
    private bool PopTo(Func<ulong, bool> fits, HashSet<ulong> boundaries)
    {
        for (var i = stack.Count - 1; i >= 0; i--)
        {
            if (fits(stack[i]))
            {
                while (stack.Count > i)
                    Pop();
                return true;
            }

            if (boundaries.Contains(stack[i]))
                return false;
        }

        return false;
    }

    private void Pop()
    {
        var tag = stack[^1];
        stack.RemoveAt(stack.Count - 1);
        foreign -= Tags.Foreign.Contains(tag) ? 1 : 0;
        if (!Tags.Cells.Contains(tag))
            return;
        formatting = outer.Pop();
        Formatting = formatting.Sum();
    }
}
