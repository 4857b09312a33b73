using System.Globalization;
using System.Text;

namespace Etl.Benchmarks;

/// <summary>
/// The answer as text, one form for all peers, so that a comparison of bytes tells whether they agree:
/// <c>year,region,average,country|country|...</c> in the order of year and region, then <c>rejected,N</c>.
/// </summary>
internal sealed class Answer
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds the largest sums of a region and year, highest first, in thousandths of a million.</summary>
    public void Add(int year, string region, ReadOnlySpan<(string Country, long Thousandths)> members)
    {
        long sum = 0;
        foreach (var member in members) sum = checked(sum + member.Thousandths);
        _text.Append(CultureInfo.InvariantCulture, $"{year},{region},{Mean(sum, members.Length)}");
        var separator = ',';
        foreach (var member in members)
        {
            _text.Append(separator).Append(member.Country);
            separator = '|';
        }

        _text.Append('\n');
    }

    /// <summary>Ends the answer and prints it.</summary>
    public void Print(long rejected)
    {
        _text.Append(CultureInfo.InvariantCulture, $"rejected,{rejected}\n");
        using var stdout = Console.OpenStandardOutput();
        stdout.Write(Encoding.UTF8.GetBytes(_text.ToString()));
    }

    /// <summary>The mean in millions with 4 decimals, half to even, in integers: no peer's arithmetic may decide a digit.</summary>
    private static string Mean(long thousandths, int count)
    {
        var (scaled, rest) = Math.DivRem(checked(thousandths * 10), count);
        if (rest * 2 > count || (rest * 2 == count && (scaled & 1) == 1)) scaled++;
        return string.Create(CultureInfo.InvariantCulture, $"{scaled / 10_000}.{scaled % 10_000:D4}");
    }
}
