using Etl.Domain;
using Etl.Domain.Map;

namespace Etl.Actors.Serialization;

/// <summary>Tallies of batches to and from their stored form. The lists are stored in their canonical order, so they are taken as they are.</summary>
internal static class TallyMapping
{
    public static Stored.BatchTally ToStored(this BatchTally tally) => new()
    {
        Read = tally.Read,
        Records = tally.Records,
        Missing = tally.Missing,
        Aggregates = tally.Aggregates,
        Quarantined = tally.Quarantined,
        Rounded = tally.Rounded,
        MissingCountries = { tally.MissingCountries },
        AggregatesSeen = { tally.AggregatesSeen.Select(ToStored) },
        Rejections = { tally.Rejections.Select(ToStored) },
        Notes = { tally.Notes.Select(ToStored) },
        NotesTotal = tally.NotesTotal,
    };

    public static BatchTally FromStored(this Stored.BatchTally stored) => new(
        stored.Read,
        stored.Records,
        stored.Missing,
        stored.Aggregates,
        stored.Quarantined,
        stored.Rounded,
        stored.MissingCountries.ToEquatableArray(),
        stored.AggregatesSeen.Select(FromStored).ToEquatableArray(),
        stored.Rejections.Select(FromStored).ToEquatableArray(),
        stored.Notes.Select(FromStored).ToEquatableArray(),
        stored.NotesTotal);

    private static Stored.AggregateSeen ToStored(AggregateSeen seen) => new()
    {
        Name = seen.Name,
        Year = seen.Year,
        Rows = seen.Rows,
        Amount = Varint128.ToStored(seen.Amount.Pico),
        Read = seen.Read,
    };

    private static AggregateSeen FromStored(Stored.AggregateSeen stored) =>
        new(stored.Name, stored.Year, stored.Rows, new(Varint128.FromStored(stored.Amount)), stored.Read);

    private static Stored.Rejection ToStored(Rejection rejection)
    {
        var stored = new Stored.Rejection
        {
            Input = rejection.Place.Input,
            Position = rejection.Place.Position,
            Column = rejection.Column,
            Text = rejection.Text,
            Reason = rejection.Reason,
        };
        if (rejection.Line is { } line) stored.Line = line;
        return stored;
    }

    private static Rejection FromStored(Stored.Rejection stored) => new(
        new(stored.Input, stored.Position), stored.HasLine ? stored.Line : null, stored.Column, stored.Text, stored.Reason);

    private static Stored.RowNote ToStored(RowNote note) =>
        new() { Input = note.Place.Input, Position = note.Place.Position, Text = note.Text };

    private static RowNote FromStored(Stored.RowNote stored) => new(new(stored.Input, stored.Position), stored.Text);
}
