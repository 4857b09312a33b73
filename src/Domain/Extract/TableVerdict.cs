using Etl.Domain.Map;

namespace Etl.Domain.Extract;

/// <summary>A table whose rows can be taken.</summary>
internal sealed record Candidate(
    int Index, PageTable Table, TableHeader Header, ColumnHeader Country, ColumnHeader Value, ColumnHeader? Year, Unit Unit, int? HeaderYear,
    int Figures, EquatableArray<string> Warnings);

/// <summary>What one table of a page is to a request. Closed.</summary>
internal abstract record TableVerdict
{
    private TableVerdict() { }

    /// <summary>It has what is wanted.</summary>
    public sealed record Fits(Candidate Candidate) : TableVerdict;

    /// <summary>It looks like what is wanted, but must not be read.</summary>
    public sealed record Refuses(TableRefusal Refusal) : TableVerdict;

    /// <summary>It is some other table.</summary>
    public sealed record Unfit : TableVerdict
    {
        public static readonly Unfit Instance = new();
    }
}
