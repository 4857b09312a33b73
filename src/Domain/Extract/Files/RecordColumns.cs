using System.Collections.Immutable;
using Etl.Domain.Countries;
using Etl.Domain.Jobs;

namespace Etl.Domain.Extract.Files;

/// <summary>Which of a file's columns (or properties) are country, year and value: those that were asked for, else those recognised.</summary>
/// <param name="Year">-1 when no column tells the year.</param>
/// <param name="Refusal">Null when all is found that is needed.</param>
internal readonly record struct RecordColumns(int Country, int Year, int Value, LayoutReading.Refused? Refusal)
{
    private const int None = -1;

    /// <summary>Finds the columns. "column" or "property" is what they are called for people.</summary>
    public static RecordColumns Choose(ImmutableArray<string> names, RecordOptions options, string noun)
    {
        var choice = new Choice(names, noun);
        // Those with a name first: what is taken is not up for recognition.
        var country = choice.Named("country", options.Country);
        var year = choice.Named("year", options.Year);
        var value = choice.Named("gdp", options.Value);
        if (options.Country is null)
            country = choice.Recognised("countries", NameRank.Country);
        if (options.Year is null)
            year = choice.Recognised("years", NameRank.Year);
        if (options.Value is null)
            value = choice.Recognised("values", NameRank.Value);
        if (country == None)
            choice.Refuse($"no {noun} of countries was recognised");
        if (value == None)
            choice.Refuse($"no {noun} of GDP values was recognised");
        return new RecordColumns(country, year, value, choice.Refusal);
    }

    /// <summary>A choice under way; the first problem stays.</summary>
    private sealed class Choice(ImmutableArray<string> names, string noun)
    {
        private const int Usage = 2;

        private readonly List<int> taken = [];

        public LayoutReading.Refused? Refusal { get; private set; }

        public int Named(string key, string? asked)
        {
            if (asked is null)
                return None;
            var found = Matches(asked, StringComparison.Ordinal);
            if (found.Count == 0)
                found = Matches(asked, StringComparison.OrdinalIgnoreCase);
            if (found.Count == 0)
                Refuse($"there is no {noun} '{asked}' for {key}" + (NearestWord.Find(asked, names) is { } near ? $"; did you mean {near}?" : ""));
            else if (found.Count > 1)
                Refuse($"{found.Count} {RefusedNames.Plural(noun)} are called '{asked}': rename all but one");
            else if (taken.Contains(found[0]))
                Refuse($"the {noun} '{asked}' is asked for twice");
            else
                return Take(found[0]);
            return None;
        }

        public int Recognised(string what, Func<string, int?> rankOf)
        {
            var ranked = Enumerable.Range(0, names.Length).Except(taken)
                .Select(index => (Index: index, Rank: rankOf(names[index]))).Where(entry => entry.Rank is not null).ToList();
            if (ranked.Count == 0)
                return None;
            var best = ranked.Min(entry => entry.Rank);
            var found = ranked.Where(entry => entry.Rank == best).ToList();
            if (found.Count > 1)
                Refuse($"{found.Count} {RefusedNames.Plural(noun)} could be the {what} ({RefusedNames.List(found.Select(entry => names[entry.Index]))})");
            return Take(found[0].Index);
        }

        public void Refuse(string problem) => Refusal ??= new LayoutReading.Refused(
            Usage, $"{problem}; the {RefusedNames.Plural(noun)} are {RefusedNames.List(names)}; {RefusedNames.Remedy(names)}");

        private int Take(int index)
        {
            taken.Add(index);
            return index;
        }

        private List<int> Matches(string asked, StringComparison comparison)
        {
            var sought = CanonicalText.Compose(asked.Trim());
            return [.. Enumerable.Range(0, names.Length).Where(index => CanonicalText.Compose(names[index]).Equals(sought, comparison))];
        }
    }
}
