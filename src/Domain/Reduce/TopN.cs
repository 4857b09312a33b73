using Etl.Domain.Load;

namespace Etl.Domain.Reduce;

/// <summary>The N largest by exact value; ties break on the country code, so the order is total.</summary>
public static class TopN
{
    /// <summary>The <paramref name="n"/> largest of <paramref name="rows"/>, highest first; fewer when there are fewer.</summary>
    public static IEnumerable<CountryRow> Take(IEnumerable<CountryRow> rows, int n) =>
        rows.OrderByDescending(r => r.Gdp).ThenBy(r => r.Code).Take(n);
}
