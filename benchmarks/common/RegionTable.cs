using System.Text;

namespace Etl.Benchmarks;

/// <summary>A country of regions.csv.</summary>
/// <param name="Written">The field as a CSV file has it, quotes included, in UTF-8.</param>
/// <param name="Name">The field's value.</param>
/// <param name="Region">Its region.</param>
internal sealed record RegionRow(byte[] Written, string Name, string Region);

/// <summary>Reads regions.csv. The order of its lines is part of the workload: the generator draws countries by their number.</summary>
internal static class RegionTable
{
    /// <summary>The rows in the order of the file, which has a header and two columns; only the first may be quoted.</summary>
    public static RegionRow[] Read(string path)
    {
        var rows = new List<RegionRow>();
        foreach (var line in File.ReadLines(path).Skip(1))
        {
            if (line.Length == 0) continue;
            var comma = line.LastIndexOf(',');
            var written = line[..comma];
            var name = written.StartsWith('"') ? written[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : written;
            rows.Add(new(Encoding.UTF8.GetBytes(written), name, line[(comma + 1)..]));
        }

        return [.. rows];
    }
}
