namespace Etl.Benchmarks.Generator;

/// <summary>
/// Writes one block of rows into memory. The order of the draws is the format: country, year, malformed or not, and for a value how many
/// digits before the point, those digits, how many after it, those digits.
/// </summary>
internal ref struct BlockWriter(Span<byte> buffer, Workload workload, long block)
{
    /// <summary>More than the longest row: 32 bytes of name, a year, a value of nine characters.</summary>
    public const int LongestRow = 64;

    private const int MalformedOneIn = 100_000;

    private readonly Span<byte> _buffer = buffer;
    private SplitMix64 _random = new(workload.Seed, block);

    public int Length { get; private set; }

    public int Malformed { get; private set; }

    public void Write(int rows)
    {
        while (rows-- > 0) WriteRow();
    }

    private void WriteRow()
    {
        var country = workload.Countries[_random.Below(workload.Countries.Length)];
        var year = workload.FirstYear + _random.Below(workload.Years);
        var fault = Fault.None;
        if (_random.Below(MalformedOneIn) == 0)
        {
            fault = (Fault)(1 + _random.Below(3));
            Malformed++;
        }

        Append(fault == Fault.UnknownCountry ? "Atlantis"u8 : country);
        Append((byte)',');
        AppendDigits(year, 4);
        Append((byte)',');
        if (fault == Fault.NotAvailable) Append("n/a"u8);
        else if (fault != Fault.Empty) WriteValue();
        Append((byte)'\n');
    }

    /// <summary>0.001 to 99999.999 million: one to five digits before the point, none to three after it, never zero.</summary>
    private void WriteValue()
    {
        ReadOnlySpan<int> powers = [1, 10, 100, 1_000, 10_000, 100_000];
        var whole = _random.Below(powers[1 + _random.Below(5)]);
        var decimals = _random.Below(4);
        var fraction = _random.Below(powers[decimals]);
        if (whole + fraction == 0) whole = 1;
        AppendDigits(whole, 1);
        if (decimals == 0) return;
        Append((byte)'.');
        AppendDigits(fraction, decimals);
    }

    private void AppendDigits(int number, int atLeast)
    {
        var width = atLeast;
        for (var (rest, digits) = (number, 0); rest > 0; rest /= 10) width = Math.Max(width, ++digits);
        for (var at = Length + width - 1; at >= Length; at--, number /= 10) _buffer[at] = (byte)('0' + (number % 10));
        Length += width;
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_buffer[Length..]);
        Length += text.Length;
    }

    private void Append(byte one) => _buffer[Length++] = one;

    private enum Fault
    {
        None = 0,
        UnknownCountry = 1,
        Empty = 2,
        NotAvailable = 3,
    }
}
