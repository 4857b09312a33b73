namespace Etl.Domain.Jobs;

/// <summary>One input with the options that change its answer, worked on until it is finished. Survives processes.</summary>
/// <remarks>
/// A class, as <see cref="BatchId"/> is: as structs the two made the runtime compile 400 generic methods of its collections anew at each
/// start, 7 % of a page's run.
/// </remarks>
public sealed record JobId(Guid Value)
{
    /// <summary>32 hexadecimal digits: safe in actor names, persistence ids and file names.</summary>
    public override string ToString() => Value.ToString("N");

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string? text, out JobId id)
    {
        var ok = Guid.TryParseExact(text, "N", out var value);
        id = new(value);
        return ok;
    }
}

/// <summary>One process's attempt at a job.</summary>
public readonly record struct RunId(Guid Value)
{
    /// <inheritdoc cref="JobId.ToString" />
    public override string ToString() => Value.ToString("N");
}

/// <summary>
/// A batch of a job: its split and its number within it. A function of the input and the batch size alone, never of timing, so the
/// same batch has the same content after any crash; that is what makes deduplication by id sound.
/// </summary>
public sealed record BatchId(int Split, int Ordinal) : IComparable<BatchId>
{
    /// <inheritdoc />
    public int CompareTo(BatchId? other) =>
        other is null ? 1 : Split.CompareTo(other.Split) is var c and not 0 ? c : Ordinal.CompareTo(other.Ordinal);

    /// <summary>"split/ordinal", as it stands in logs.</summary>
    public override string ToString() => $"{Split}/{Ordinal}";
}

/// <summary>Where a row stands in the source; the order of places is total within a job.</summary>
/// <param name="Input">Number of the input, from 0.</param>
/// <param name="Position">Row number of a page (from 1), byte offset of a file.</param>
public readonly record struct Place(int Input, long Position) : IComparable<Place>
{
    /// <inheritdoc />
    public int CompareTo(Place other) =>
        Input.CompareTo(other.Input) is var c and not 0 ? c : Position.CompareTo(other.Position);
}
