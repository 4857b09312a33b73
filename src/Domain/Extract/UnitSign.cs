using Etl.Domain.Map;

namespace Etl.Domain.Extract;

/// <summary>What a title, caption or header says about the unit: how many, and of which money. Null says nothing.</summary>
/// <param name="Scale">The one scale that is named.</param>
/// <param name="OddScale">Words of a scale that is no unit of ours, or of two scales at once.</param>
/// <param name="IsUsd">US dollars are named, and no other money.</param>
/// <param name="OddCurrency">The other money that is named.</param>
internal readonly record struct UnitSign(Unit? Scale, string? OddScale, bool IsUsd, string? OddCurrency)
{
    private static readonly Dictionary<string, Unit> Scales = new(StringComparer.Ordinal)
    {
        ["thousand"] = Unit.Thousand,
        ["thousands"] = Unit.Thousand,
        ["000"] = Unit.Thousand,
        ["000s"] = Unit.Thousand,
        ["million"] = Unit.Million,
        ["millions"] = Unit.Million,
        ["mm"] = Unit.Million,
        ["mn"] = Unit.Million,
        ["mln"] = Unit.Million,
        ["mio"] = Unit.Million,
        ["mil"] = Unit.Million,
        ["mill"] = Unit.Million,
        ["billion"] = Unit.Billion,
        ["billions"] = Unit.Billion,
        ["bn"] = Unit.Billion,
        ["bln"] = Unit.Billion,
        ["bil"] = Unit.Billion,
    };

    // One letter is a scale only directly after the money: "US$ m", "$b".
    private static readonly Dictionary<string, Unit> Letters = new(StringComparer.Ordinal)
    {
        ["k"] = Unit.Thousand,
        ["m"] = Unit.Million,
        ["b"] = Unit.Billion,
    };

    private static readonly HashSet<string> OtherMoney = new(StringComparer.Ordinal)
    {
        "eur", "euro", "euros", "gbp", "pound", "pounds", "sterling", "jpy", "yen", "cny", "rmb", "yuan", "renminbi", "inr", "rupee", "rupees",
        "rub", "ruble", "rubles", "rouble", "roubles", "chf", "franc", "francs", "cad", "aud", "nzd", "hkd", "sgd", "twd", "krw", "won", "brl",
        "reais", "mxn", "peso", "pesos", "lira", "dinar", "dinars", "sek", "nok", "dkk", "krona", "kronor", "krone", "kroner", "zar",
        "rand", "pln", "zloty", "idr", "rupiah", "sar", "riyal", "riyals", "aed", "dirham", "dirhams", "sdr", "sdrs", "xdr",
    };

    // What may stand before "$" or "dollars" when US dollars are meant; another country's adjective or letter makes it other money.
    private static readonly HashSet<string> OtherDollars = new(StringComparer.Ordinal)
    {
        "a", "au", "aus", "c", "ca", "can", "nz", "hk", "s", "sg", "nt", "r", "mex", "j", "tt", "z", "bz",
        "australian", "canadian", "zealand", "kong", "singapore", "taiwan", "jamaican", "namibian", "fijian", "zimbabwean", "liberian",
        "bahamian", "barbadian", "caribbean", "international",
    };

    /// <summary>Reads one text; null says nothing.</summary>
    public static UnitSign Of(string? text)
    {
        var words = Words.Of(text);
        Unit? scale = null;
        string? oddScale = null, otherMoney = null;
        var usd = false;
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (ScaleOf(words, i) is { } found)
            {
                oddScale ??= scale is { } earlier && earlier != found ? $"both {earlier} and {found}".ToLowerInvariant() : null;
                scale = found;
            }
            else if (word is "trillion" or "trillions" or "crore" or "crores" or "lakh")
                oddScale ??= word;
            else if (word == "usd")
                usd = true;
            else if (word is "$" or "dollar" or "dollars")
            {
                if (i > 0 && OtherDollars.Contains(words[i - 1]))
                    otherMoney ??= words[i - 1] + (word == "$" ? "$" : " " + word);
                else
                    usd = true;
            }
            else if (OtherMoney.Contains(word) || (word.Length == 1 && !char.IsLetterOrDigit(word[0]) && word[0] != '%'))
                otherMoney ??= word;
        }

        return new UnitSign(oddScale is null ? scale : null, oddScale, usd && otherMoney is null, otherMoney);
    }

    private static Unit? ScaleOf(Words words, int i)
    {
        if (Scales.TryGetValue(words[i], out var scale))
            return scale;
        return i > 0 && words[i - 1] is "$" or "usd" or "dollars" && Letters.TryGetValue(words[i], out scale) ? scale : null;
    }
}
