using Etl.Domain.Reduce;

namespace Etl.Domain.Load;

/// <summary>A (country, year) of a region, before the years are chosen.</summary>
internal readonly record struct Candidate(int Region, AggregateKey Key, Aggregate Value)
{
    /// <summary>The amount that is ranked: identical duplicates collapse to one, contributions add up.</summary>
    public Map.Money Amount => Value.First is null ? Value.Sum : Value.First.Amount;
}
