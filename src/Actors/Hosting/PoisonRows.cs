using System.Diagnostics;
using System.Text;
using Etl.Domain.Map;

namespace Etl.Actors.Hosting;

/// <summary>What a row does to who maps it.</summary>
internal enum Poison
{
    /// <summary>An exception, where the row is known.</summary>
    Throw = 1,

    /// <summary>An exception where no row is known, as from code that looks at many at once.</summary>
    ThrowUnnamed,

    /// <summary>The end of the process.</summary>
    Kill,
}

/// <summary>Rows that crash who maps them, on purpose: those whose text contains one of the texts that were asked for.</summary>
internal sealed class PoisonRows
{
    private readonly List<(byte[] Text, Poison Poison)> rows = [];

    /// <summary>Such rows are poisonous from here on.</summary>
    public void Add(string text, Poison poison) => rows.Add((Encoding.UTF8.GetBytes(text), poison));

    /// <summary>For a mapper's cursor.</summary>
    /// <exception cref="InjectedFaultException">The row is poisonous.</exception>
    public void Meet(RowCursor cursor, ReadOnlySpan<byte> row)
    {
        foreach (var (text, poison) in rows)
        {
            if (row.IndexOf(text) < 0) continue;
            if (poison == Poison.Kill) Process.GetCurrentProcess().Kill();
            if (poison == Poison.ThrowUnnamed) cursor.Position = null;
            throw new InjectedFaultException($"injected fault at a row with {Encoding.UTF8.GetString(text)}");
        }
    }
}
