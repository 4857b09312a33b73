namespace Etl.Domain.Map;

/// <summary>The grammar of a decimal number, and its exact value. Works on digits: no step can overflow or lose one.</summary>
internal ref struct DecimalText
{
    private const int MaximumDigits = 40, MaximumExponent = 40;

    // 10^15 USD in units of 10^-12 USD has this many digits.
    private const int LargestLength = 28;

    private readonly ReadOnlySpan<char> _text;
    private readonly Span<char> _digits;
    private int _position;
    private int _digitCount;
    private int _decimals;
    private int _exponent;

    private DecimalText(ReadOnlySpan<char> text, Span<char> digits)
    {
        _text = text;
        _digits = digits;
    }

    /// <summary>Reads sign, currency, digits, fraction and exponent; null when that went well, else one of <see cref="NumberReasons"/>.</summary>
    /// <param name="text">Trimmed, with spaces and dashes of one kind each.</param>
    /// <param name="unitExponent">The power of ten of the unit in 10^-12 USD.</param>
    /// <param name="amount">In 10^-12 USD.</param>
    /// <param name="rounded">Finer digits were rounded half to even.</param>
    public static string? TryRead(ReadOnlySpan<char> text, int unitExponent, out Int128 amount, out bool rounded)
    {
        amount = 0;
        rounded = false;
        var rest = WithoutSign(text, out var negative);
        if (rest.IsEmpty || rest.ContainsAnyExcept("0123456789,. eE+-"))
            return NumberReasons.NotANumber;

        var number = new DecimalText(rest, stackalloc char[MaximumDigits]);
        if (number.Scan() is { } reason)
            return reason;
        return negative ? NumberReasons.Negative : number.Evaluate(unitExponent, out amount, out rounded);
    }

    private static ReadOnlySpan<char> WithoutSign(ReadOnlySpan<char> text, out bool negative)
    {
        var rest = TakeSign(text, out var sign);
        if (rest.StartsWith("US$"))
            rest = rest[3..].TrimStart();
        else if (rest.StartsWith('$'))
            rest = rest[1..].TrimStart();
        if (sign == default)
            rest = TakeSign(rest, out sign);
        negative = sign == '-';
        return rest;
    }

    private static ReadOnlySpan<char> TakeSign(ReadOnlySpan<char> text, out char sign)
    {
        sign = default;
        if (text.IsEmpty || text[0] is not ('+' or '-'))
            return text;
        sign = text[0];
        return text[1..].TrimStart();
    }

    private string? Scan()
    {
        if (ScanInteger() is { } grouping)
            return grouping;
        if (Take('.') && ScanFraction() is { } fraction)
            return fraction;
        if (_digitCount == 0)
            return NumberReasons.NotANumber;
        if ((Take('e') || Take('E')) && ScanExponent() is { } exponent)
            return exponent;
        if (_position != _text.Length)
            return NumberReasons.NotANumber;
        return _digitCount > MaximumDigits ? NumberReasons.TooManyDigits : null;
    }

    private string? ScanInteger()
    {
        var group = ScanDigits();
        if (Current is not (',' or ' '))
            return null;
        if (group is 0 or > 3)
            return NumberReasons.Grouping;
        var separator = Current;
        while (Take(separator))
        {
            if (ScanDigits() != 3)
                return NumberReasons.Grouping;
        }

        return Current is ',' or ' ' ? NumberReasons.Grouping : null;
    }

    private string? ScanFraction()
    {
        _decimals = ScanDigits();
        return Current switch
        {
            '.' => NumberReasons.DecimalPoints,
            ',' or ' ' => NumberReasons.Grouping,
            _ => _decimals == 0 ? NumberReasons.NotANumber : null,
        };
    }

    private string? ScanExponent()
    {
        var negative = Take('-');
        if (!negative)
            Take('+');
        var start = _position;
        while (char.IsAsciiDigit(Current))
            // The text is bounded, the number of its digits too; beyond the limit only "too large" matters.
            _exponent = Math.Min((_exponent * 10) + (_text[_position++] - '0'), MaximumExponent + 1);
        if (_position == start || _position != _text.Length)
            return NumberReasons.NotANumber;
        if (_exponent > MaximumExponent)
            return NumberReasons.Exponent;
        if (negative)
            _exponent = -_exponent;
        return null;
    }

    private int ScanDigits()
    {
        var start = _position;
        for (; char.IsAsciiDigit(Current); _position++)
        {
            if (_digitCount < MaximumDigits)
                _digits[_digitCount] = _text[_position];
            _digitCount++;
        }

        return _position - start;
    }

    private readonly char Current => _position < _text.Length ? _text[_position] : '\0';

    private bool Take(char character)
    {
        if (Current != character)
            return false;
        _position++;
        return true;
    }

    private readonly string? Evaluate(int unitExponent, out Int128 amount, out bool rounded)
    {
        amount = 0;
        rounded = false;
        var digits = _digits[.._digitCount].TrimStart('0');
        if (digits.IsEmpty)
            return null;

        // The value is the digits times ten to this power, so its whole part has this many digits.
        var power = unitExponent + _exponent - _decimals;
        var length = digits.Length + power;
        if (length > LargestLength)
            return NumberReasons.Absurd;

        var whole = digits[..Math.Clamp(length, 0, digits.Length)];
        amount = Whole(whole) * Money.PowerOfTen(Math.Max(length, 0) - whole.Length);
        ReadOnlySpan<char> finer = length >= digits.Length ? default : digits[whole.Length..];
        rounded = finer.ContainsAnyExcept('0');
        // With a negative length the first digit left out stands below the tenth: less than a half.
        if (rounded && length >= 0 && RoundsUp(finer, Int128.IsOddInteger(amount)))
            amount++;
        return amount > Money.PowerOfTen(LargestLength - 1) ? NumberReasons.Absurd : null;
    }

    private static Int128 Whole(ReadOnlySpan<char> digits)
    {
        // Nearly every figure fits 64 bits, whose arithmetic is several times faster.
        var narrow = 0UL;
        var first = Math.Min(digits.Length, 18);
        for (var index = 0; index < first; index++)
            narrow = (narrow * 10) + (ulong)(digits[index] - '0');
        Int128 whole = narrow;
        foreach (var digit in digits[first..])
            whole = (whole * 10) + (digit - '0');
        return whole;
    }

    private static bool RoundsUp(ReadOnlySpan<char> finer, bool odd) =>
        finer[0] > '5' || (finer[0] == '5' && (odd || finer[1..].ContainsAnyExcept('0')));
}
