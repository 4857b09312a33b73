using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Etl.Domain.Reduce;

/// <summary>
/// A running sum of partials, which is changed in place: combining n of them pairwise makes n arrays of entries, this makes one and
/// another only when a partial brings a new key. Not for sharing; what it comes to is <see cref="PartialAggregate"/>'s
/// <see cref="PartialAggregate.Combine"/> of all that was added.
/// </summary>
public sealed class PartialSum
{
    private AggregateEntry[] entries = [];

    /// <summary>Adds a partial.</summary>
    /// <exception cref="OverflowException">A sum is beyond what an amount can be.</exception>
    public void Add(PartialAggregate partial)
    {
        var added = partial.Entries.AsSpan();
        if (entries.Length == 0)
        {
            entries = added.ToArray();
            return;
        }

        // Nearly always: the regions' countries and the file's years are all there after the first batches.
        if (!AddKnown(added, out var done)) entries = Merge(entries, added[done..]);
    }

    /// <summary>The sum, which begins anew.</summary>
    public PartialAggregate Take()
    {
        var taken = entries;
        entries = [];
        return PartialAggregate.FromOrdered(ImmutableCollectionsMarshal.AsImmutableArray(taken));
    }

    /// <summary>Adds in place as long as keys are known; false at the first that is not, when <paramref name="done"/> are added.</summary>
    // Compiled fully at its first call: the first batches have thousands of keys each.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool AddKnown(ReadOnlySpan<AggregateEntry> added, out int done)
    {
        var own = entries.AsSpan();
        var at = 0;
        for (done = 0; done < added.Length; done++)
        {
            ref readonly var entry = ref added[done];
            // Mostly the next one.
            while (at < own.Length && own[at].Key != entry.Key && own[at].Key.CompareTo(entry.Key) < 0) at++;
            if (at == own.Length || own[at].Key != entry.Key) return false;
            own[at] = new(entry.Key, Aggregate.Combine(own[at].Value, entry.Value));
            at++;
        }

        return true;
    }

    private static AggregateEntry[] Merge(ReadOnlySpan<AggregateEntry> left, ReadOnlySpan<AggregateEntry> right)
    {
        var merged = new AggregateEntry[left.Length + right.Length];
        int l = 0, r = 0, count = 0;
        while (l < left.Length && r < right.Length)
        {
            merged[count++] = left[l].Key.CompareTo(right[r].Key) switch
            {
                < 0 => left[l++],
                > 0 => right[r++],
                _ => new(left[l].Key, Aggregate.Combine(left[l++].Value, right[r++].Value)),
            };
        }

        var rest = l < left.Length ? left[l..] : right[r..];
        rest.CopyTo(merged.AsSpan(count));
        Array.Resize(ref merged, count + rest.Length);
        return merged;
    }
}
